"""A cell far longer than any name."""
