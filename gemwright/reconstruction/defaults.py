"""What is chosen for an organism whose row of the sheet leaves it open."""

import logging
from collections.abc import Mapping

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import Medium, medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.inputs.organism import default_media, media_of
from gemwright.inputs.organism_sheet import Organism
from gemwright.sources.bigg_snapshot import read_universe

logger = logging.getLogger(__name__)

#: Table of scores of an organism for which none are made.
NO_SCORES = {"scores": pd.DataFrame(columns=["protein", "metabolite", "score"])}


def chosen_ground(
    organism: Organism, tables: Mapping[str, pd.DataFrame], options: ReconstructionOptions
) -> tuple[MetabolicModel, dict[str, Medium]]:
    """Universe and media of an organism, by `chosen_universe` and `chosen_media`.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    tables : mapping of str to pandas.DataFrame
        ``media`` and, if the sheet names no universe, ``universe``.
    options : ReconstructionOptions
        Target growth and the medium's protocol.

    Returns
    -------
    universe : MetabolicModel
        The curated universe.
    media : dict of str to list of str or to dict of str to float
        Medium to its compounds, in order.
    """
    universe = chosen_universe(organism, tables.get("universe"))
    return universe, chosen_media(organism, tables["media"], universe, options)


def chosen_universe(organism: Organism, guess: pd.DataFrame | None = None) -> MetabolicModel:
    """Universe of an organism: the one of the sheet, else the guessed one.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    guess : pandas.DataFrame, optional
        The table of `universe_guess.guess_universe`, needed if the sheet names none.
    """
    if organism.universe or guess is None:
        return read_universe(organism.universe)
    name = str(guess["guess"].iloc[0])
    logger.info("%s: the guessed universe is %r", organism.id, name)
    return read_universe(name)


def chosen_media(
    organism: Organism,
    table: pd.DataFrame,
    universe: MetabolicModel,
    options: ReconstructionOptions,
) -> dict[str, Medium]:
    """Media of an organism: those of the sheet, else the default or, as it must be, a richer one.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    table : pandas.DataFrame
        medium, compound: what `inputs.organism.prepare_organism` wrote.
    universe : MetabolicModel
        The curated universe: where it does not grow, no gap-filling helps.
    options : ReconstructionOptions
        Target growth and the medium's protocol.

    Returns
    -------
    dict of str to list of str or to dict of str to float
        Medium to its compounds, in order.
    """
    if organism.media:
        return media_of(table, organism.media)
    default, richest = default_media()
    media = media_of(table, (default, richest))
    growth = _growth(universe, media[default], options)
    chosen = default if growth >= options.target_growth else richest
    logger.warning(
        "%s: the sheet names no medium; it is %r, where everything that is known grows at %.3g /h",
        organism.id, chosen,
        growth if chosen == default else _growth(universe, media[richest], options),
    )  # fmt: skip
    if chosen != default:
        logger.warning(
            "%s: on %r everything that is known grows at %.3g /h only",
            organism.id, default, growth,
        )  # fmt: skip
    return {chosen: media[chosen]}


def _growth(universe: MetabolicModel, compounds: Medium, options: ReconstructionOptions) -> float:
    model = FluxModel.of(universe)
    model.set_bounds(medium_bounds(universe, compounds, options.protocol))
    return model.growth()
