"""Repositories that pass between `butler_core` and lsst-daf-butler."""
