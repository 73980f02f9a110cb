"""Ids of datasets, and how new ones are made."""

from __future__ import annotations

import enum
import os
import time
import uuid
from typing import TYPE_CHECKING, TypeAlias

from .errors import DatasetIdError

if TYPE_CHECKING:
    from .dataset_type import DatasetType
    from .dimensions import DataCoordinate

__all__ = ["DatasetId", "DatasetIdGenEnum", "make_dataset_id", "parsed_id", "uuid7_digits"]

DatasetId: TypeAlias = uuid.UUID
"""The id of a dataset."""

_NAMESPACE = uuid.UUID("840b31d9-05cd-5161-b2c8-00d32b280d0f")
"""``uuid5(NAMESPACE_DNS, "lsst.org")``, under which the format's ids are made."""

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""The digit that says the variant of a UUID, by a random one."""


class DatasetIdGenEnum(enum.Enum):
    """How the id of a new dataset is made."""

    UNIQUE = 0
    """Ordered in time, and never made again (UUID version 7)."""

    DATAID_TYPE = 1
    """The same for the same dataset type and data ID (UUID version 5)."""

    DATAID_TYPE_RUN = 2
    """The same for the same run, dataset type and data ID (UUID version 5)."""


def make_dataset_id(
    run: str, dataset_type: DatasetType, data_id: DataCoordinate, mode: DatasetIdGenEnum
) -> uuid.UUID:
    """Return the id of a new dataset.

    Deterministic ids are UUID version 5 of the format's own text:
    ``dataset_type=…[,run=…]`` and each required value, sorted by dimension.
    """
    if mode is DatasetIdGenEnum.UNIQUE:
        return uuid.UUID(hex=uuid7_digits(1)[0])
    items = [("dataset_type", dataset_type.name)]
    if mode is DatasetIdGenEnum.DATAID_TYPE_RUN:
        items.append(("run", run))
    items += sorted((name, str(value)) for name, value in data_id.required.items())
    return uuid.uuid5(_NAMESPACE, ",".join(f"{name}={value}" for name, value in items))


def parsed_id(id: uuid.UUID | str) -> uuid.UUID:
    """Return an id that was given as such or as a text.

    Raises
    ------
    DatasetIdError
        It is neither.
    """
    try:
        return id if isinstance(id, uuid.UUID) else uuid.UUID(hex=id)
    except (ValueError, AttributeError, TypeError):
        raise DatasetIdError(f"the id of a dataset is a UUID, not {id!r}") from None


def uuid7_digits(count: int) -> list[str]:
    """Return the hexadecimal digits of new UUIDs version 7 (RFC 9562), in ascending order.

    They are the milliseconds of the time, the version, and random bits but for
    the two of the variant.
    """
    begin = f"{time.time_ns() // 1_000_000 & ((1 << 48) - 1):012x}7"
    random = os.urandom(10 * count).hex()
    return sorted(
        [
            f"{begin}{random[at : at + 3]}{_VARIANT[random[at + 3]]}{random[at + 4 : at + 19]}"
            for at in range(0, 20 * count, 20)
        ]
    )
