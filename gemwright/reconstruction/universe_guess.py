"""Which curated universe fits a proteome: the one of the organisms that it resembles."""

import logging
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.tables import read_parquet
from gemwright.sources.bigg_snapshot import WIDEST_UNIVERSE
from gemwright.sources.genus_universes import GENUS_UNIVERSES

logger = logging.getLogger(__name__)

#: Share of the proteins that must resemble the organisms of one universe most.
SURE = 0.55
EUKARYOTES = "none (eukaryote)"


def guess_universe(
    organism: str, hits: pd.DataFrame, proteins: pd.DataFrame, models: pd.DataFrame
) -> pd.DataFrame:
    """Guess the universe of a proteome.

    Each protein with a homologue votes for the universe of the genus of its best hit, in equal
    parts if several genera have it.

    Parameters
    ----------
    organism : str
        Its id, for messages.
    hits : pandas.DataFrame
        protein, enzyme (one of `proteins`), bitscore.
    proteins : pandas.DataFrame
        model, enzyme.
    models : pandas.DataFrame
        model, genus, kingdom.

    Returns
    -------
    pandas.DataFrame
        genus, universe, proteins (votes), share, guess (the universe, the same in all rows); by
        falling votes. The guess is `WIDEST_UNIVERSE` if no other has the share `SURE`.

    Raises
    ------
    InputError
        If no protein has a homologue, or most resemble those of eukaryotes.
    """
    where = f"organism {organism!r}"
    known = proteins.merge(models[["model", "genus", "kingdom"]], on="model")
    best = hits[hits["bitscore"] >= hits.groupby("protein")["bitscore"].transform("max")]
    votes = best.merge(known, on="enzyme")
    votes = votes.drop_duplicates(["protein", "genus"])
    if votes.empty:
        raise InputError(
            where,
            "none of its proteins resembles one of the known models",
            "check the proteome or genome, or name the universe in the sheet",
        )
    votes["proteins"] = 1 / votes.groupby("protein")["genus"].transform("size")
    universes = votes["genus"].map(GENUS_UNIVERSES)
    votes["universe"] = universes.mask(votes["kingdom"] == "Eukarya", EUKARYOTES)
    sums = votes.dropna(subset="universe").groupby(["genus", "universe"])["proteins"].sum()
    table: pd.DataFrame = sums.reset_index().sort_values(
        ["proteins", "genus"], ascending=[False, True], ignore_index=True
    )
    table["share"] = table["proteins"] / table["proteins"].sum()
    shares = table.groupby("universe")["share"].sum().sort_values(ascending=False)
    if shares.index[0] == EUKARYOTES and shares.iloc[0] >= SURE:
        raise InputError(
            where,
            f"{shares.iloc[0]:.0%} of its proteins resemble those of eukaryotes most"
            f" ({table['genus'][0]} before others), for which there is no universe",
            "name a universe in the sheet to go on all the same",
        )
    prokaryotes = shares.drop(EUKARYOTES, errors="ignore")
    prokaryotes = prokaryotes / prokaryotes.sum()
    sure = prokaryotes.iloc[0] >= SURE
    guess = str(prokaryotes.index[0]) if sure else WIDEST_UNIVERSE
    logger.warning(
        "%s: the universe is guessed: %r, because %.0f %% of its %d proteins with a homologue"
        " resemble organisms of %r most (%s before others)%s; name another in the sheet if that is"
        " wrong",
        where, guess, 100 * prokaryotes.iloc[0], votes["protein"].nunique(), prokaryotes.index[0],
        table["genus"][0], "" if sure else ", which is not sure",
    )  # fmt: skip
    return table.assign(guess=guess)


def guessed_name(path: str | Path) -> str:
    """Read which universe was guessed, from the table of `guess_universe` as Parquet."""
    return str(read_parquet(path, ["guess"])["guess"].iloc[0])
