"""What exists in an estate, and what can be asked of it in terms of a graph."""
