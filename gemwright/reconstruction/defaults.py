"""What is chosen for an organism whose row of the sheet leaves it open."""

import logging
from pathlib import Path

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import Medium, medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml
from gemwright.inputs.organism import default_media, media_of
from gemwright.inputs.organism_sheet import Organism

logger = logging.getLogger(__name__)


def chosen_ground(
    organism: Organism,
    universe: str | Path,
    media: pd.DataFrame,
    options: ReconstructionOptions,
) -> tuple[MetabolicModel, dict[str, Medium]]:
    """Universe and media of an organism.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    universe : str or Path
        File of its universe, which `gemwright.universe.files.write_universe` wrote.
    media : pandas.DataFrame
        As of `chosen_media`.
    options : ReconstructionOptions
        Target growth and the medium's protocol.

    Returns
    -------
    universe : MetabolicModel
        Read from the file.
    media : dict of str to list of str or to dict of str to float
        Medium to its compounds, in order, see `chosen_media`.
    """
    model = read_sbml(universe)
    return model, chosen_media(organism, media, model, options)


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
        The universe: where it does not grow, no gap-filling helps.
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
