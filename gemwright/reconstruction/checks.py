"""Checks of a universe."""

from gemwright.errors import InputError
from gemwright.gem.model import ModelTables


def check_universe(universe: ModelTables) -> None:
    """Check that a universe can serve for reconstruction.

    Raises
    ------
    InputError
        If it has no objective, no exchange reaction, or repeats a reaction.
    """
    reactions = universe.reactions["reaction"]
    if not universe.objective:
        raise InputError("universe", "has no biomass objective", "use a curated universe")
    if not reactions.str.startswith("EX_").any():
        raise InputError("universe", "has no exchange reaction", "use a curated universe")
    twice = reactions[reactions.duplicated()]
    if len(twice):
        raise InputError("universe", f"{twice.iloc[0]!r} is there twice", "use a curated universe")
