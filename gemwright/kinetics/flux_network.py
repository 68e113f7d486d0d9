"""A model and its flux states as arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.kinetics.mechanism_choice import Chemistry

_FREE = 1000.0
_LARGEST_CORRECTION = 0.5  # of a flux, as a share of it


@dataclass(frozen=True)
class FluxState:
    """A steady state of a network.

    Parameters
    ----------
    source : str
        What it is called in messages.
    fluxes : dict of str to float
        mmol/gDW/h of the reactions that run, exchange reactions included, in the model's order.
    buffered : frozenset of str
        Proton species that the fluxes do not balance: they are held at constant concentration.
    """

    source: str
    fluxes: dict[str, float]
    buffered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FluxNetwork:
    """A model as arrays."""

    reactions: tuple[str, ...]
    species: tuple[str, ...]
    matrix: Any  # scipy.sparse.csc_array, species by reactions
    lower: FloatArray
    upper: FloatArray
    objective: str

    @property
    def internal(self) -> BoolArray:
        """Reactions with more than one species."""
        return np.asarray(np.diff(self.matrix.indptr) > 1)


def flux_network(model: MetabolicModel) -> FluxNetwork:
    """Arrays of a model, its bounds cut at 1,000 mmol/gDW/h."""
    import scipy.sparse

    reactions = tuple(model.reactions["reaction"])
    species = tuple(model.species["species"])
    table = model.stoichiometry
    rows = table["species"].map({name: row for row, name in enumerate(species)})
    columns = table["reaction"].map({name: column for column, name in enumerate(reactions)})
    matrix = scipy.sparse.csc_array(
        (table["coefficient"].to_numpy(float), (rows.to_numpy(int), columns.to_numpy(int))),
        shape=(len(species), len(reactions)),
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return FluxNetwork(
        reactions,
        species,
        matrix,
        model.reactions["lower_bound"].to_numpy(float).clip(-_FREE, _FREE),
        model.reactions["upper_bound"].to_numpy(float).clip(-_FREE, _FREE),
        model.objective,
    )


def balanced(matrix: Any, fluxes: FloatArray, source: str) -> FloatArray:
    """Remove what solvers round: the nearest balanced fluxes, in shares of each flux.

    Parameters
    ----------
    matrix : scipy.sparse.csc_array
        Species by reactions.
    fluxes : numpy.ndarray
        mmol/gDW/h, shape (reactions,).
    source : str
        What the fluxes are called in messages.

    Raises
    ------
    InputError
        If a flux would have to change by more than half.
    """
    running = np.flatnonzero(fluxes)
    weighted = matrix[:, running].toarray() * fluxes[running]
    weighted = weighted[np.any(weighted != 0, axis=1)]
    turnover = np.abs(weighted).sum(axis=1, keepdims=True)
    shares = np.linalg.lstsq(weighted / turnover, -weighted.sum(axis=1) / turnover[:, 0])[0]
    if np.abs(shares).max(initial=0) > _LARGEST_CORRECTION:
        raise InputError(
            source,
            "the fluxes do not balance exactly, and no small change of them makes them",
            "give them with more digits, without leaving out small ones",
        )
    result = fluxes.copy()
    result[running] *= 1.0 + shares
    return np.asarray(result)


def model_chemistry(model: MetabolicModel) -> Chemistry:
    """Formulas, protons and water of a model's species.

    Protons and water are recognised by formula, or by BiGG's name where there is no formula.
    """
    columns = model.species[["species", "formula", "metabolite"]]
    formulas = dict(zip(columns["species"], columns["formula"], strict=True))
    known = {"H": "h", "H2O": "h2o", "OH2": "h2o"}
    kinds = {
        species: known.get(formula, "") if formula else metabolite
        for species, formula, metabolite in columns.itertuples(index=False, name=None)
    }
    return Chemistry(
        formulas,
        frozenset(species for species, kind in kinds.items() if kind == "h"),
        frozenset(species for species, kind in kinds.items() if kind == "h2o"),
    )
