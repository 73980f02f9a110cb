"""Dataset types of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.model.dimensions import required
from conformance.model.refusals import RefusalKind, refuse


@dataclass(frozen=True, slots=True)
class DatasetTypeDefinition:
    """What a dataset type is.

    Attributes
    ----------
    name
        Its name.
    dimensions
        The dimensions it is defined with; `required` gives those of its data IDs.
    storage_class
        The name of its storage class.
    """

    name: str
    dimensions: tuple[str, ...]
    storage_class: str = "StructuredDataDict"

    @property
    def required(self) -> tuple[str, ...]:
        """The dimensions that its data IDs must have."""
        return required(self.dimensions)


class DatasetTypes:
    """The dataset types that are registered."""

    def __init__(self) -> None:
        self._definitions: dict[str, DatasetTypeDefinition] = {}

    def __iter__(self) -> Iterator[DatasetTypeDefinition]:
        return iter(self._definitions.values())

    def __contains__(self, name: str) -> bool:
        return name in self._definitions

    def __getitem__(self, name: str) -> DatasetTypeDefinition:
        refuse(name not in self and RefusalKind.MISSING_DATASET_TYPE)
        return self._definitions[name]

    def register(self, definition: DatasetTypeDefinition) -> bool:
        """Make sure that a dataset type is there; return whether it is new.

        Raises
        ------
        Refusal
            Raised where the name has another definition.
        """
        existing = self._definitions.setdefault(definition.name, definition)
        differs = (existing.required, existing.storage_class) != (
            definition.required,
            definition.storage_class,
        )
        refuse(differs and RefusalKind.CONFLICT)
        return existing is definition

    def remove(self, name: str) -> None:
        """Remove a dataset type; one that is not there is passed over."""
        self._definitions.pop(name, None)
