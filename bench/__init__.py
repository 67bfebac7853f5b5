"""How fast each source reads, and how much memory that takes: ``make bench``; never shipped."""
