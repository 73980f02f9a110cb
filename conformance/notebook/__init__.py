"""The notebook "Exploring the Gen-3 Butler", step by step, as cases."""
