"""The registry: the SQL database of what datasets a repository holds."""
