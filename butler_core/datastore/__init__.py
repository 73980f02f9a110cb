"""The datastore: files, their names, and how they are read and written."""
