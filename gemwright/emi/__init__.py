"""Enzyme-metabolite interactions: data, splits, negatives, the dual tower and its controls."""
