"""Predictors of enzyme-metabolite interactions: one class in one file, listed in `registry`."""
