"""What each agency says before a meeting: its information about each child, and how it attends."""
