"""Word documents: facts in, bytes out. Knows no database, no page and no clock."""
