"""The sources that are configured: what they are, when they are due, and how they are run."""
