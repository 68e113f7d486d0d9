"""Concentrations for models that come without any: a user's, or drawn around typical values."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.config.physiologies import ReferenceKeys
from gemwright.errors import InputError
from gemwright.inputs.number_tables import read_numbers, refuse_missing
from gemwright.kinetics.state import MICROMOLAR

# M; what is measured of metabolites in growing bacteria lies between these
LOWEST, HIGHEST = 1e-6, 2e-2
TYPICAL = 3e-4  # M, of a metabolite that is not listed below
OUTER = 1e-3  # M, of an extracellular metabolite that is not listed below
CYTOSOLIC_PROTONS, OUTER_PROTONS = 10**-7.5, 10**-7.0  # M; held, not drawn
WATER = 55.5  # M

# M: round values for fast-growing E. coli. Glutamate and glutamine (20 and 4 mM in cells) are left
# at TYPICAL: networks of central metabolism lack most of what turns them over, and at their real
# size these two pools alone make nearly every model of one slower than a generation.
CENTRES = {
    "atp": 3e-3,
    "adp": 6e-4,
    "amp": 3e-4,
    "gtp": 2e-3,
    "gdp": 5e-4,
    "nad": 2e-3,
    "nadh": 1e-4,
    "nadp": 1e-4,
    "nadph": 2e-4,
    "q8": 3e-4,
    "q8h2": 3e-4,
    "coa": 3e-4,
    "accoa": 5e-4,
    "succoa": 2e-4,
    "pi": 1e-2,
    "ppi": 5e-4,
    "nh4": 2e-3,
    "co2": 1e-4,
    "o2": 2e-5,
    "akg": 5e-4,
}
OUTER_CENTRES = {"o2": 2e-4, "co2": 3e-4, "pi": 2e-2, "nh4": 2e-2, "glc__D": 1e-2}


def sample_concentrations(
    metabolites: Sequence[str],
    outer: Sequence[bool],
    protons: Sequence[bool],
    water: Sequence[bool],
    seed: int,
    centres: Mapping[str, float] | None = None,
    spread: float = ReferenceKeys.concentration_spread,
) -> FloatArray:
    """Draw concentrations, log-normal around typical values and cut off at physiological bounds.

    Parameters
    ----------
    metabolites : sequence of str
        Metabolite of each species, BiGG's id without compartment.
    outer, protons, water : sequence of bool
        Whether a species is extracellular, is H+, is H2O.
    seed : int
        Seed of the draw; what a species gets depends on its place in the order.
    centres : mapping of str to float, optional
        Medians (M) to use for intracellular metabolites instead of `CENTRES`.
    spread : float
        Standard deviation of ln c; 0 for the medians themselves.

    Returns
    -------
    numpy.ndarray
        uM, shape (species,), between `LOWEST` and `HIGHEST` but for protons and water.
    """
    inner = {**CENTRES, **(centres or {})}
    medians = np.array(
        [
            OUTER_CENTRES.get(name, OUTER) if outside else inner.get(name, TYPICAL)
            for name, outside in zip(metabolites, outer, strict=True)
        ]
    )
    drawn = np.random.default_rng(seed).standard_normal(len(medians))
    molar = np.clip(medians * np.exp(spread * drawn), LOWEST, HIGHEST)
    acidity = np.where(outer, OUTER_PROTONS, CYTOSOLIC_PROTONS)
    molar = np.where(protons, acidity, np.where(water, WATER, molar))
    return np.asarray(molar * MICROMOLAR)


def read_concentrations(path: str | Path, species: Sequence[str]) -> FloatArray:
    """Read concentrations from a user's table.

    Parameters
    ----------
    path : str or Path
        Tab-separated (comma-separated if it ends in ``.csv``): ``species`` (the model's ids, such
        as ``g6p_c``) and ``concentration`` (M).
    species : sequence of str
        The species wanted.

    Returns
    -------
    numpy.ndarray
        uM, shape (species,).

    Raises
    ------
    InputError
        If a species is missing, or a concentration is not a positive number.
    """
    column = "concentration"
    molar = read_numbers(path, "species", [column], "table of concentrations")[column]
    refuse_missing(path, [name for name in species if name not in molar], "species")
    for name in species:
        if molar[name] <= 0:
            raise InputError(
                f"{path}, species {name}",
                f"its concentration is {molar[name]:g} M",
                "give a positive concentration in M",
            )
    return np.array([molar[name] for name in species]) * MICROMOLAR
