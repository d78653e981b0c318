"""The speed figures: each is a ratio of two things measured side by side in one run, never a time."""
