"""Repositories as text: what an export holds, how it is written, read and imported."""
