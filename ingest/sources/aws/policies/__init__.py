"""What AWS policies give, decided and not listed: patterns, regions, conditions, statements, evaluation."""
