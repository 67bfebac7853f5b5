"""Who may write: bearer tokens, kept as digests, each with the source instances that it may speak as."""
