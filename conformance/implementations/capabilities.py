"""What a Butler may declare that it cannot do, and how it must then refuse."""

from __future__ import annotations

from dataclasses import dataclass


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


CAPABILITIES = {
    capability.name: capability
    for capability in (
        Capability("exposure", "gets an ExposureF as an image with mask, variance and metadata"),
        Capability("source_catalog", "gets a SourceCatalog whose rows know their positions"),
        Capability("display", "draws exposures and markers with the calls of afwDisplay"),
    )
}
