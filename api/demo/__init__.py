"""The sample estate: what is read in for the demo, and in which order."""
