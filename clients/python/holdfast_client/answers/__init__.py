"""The answers, as frozen values: one class for each type of the server's schema, by subject."""
