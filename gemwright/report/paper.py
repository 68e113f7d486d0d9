"""How the paper's printed figures are marked in our tables."""

PAPER = "paper: "
"""Begins the method or predictor of every row that the paper prints and we did not compute."""
