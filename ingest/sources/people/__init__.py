"""People and teams from CSV files, who owns what from a CSV register, and CODEOWNERS."""
