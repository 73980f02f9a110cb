"""Queries: what a user asks of the registry, as SQL, and the results."""
