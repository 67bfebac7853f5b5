"""Tests of the sample estate: what it shows, and that both stores say the same of it."""
