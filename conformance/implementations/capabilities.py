"""What a Butler may declare that it cannot do, and how it must then refuse."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that cases may need and an implementation may lack.

    Attributes
    ----------
    name
        The name that cases and declarations use.
    meaning
        What it is, in a few words.
    refusal
        Exceptions, one of which is raised where the capability is missing.
    """

    name: str
    meaning: str
    refusal: tuple[type[Exception], ...] = (ImportError, NotImplementedError)

    @property
    def refusal_in_words(self) -> str:
        """The exceptions as a phrase, such as "ImportError or NotImplementedError"."""
        return " or ".join(error.__name__ for error in self.refusal)


NO_PACKAGE = (ImportError, NotImplementedError, TypeError, ValueError)
"""How a Butler may refuse to make an object of a package that is not installed."""


def lacking_packages() -> dict[str, str]:
    """Return what any Butler in Python lacks here, since a package is not installed, and why."""
    return {
        capability: f"{package} is not installed"
        for capability, package in (("parquet", "pyarrow"), ("data_frame", "pandas"))
        if find_spec("pyarrow") is None or find_spec(package) is None
    }


CAPABILITIES = {
    capability.name: capability
    for capability in (
        Capability("exposure", "gets an ExposureF as an image with mask, variance and metadata"),
        Capability("source_catalog", "gets a SourceCatalog whose rows know their positions"),
        Capability("parquet", "stores tables as Parquet", NO_PACKAGE),
        Capability("data_frame", "gets and puts tables as a pandas.DataFrame", NO_PACKAGE),
        Capability("display", "draws exposures and markers with the calls of afwDisplay"),
    )
}
