"""The commands of ``butler-core``, one a module, each with a click command ``command``."""
