"""The datastore: files, their names, and how they are read and written."""

from .file_datastore import FileDatastore
from .file_uri import FileURI
from .formatter_factory import FormatterFactory
from .stored_file import FileRecords, StoredFile
from .templates import FileTemplates

__all__ = [
    "FileDatastore",
    "FileRecords",
    "FileTemplates",
    "FileURI",
    "FormatterFactory",
    "StoredFile",
]
