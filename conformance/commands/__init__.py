"""The commands of ``butler-conformance``, one a module, each with a click command ``command``."""
