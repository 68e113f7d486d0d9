"""Growth without oxygen of organisms that are known to have it, right or wrong."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

import pandas as pd

from gemwright.physiology.culture import OXYGEN, Culture

KNOWN = Path(__file__).parents[1] / "resources" / "growth_without_oxygen.tsv"
COLUMNS = ["medium", "acceptor", "known", "growth", "right", "stated", "source"]
#: 1/h from which on it counts as growth, as for phenotypes.
THRESHOLD = 0.01


@cache
def known_growth() -> pd.DataFrame:
    """Read who is known to grow without oxygen: organism, acceptor (or none), grows, source."""
    return pd.read_csv(KNOWN, sep="\t", keep_default_na=False)


def measure_acceptors(
    name: str, medium: str, culture: Culture, media: Collection[Collection[str]] = ()
) -> pd.DataFrame:
    """Grow a model without oxygen as its organism is known to.

    Parameters
    ----------
    name : str
        Scientific name of the organism; strains and what else follows does not matter.
    medium : str
        What the medium is called.
    culture : Culture
        The model on that medium.
    media : collection of collection of str
        All media that the organism was stated to grow on.

    Returns
    -------
    pandas.DataFrame
        medium, acceptor (``""`` for fermentation), known (bool), growth (1/h), right (bool),
        stated (bool: one of `media` asks for it, so that gap-filling saw to it), source; no row
        if nothing is known of the organism.
    """
    table = known_growth()
    rows = []
    for organism, acceptor, grows, source in table[
        ["organism", "acceptor", "grows", "source"]
    ].itertuples(index=False, name=None):
        if not name.startswith(organism):
            continue
        bounds = dict(culture.oxygen(0.0))
        if acceptor:
            bounds |= culture.with_acceptor(acceptor)
        growth = culture.growth(bounds)
        known = grows == "yes"
        right = (growth >= THRESHOLD) == known
        stated = any(
            OXYGEN not in compounds and (not acceptor or acceptor in compounds)
            for compounds in media
        )
        rows.append((medium, acceptor, known, growth, right, stated, source))
    return pd.DataFrame(rows, columns=COLUMNS)
