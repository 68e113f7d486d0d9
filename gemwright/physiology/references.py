"""Curated models measured as ours are: constants, which stand beside the demo's models."""

from functools import cache
from pathlib import Path

import pandas as pd

RESOURCES = Path(__file__).parents[1] / "resources"
#: Tables of `gemwright.physiology.measure.Physiology` that are kept of curated models.
TABLES = ("rows", "overflow", "yields")
METHOD = "curated"


def path_of(table: str) -> Path:
    """File of one of `TABLES`; ``tools/measure_references.py`` writes it."""
    return RESOURCES / f"reference_physiology_{table}.tsv"


@cache
def references(table: str) -> pd.DataFrame:
    """Read one of `TABLES` of the curated models: organism (the model's id), source, its columns.

    ``iJN1463`` is of *Pseudomonas putida*, the nearest relative of *P. aeruginosa* that has a
    model of this kind.
    """
    return pd.read_csv(path_of(table), sep="\t").fillna({"secreted": "", "bottleneck": ""})
