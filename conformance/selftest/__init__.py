"""Tests of the harness, and of the insides of `butler_core`."""
