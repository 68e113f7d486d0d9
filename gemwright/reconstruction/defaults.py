"""What is chosen for an organism whose row of the sheet leaves it open."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.gem.flux import FluxModel
from gemwright.gem.medium import Medium, medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_reader import read_sbml
from gemwright.inputs.organism import default_media, media_of
from gemwright.inputs.organism_sheet import Organism
from gemwright.universe.biomass import organism_biomass

logger = logging.getLogger(__name__)


def chosen_ground(
    organism: Organism,
    universe: str | Path,
    tables: Mapping[str, pd.DataFrame],
    options: ReconstructionOptions,
) -> tuple[MetabolicModel, dict[str, Medium], pd.DataFrame]:
    """Universe, with what the organism's growth takes, and media of an organism.

    Parameters
    ----------
    organism : Organism
        Its row of the sheet.
    universe : str or Path
        File of its universe, which `gemwright.universe.files.write_universe` wrote.
    tables : mapping of str to pandas.DataFrame
        ``media``, as of `chosen_media`, and ``biomass``: species, coefficient of its own growth
        reaction, no row without one.
    options : ReconstructionOptions
        Target growth and the medium's protocol.

    Returns
    -------
    universe : MetabolicModel
        Read from the file.
    media : dict of str to list of str or to dict of str to float
        Medium to its compounds, in order, see `chosen_media`.
    changes : pandas.DataFrame
        reaction, change, reason: what was changed in the universe's growth and maintenance, see
        `gemwright.universe.biomass.organism_biomass`.
    """
    own = tables["biomass"]
    model, changes = organism_biomass(
        read_sbml(universe),
        organism.biomass,
        dict(zip(own["species"], own["coefficient"], strict=True)),
        organism.gam,
        organism.ngam,
    )
    return model, chosen_media(organism, tables["media"], model, options), changes


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
