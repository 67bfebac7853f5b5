"""The questions, one module each, and their answers; imports graph only."""
