"""Source kinds, one file a kind; the table is in table.py."""
