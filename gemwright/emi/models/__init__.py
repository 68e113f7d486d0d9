"""Predictors of enzyme-metabolite interactions: one class in one file, listed in `registry`."""

CONTROLS = ("popularity", "homologue", "homologue+popularity")
"""Predictors that learn nothing; every table of results has them."""
