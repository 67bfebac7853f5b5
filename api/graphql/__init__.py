"""The questions as GraphQL: one module a subject, list items with plain attributes only."""
