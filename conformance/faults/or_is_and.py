"""A fault of expressions."""

from __future__ import annotations

import re
from typing import Any

from conformance.faults import Real, fault


@fault(
    "In an expression OR is read as AND.",
    calls=[
        *("butler.query_datasets", "butler.query_all_datasets"),
        *("butler.query_dimension_records", "butler.query_data_ids"),
        *("butler.registry.queryDatasets", "butler.registry.queryDimensionRecords"),
        "butler.registry.queryDataIds",
    ],
    red=[
        "SKY-05",
        "WHR-02",
        "WHR-04",
        "WHR-11",
        "WHR-13",
        "WHR-17",
        "WHR-24",
        "SCR-03",
        "LAW-12",
    ],
)
def or_is_and(real: Real, *arguments: Any, **keywords: Any) -> Any:
    """Change the word."""
    if isinstance(where := keywords.get("where"), str):
        keywords["where"] = re.sub(r"\bor\b", "AND", where, flags=re.IGNORECASE)
    return real(*arguments, **keywords)
