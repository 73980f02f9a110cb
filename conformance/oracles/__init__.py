"""Answers found without any Butler: from formulas, and from files read with astropy alone."""
