"""Pictures held against approved ones, in layers: numbers, device pixels, the whole picture."""

from __future__ import annotations

from conformance.pictures.declaring import picture

__all__ = ["picture"]
