"""Reading datasets from their files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from butler_core.errors import (
    ButlerUserError,
    DatasetReadError,
    DatasetTypeNotSupportedError,
    FileIntegrityError,
    MissingFileError,
    MissingPackageError,
)

from .formatters.whole_file import component_of
from .locations import FileLocations
from .recorded_path import IN_ZIP, RecordedPath
from .stored_file import FileRecords, StoredFile
from .zip_members import extracted, member_info

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef
    from butler_core.storage_class import StorageClass, StorageClassFactory

    from .formatter_factory import FormatterFactory

__all__ = ["FileReader", "described"]


class FileReader:
    """Reads datasets from the files that their records name.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    formatters : `FormatterFactory`
        How files are read.
    storage_classes : `StorageClassFactory`
        What files hold.
    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        *,
        formatters: FormatterFactory,
        storage_classes: StorageClassFactory,
    ) -> None:
        self._locations = locations
        self._records = records
        self._formatters = formatters
        self._storage_classes = storage_classes

    def get(
        self,
        ref: DatasetRef,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        storage_class: StorageClass | str | None = None,
    ) -> Any:
        """Read a dataset, or a component of it.

        Parameters
        ----------
        ref : `DatasetRef`
            The dataset; a reference to a component asks for this component.
        component : `str`, optional
            Name of the component to return.
        parameters : `~collections.abc.Mapping`, optional
            Read parameters of the storage class.
        storage_class : `StorageClass` or `str`, optional
            What to return it as, if not what it is stored as.

        Raises
        ------
        MissingFileError
            There is no record of a file, or the file is gone.
        FileIntegrityError
            The file has not the size that was recorded.
        DatasetReadError
            The file cannot be read as what its record says.
        UnknownComponentError, UnknownParameterError
            The storage class has no such component or parameter.
        MissingPackageError
            A package that it needs, such as pandas, is not installed.
        TypeError
            The dataset cannot be returned as ``storage_class``.
        """
        component = component or ref.datasetType.component()
        stored, separate = self.stored(ref, component)
        kept = self._storage_classes.getStorageClass(stored.storage_class)
        part = None if separate else component
        parent = ref.datasetType.parentStorageClass
        if part is not None and parent is not None and part not in kept.allComponents():
            return self._of_converted(ref, stored, kept, parent, part, parameters, storage_class)
        result_class = kept if part is None else kept.component(part)
        kept.validateParameters(parameters)
        wanted = self._wanted(ref, component, storage_class, result_class)
        obj = self._read(ref, stored, kept, wanted, part, parameters or {})
        if obj is None or wanted.name == result_class.name:
            return obj
        return self._coerced(ref, wanted, obj)

    def _of_converted(
        self,
        ref: DatasetRef,
        stored: StoredFile,
        kept: StorageClass,
        parent: StorageClass,
        component: str,
        parameters: Mapping[str, Any] | None,
        override: StorageClass | str | None,
    ) -> Any:
        """Return a component that another storage class has, of the dataset made one of that."""
        kept.validateParameters(parameters)
        wanted = self._wanted(ref, component, override, parent.component(component))
        read = self._read(ref, stored, kept, parent, None, parameters or {})
        whole = self._coerced(ref, parent, read)
        return self._coerced(ref, wanted, _component_in_memory(whole, component, parent))

    def _coerced(self, ref: DatasetRef, wanted: StorageClass, obj: Any) -> Any:
        try:
            return wanted.coerce_type(obj)
        except TypeError as error:
            raise TypeError(f"{ref}: {error}") from error

    def stored(self, ref: DatasetRef, component: str | None) -> tuple[StoredFile, bool]:
        """Return the record to read, and whether the file is just the component's."""
        files = self._records.fetch(ref.id)
        if not files:
            raise MissingFileError(
                f"{ref} is not stored in {self._locations.root}: no record of a file"
            )
        whole = next((file for file in files if file.component is None), None)
        if whole is not None:
            return whole, False
        own = next((file for file in files if file.component == component), None)
        if own is not None:
            return own, True
        parts = ", ".join(sorted(str(file.component) for file in files))
        raise DatasetTypeNotSupportedError(
            f"{ref} is stored in parts ({parts}), which butler_core reads one by one: get "
            f"{ref.datasetType.nameAndComponent()[0]}.{files[0].component}, for instance"
        )

    def _wanted(
        self,
        ref: DatasetRef,
        component: str | None,
        override: StorageClass | str | None,
        result_class: StorageClass,
    ) -> StorageClass:
        if isinstance(override, str):
            return self._storage_classes.getStorageClass(override)
        if override is not None:
            return override
        if component is None or ref.isComponent():
            return ref.datasetType.storageClass
        return result_class

    def _read(
        self,
        ref: DatasetRef,
        stored: StoredFile,
        kept: StorageClass,
        wanted: StorageClass,
        component: str | None,
        parameters: Mapping[str, Any],
    ) -> Any:
        path = self._locations.path_of(stored.path, ref)
        if IN_ZIP not in stored.path:
            try:
                size = path.stat().st_size
            except OSError as error:
                raise MissingFileError(
                    f"{ref} has no file any more: {path} cannot be found ({error.strerror})"
                ) from error
            _check_size(ref, stored, path, size)
            return self._read_file(ref, stored, path, path, kept, wanted, component, parameters)
        place = RecordedPath.parse(stored.path)
        info = member_info(path, place, ref)
        shown = f"{info.filename} in {path}"
        _check_size(ref, stored, shown, info.file_size)
        with extracted(path, place, ref) as file:
            return self._read_file(ref, stored, file, shown, kept, wanted, component, parameters)

    def _read_file(
        self,
        ref: DatasetRef,
        stored: StoredFile,
        path: Path,
        shown: object,
        kept: StorageClass,
        wanted: StorageClass,
        component: str | None,
        parameters: Mapping[str, Any],
    ) -> Any:
        """Read a file, which errors shall name as ``shown``."""
        formatter = self._formatters.formatter(stored.formatter, kept, ref)
        if component is None and wanted.pytype_name in formatter.interchangeable:
            formatter.storage_class = wanted
        try:
            return formatter.read(path, component=component, parameters=parameters)
        except DatasetReadError as error:  # a formatter's, which names the file alone
            reason = str(error).replace(str(path), str(shown))
            raise DatasetReadError(f"{ref} cannot be read: {reason}") from error
        except (ButlerUserError, MemoryError):
            raise
        except ImportError as error:
            raise MissingPackageError(
                f"{ref} cannot be read as {wanted.name} ({error}); install the package {error.name}"
            ) from error
        except Exception as error:
            if isinstance(error, TypeError) and wanted.pytype_name != kept.pytype_name:
                raise TypeError(f"{ref} cannot be read as {wanted.name}: {error}") from error
            raise DatasetReadError(
                f"{ref} cannot be read from {shown} with {stored.formatter}: {described(error)}"
            ) from error


def _check_size(ref: DatasetRef, stored: StoredFile, shown: object, size: int) -> None:
    if size != stored.file_size and stored.file_size >= 0:
        raise FileIntegrityError(
            f"{ref} cannot be read: {shown} has {size} bytes, not the {stored.file_size} "
            "that were stored"
        )


def _component_in_memory(whole: Any, name: str, kind: StorageClass) -> Any:
    if "columns" not in kind.parameters:
        return component_of(whole, name)
    from butler_core.tables import component_of_table  # needs pyarrow

    return component_of_table(name, whole, kind.pytype_name)


def described(error: Exception) -> str:
    """Return the type and the text of an exception, as another's text shall say them."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
