"""The exceptions of `butler_core`.

Each is a subclass of the exception that Rubin's Butler documents for the same
mistake, or of the builtin that its users catch.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

__all__ = [
    "ArgumentError",
    "BindValueError",
    "BoxError",
    "ButlerConfigError",
    "ButlerUserError",
    "CalibrationLookupError",
    "CollectionCycleError",
    "CollectionError",
    "CollectionExpressionError",
    "CollectionTypeError",
    "ComponentError",
    "ConflictingDefinitionError",
    "DataIdError",
    "DataIdValueError",
    "DatasetIdError",
    "DatasetNotFoundError",
    "DatasetReadError",
    "DatasetTypeDefinitionError",
    "DatasetTypeError",
    "DatasetTypeExpressionError",
    "DatasetTypeNotSupportedError",
    "DatasetWriteError",
    "DimensionNameError",
    "DimensionValueError",
    "DisplayError",
    "DisplayTypeError",
    "DisplayValueError",
    "EmptyQueryResultError",
    "EmptyZipFileError",
    "FileExtensionError",
    "FileIntegrityError",
    "FileTemplateError",
    "IncompatibleVersionError",
    "InconsistentDataIdError",
    "InconsistentRunError",
    "InconsistentUniverseError",
    "InvalidQueryError",
    "ManagerMismatchError",
    "MaskPlaneError",
    "MissingCollectionError",
    "MissingDatasetTypeError",
    "MissingFieldError",
    "MissingFileError",
    "MissingPackageError",
    "MissingRepositoryError",
    "MissingStorageClassError",
    "NoDefaultCollectionError",
    "NotADirectoryGivenError",
    "OrphanedRecordError",
    "PartlyIngestedError",
    "ReadOnlyError",
    "RecordKeyError",
    "RegistryError",
    "RepositoryError",
    "RepositoryExistsError",
    "RepositoryIndexError",
    "RepositoryLockedError",
    "StackError",
    "TransferError",
    "UnknownColumnError",
    "UnknownComponentError",
    "UnknownFormatterError",
    "UnknownParameterError",
    "UnknownRepositoryError",
    "UnstorableValueError",
    "UnstoredDatasetError",
    "UserExpressionError",
    "UserExpressionSyntaxError",
    "ZipFileError",
    "nearest",
]


class ButlerUserError(Exception):
    """Base of the errors that a user's input causes.

    The text is shown as it was written: a `KeyError` would quote it.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if len(self.args) == 1 else super().__str__()


class ButlerConfigError(ButlerUserError, ValueError):
    """The configuration of a repository cannot be used."""


class ArgumentError(ButlerUserError, TypeError):
    """A call does not take such an argument, or lacks one."""


class UnstorableValueError(ButlerUserError, ValueError):
    """A value cannot be held by the database."""


class RepositoryError(ButlerUserError, OSError):
    """The database of a repository is missing or damaged."""


class MissingRepositoryError(RepositoryError, FileNotFoundError):
    """There is no repository at this place."""


class RepositoryIndexError(RepositoryError, RuntimeError):
    """The index of labelled repositories cannot be used."""


class UnknownRepositoryError(RepositoryError, KeyError):
    """No repository has this label."""


class RepositoryExistsError(RepositoryError, FileExistsError):
    """There is a repository at this place already."""


class RepositoryLockedError(RepositoryError, TimeoutError):
    """Another process held the database longer than this Butler waits."""


class RegistryError(ButlerUserError):
    """Base of the errors of the registry."""


class IncompatibleVersionError(RepositoryError, RuntimeError):
    """The repository was made by managers of another version."""


class ManagerMismatchError(RepositoryError, RuntimeError):
    """The managers that butler.yaml names are not those of the database."""


class ConflictingDefinitionError(RegistryError):
    """Something of that name or data ID exists with another definition."""


class PartlyIngestedError(ConflictingDefinitionError, ValueError):
    """Some of the datasets of a file are stored already, and others are not."""


class OrphanedRecordError(RegistryError):
    """What was to be removed is still in use."""


class ReadOnlyError(ButlerUserError, TypeError):
    """A write was asked of a Butler that was opened for reading."""


class CollectionError(RegistryError):
    """Base of the errors about collections."""


class CollectionExpressionError(CollectionError, ArgumentError):
    """What was given names no collections."""


class CollectionTypeError(CollectionError, TypeError):
    """The operation is not defined for collections of this type."""


class CollectionCycleError(CollectionError, ValueError):
    """A chain would hold itself."""


class MissingCollectionError(CollectionError):
    """No collection has this name."""


class NoDefaultCollectionError(CollectionError):
    """No collections were given, and the Butler has no default."""


class DatasetTypeError(RegistryError):
    """Base of the errors about dataset types."""


class DatasetTypeDefinitionError(DatasetTypeError, ValueError):
    """A dataset type cannot be defined so."""


class DatasetTypeExpressionError(DatasetTypeError, ArgumentError):
    """What was given names no dataset types."""


class MissingDatasetTypeError(DatasetTypeError, KeyError):
    """No dataset type has this name."""


class ComponentError(DatasetTypeError, ValueError):
    """A component was given where a whole dataset is needed."""


class DatasetTypeNotSupportedError(DatasetTypeError, RuntimeError):
    """There is no formatter for datasets of this type."""


class MissingStorageClassError(ButlerUserError, KeyError):
    """No storage class has this name."""


class MissingPackageError(ButlerUserError, ImportError):
    """The package of a Python type is not installed."""


class UnknownComponentError(DatasetTypeError, KeyError):
    """The dataset type has no component of this name."""


class UnknownParameterError(ButlerUserError, KeyError):
    """A read was given a parameter that its storage class does not know."""


class UnknownColumnError(UnknownParameterError, ValueError):
    """A table that is read has no such column."""


class DatasetIdError(ButlerUserError, ValueError):
    """What was given is not the id of a dataset."""


class DatasetNotFoundError(ButlerUserError, LookupError):
    """No dataset matches."""


class CalibrationLookupError(DatasetNotFoundError):
    """More than one calibration is valid, or none is."""


class DatasetReadError(ButlerUserError, OSError):
    """The file of a dataset cannot be read."""


class FileIntegrityError(DatasetReadError, RuntimeError):
    """The file of a dataset has not the size that was recorded."""


class MissingFileError(ButlerUserError, FileNotFoundError):
    """The file of a dataset is not there."""


class DatasetWriteError(ButlerUserError, OSError, RuntimeError):
    """The file of a dataset cannot be written."""


class ExistingFileError(DatasetWriteError, FileExistsError):
    """There is a file already where one was to be made."""


class BoxError(ButlerUserError, ValueError):
    """A box of pixels reaches out of the image, or is none."""


class MaskPlaneError(ButlerUserError, KeyError):
    """A mask has no plane of this name, or no room for it."""


class MissingFieldError(ButlerUserError, KeyError):
    """A catalogue has no field of this name."""


class DataIdError(RegistryError):
    """Base of the errors about data IDs."""


class DataIdValueError(DataIdError, ValueError):
    """The value of a dimension in a data ID is of the wrong type or has no record."""


class InconsistentDataIdError(DataIdError, ValueError):
    """The values of a data ID contradict each other."""


class DimensionNameError(DataIdError, KeyError):
    """A dimension is missing from a data ID, or does not exist."""


class RecordKeyError(DimensionNameError, ValueError):
    """A record lacks the value of a dimension that it needs."""


class DimensionValueError(DataIdError, ValueError):
    """A data ID has a key that is no dimension, or a value that has no record."""


class DisplayError(ButlerUserError, RuntimeError):
    """A picture cannot be drawn."""


class DisplayTypeError(DisplayError, TypeError):
    """What is to be displayed is not an image."""


class DisplayValueError(DisplayError, ValueError):
    """An argument of the display makes no sense."""


class FileTemplateError(ButlerUserError, ValueError):
    """A template for the names of files cannot be used."""


class FileExtensionError(ButlerUserError, ValueError):
    """A file's name does not end as its formatter demands."""


class InconsistentRunError(ButlerUserError, ValueError):
    """The datasets of one file are of several runs, or there are none."""


class InconsistentUniverseError(ButlerUserError):
    """The dimensions of something are others in another universe."""


class UnknownFormatterError(ButlerUserError, ImportError):
    """No formatter has this name."""


class NotADirectoryGivenError(ButlerUserError, NotADirectoryError, ValueError):
    """What shall hold files is not a folder."""


class EmptyZipFileError(ButlerUserError, ValueError):
    """A Zip file was asked for, and nothing to put into it."""


class ZipFileError(ButlerUserError, zipfile.BadZipFile, ValueError):
    """A Zip file cannot be used: it is damaged, or not as `Butler` writes it."""


class UnstoredDatasetError(MissingFileError, ValueError):
    """There is no record of a file of a dataset."""


class TransferError(ButlerUserError, NotImplementedError, ValueError):
    """A file cannot be transferred in this way."""


class ExportFileError(ButlerUserError, ValueError):
    """A file with an export cannot be used."""


class StackError(ButlerUserError, RuntimeError):
    """The modules of the stack cannot be stood in for."""


class InvalidQueryError(ButlerUserError, ValueError):
    """A query cannot be understood."""


class UserExpressionError(InvalidQueryError):
    """What ``where`` says makes no sense: an unknown name, values of different types."""


class UserExpressionSyntaxError(UserExpressionError):
    """What ``where`` says follows no rule of its grammar."""


class BindValueError(UserExpressionError, TypeError):
    """A bound value is of a type that no column has."""


class EmptyQueryResultError(ButlerUserError, LookupError):
    """A query that had to find something found nothing.

    Parameters
    ----------
    reasons : `~collections.abc.Iterable` [ `str` ]
        Each says why.

    Attributes
    ----------
    reasons : `list` [ `str` ]
        The reasons.
    """

    def __init__(self, reasons: Iterable[str] = ()) -> None:
        self.reasons = list(reasons)
        super().__init__(self.reasons)

    def __str__(self) -> str:
        return "; ".join(self.reasons) or "the query found nothing"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that offers the known name closest to ``name``.

    Parameters
    ----------
    name : `str`
        What was given.
    known : `~collections.abc.Iterable` [ `str` ]
        What could have been given.

    Returns
    -------
    phrase : `str`
        ``"; did you mean 'calexp'?"``, or nothing if no known name is close.
    """
    import difflib

    by_folded = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""
