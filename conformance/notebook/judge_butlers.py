"""Judges of the steps that make Butlers: 6, 13, 14 and 18."""

from __future__ import annotations

import contextlib
from typing import Any

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks

DATA_ID = {"instrument": "HSC", "visit": 903338, "detector": 25}
NO_DATA_ID = {"instrument": "HSC", "visit": 903338, "detector": 16}
CALEXP = "the calexp of visit 903338, detector 25"
NO_CALEXP = "that of detector 16 (never made)"
OTHER = "raw/hsc"
NO_COLLECTION = "No run or collection provided."


@judges(6, "w_2020_03")
def bound_to_its_collection(seen: Seen, check: Checks) -> None:
    """Check that the Butler is bound to the collection, and finds what the collection holds."""
    check.equal("butler.collection", lambda: seen["butler"].collection, facts.OUTPUT)
    _finds_by_dataset_exists(check, seen["butler"])
    other = {"config": seen["config"], "collection": OTHER}
    check.equal(
        f"what datasetExists raises for that calexp in {OTHER}",
        lambda: _raised(
            lambda: seen["daf_butler"].Butler(**other).datasetExists("calexp", DATA_ID)
        )[0],
        "LookupError",
    )


@judges(6, "current")
def has_its_default_collection(seen: Seen, check: Checks) -> None:
    """Check that the Butler searches the collection by default, and finds what it holds."""
    _defaults(check, seen, (facts.OUTPUT,))
    _finds_by_exists(check, seen["butler"])
    check.equal(
        f"whether that calexp exists in {OTHER}",
        lambda: bool(seen["butler"].exists("calexp", DATA_ID, collections=OTHER)),
        False,
    )
    check.equal(
        "the kind of Butler that open() of the implementation gives",
        lambda: _kind_opened(seen),
        _kind(seen["butler"]),
    )


@judges(13, "w_2020_03")
def refused_without_a_collection(seen: Seen, check: Checks) -> None:
    """Check that the constructor raises ValueError, whose text the step prints."""
    check.equal("the text of the ValueError", lambda: seen.output, f"{NO_COLLECTION}\n")


@judges(13, "current")
def opened_without_a_collection(seen: Seen, check: Checks) -> None:
    """Check that the constructor succeeds; the first lookup says that there is no collection."""
    _defaults(check, seen, ())
    check.equal(
        "the exception of a get without a collection",
        lambda: seen.output,
        "NoDefaultCollectionError\n",
    )


@judges(14, "w_2020_03")
def bound_to_nothing(seen: Seen, check: Checks) -> None:
    """Check that an empty text is a collection that holds nothing."""
    butler = seen["butler"]
    check.equal("butler.collection", lambda: butler.collection, "")
    check.equal("butler.run", lambda: butler.run, None)
    check.holds(
        "what a get raises",
        lambda: _raised(lambda: butler.get("calexp", dataId=DATA_ID)),
        "LookupError, ending in 'could not be found in '",
        lambda raised: raised[0] == "LookupError" and raised[1].endswith("could not be found in "),
    )


@judges(14, "current")
def opened_to_explore(seen: Seen, check: Checks) -> None:
    """Check that the Butler has no default collection, and its registry answers."""
    _defaults(check, seen, ())
    check.holds(
        "the collections it knows",
        lambda: seen["butler"].collections.query("*"),
        f"hold {facts.OUTPUT}",
        lambda names: facts.OUTPUT in names,
    )


@judges(18, "w_2020_03")
def turned_to_the_collection(seen: Seen, check: Checks) -> None:
    """Check that assigning the collection turns later lookups to it."""
    check.equal("butler.collection", lambda: seen["butler"].collection, facts.OUTPUT)
    _finds_by_dataset_exists(check, seen["butler"])


@judges(18, "current")
def cloned_onto_the_collection(seen: Seen, check: Checks) -> None:
    """Check that the clone searches the collection."""
    _defaults(check, seen, (facts.OUTPUT,))
    _finds_by_exists(check, seen["butler"])


def _defaults(check: Checks, seen: Seen, expected: tuple[str, ...]) -> None:
    check.equal(
        "butler.collections.defaults",
        lambda: list(seen["butler"].collections.defaults),
        list(expected),
    )


def _finds_by_dataset_exists(check: Checks, butler: Any) -> None:
    check.equal(f"whether {CALEXP} exists", lambda: butler.datasetExists("calexp", DATA_ID), True)
    check.equal(
        f"what datasetExists raises for {NO_CALEXP}",
        lambda: _raised(lambda: butler.datasetExists("calexp", NO_DATA_ID))[0],
        "LookupError",
    )


def _finds_by_exists(check: Checks, butler: Any) -> None:
    check.equal(f"whether {CALEXP} exists", lambda: bool(butler.exists("calexp", DATA_ID)), True)
    check.equal(
        f"whether {NO_CALEXP} exists", lambda: bool(butler.exists("calexp", NO_DATA_ID)), False
    )


def _raised(call: Any) -> tuple[str, str]:
    """Return the documented kind and the text of what a call raises, or that it raised nothing."""
    try:
        call()
    except KeyError as error:
        return type(error).__name__, str(error)
    except LookupError as error:
        return "LookupError", str(error)
    except Exception as error:
        return type(error).__name__, str(error)
    return "nothing", ""


def _kind_opened(seen: Seen) -> str:
    opened = seen.implementation.open(seen.repository.root)
    with contextlib.closing(opened) if hasattr(opened, "close") else contextlib.nullcontext():
        return _kind(opened)


def _kind(butler: Any) -> str:
    return f"{type(butler).__module__}.{type(butler).__qualname__}"
