"""The registry of a Butler, in the spelling of ``butler.registry``."""

from .registry import Registry

__all__ = ["Registry"]
