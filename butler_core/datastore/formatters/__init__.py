"""Formatters: how each kind of dataset is read from and written to a file."""
