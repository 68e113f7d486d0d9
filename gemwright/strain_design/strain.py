"""A model under gene deletions: growth, and the production that growth guarantees.

Source: Yang and Tamura, DeepGDel, II-A: production is coupled to growth (weakly) if at the
largest growth rate the *smallest* production rate still reaches its threshold.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gemwright.errors import InputError
from gemwright.flux.gene_states import BoolArray, GeneStates
from gemwright.reconstruction.model import MetabolicModel

EXPORT_BOUND = 1000.0

# growth is held at its optimum; where rounding puts that just out of reach, a little below
_SLACKS = (0.0, 1e-9, 1e-8, 1e-7, 1e-6)


@dataclass(frozen=True)
class Thresholds:
    """Rates from which on a strain counts as growing and as producing.

    Attributes
    ----------
    growth : float
        GR threshold (1/h).
    production : float
        PR threshold (mmol/gDW/h).
    """

    growth: float = 1e-3
    production: float = 1e-3


@dataclass(frozen=True)
class Coupling:
    """What FBA says of one strain and target.

    Attributes
    ----------
    growth_rate : float
        Largest growth rate (1/h); 0 if there is no feasible flux.
    production_rate : float
        Smallest production rate at that growth (mmol/gDW/h); NaN without growth.
    coupled : bool
        Whether both reach their thresholds.
    """

    growth_rate: float
    production_rate: float
    coupled: bool


class StrainModel:
    """One model, loaded once, and judged under any gene deletions.

    Parameters
    ----------
    model : MetabolicModel
        The model on its medium.
    thresholds : Thresholds
        What counts as growth and as production.

    Raises
    ------
    InputError
        If the model has no objective, no gene rule, or does not grow.
    """

    def __init__(self, model: MetabolicModel, thresholds: Thresholds | None = None) -> None:
        self.model = model
        self.thresholds = thresholds or Thresholds()
        objective = model.tables.objective
        if objective not in set(model.tables.reactions["reaction"]):
            raise InputError(
                f"model {model.identifier!r}", "has no objective", "Set its biomass reaction"
            )
        if not model.rules:
            raise InputError(
                f"model {model.identifier!r}",
                "has no gene rule, so that no gene can be deleted",
                "Give a model with gene-protein-reaction rules",
            )
        self.flux = model.flux_model()
        self.growth_reaction = objective
        self.states = GeneStates(model.rules, self.flux.reactions)
        self.genes = self.states.genes
        self.wild_growth = self.flux.growth()
        if self.wild_growth < self.thresholds.growth:
            raise InputError(
                f"model {model.identifier!r}",
                f"grows at {self.wild_growth:.6g} /h, less than {self.thresholds.growth:g}",
                "Correct its bounds or medium, so that the wild type grows",
            )

    def gene_mask(self, genes: Collection[str]) -> BoolArray:
        """Mask of the named genes, in the order of `genes`.

        Raises
        ------
        InputError
            If one of them is not in the model.
        """
        unknown = sorted(set(genes) - self.states.index.keys())
        if unknown:
            raise InputError(
                f"gene {unknown[0]!r}",
                f"is not in model {self.model.identifier!r}"
                + (f" (nor are {len(unknown) - 1} others)" if len(unknown) > 1 else ""),
                f"Name genes as the model does, for example {self.genes[0]!r}",
            )
        mask = np.zeros(len(self.genes), np.bool_)
        mask[[self.states.index[gene] for gene in genes]] = True
        return mask

    def production_reaction(self, target: str) -> str:
        """The reaction whose flux is the production of a target; made if it is missing.

        Parameters
        ----------
        target : str
            A species such as ``succ_e``; ``succ_c`` is another target.

        Returns
        -------
        str
            ``EX_<species>`` or ``DM_<species>``; if the model has neither, a ``DM_`` is added,
            which is closed until a target is judged.

        Raises
        ------
        InputError
            If the model has no such species.
        """
        for name in (f"EX_{target}", f"DM_{target}"):
            if name in self.flux:
                return name
        if target not in self.flux.species:
            metabolite = split_target(target)
            near = [name for name in self.flux.species if split_target(name) == metabolite]
            raise InputError(
                f"target {target!r}",
                f"is no species of model {self.model.identifier!r}",
                f"Did you mean {' or '.join(map(repr, near))}?"
                if near
                else "Name a species with its compartment, like 'succ_e'",
            )
        return self.flux.add_demands([target])[0]

    def lost_columns(self, deleted: BoolArray) -> npt.NDArray[np.int64]:
        """Columns of the reactions that the deleted genes (a mask) switch off."""
        return np.flatnonzero(~self.states.on(~deleted))

    def judge(self, target: str, deleted: BoolArray) -> Coupling:
        """Growth and guaranteed production of a strain.

        Parameters
        ----------
        target : str
            A species.
        deleted : numpy.ndarray of bool, shape (n_genes,)
            Which genes are deleted, in the order of `genes`; see `gene_mask`.
        """
        production = self.production_reaction(target)
        column = self.flux.index[production]
        added = column >= len(self.states.reactions)
        opened = {production: (0.0, EXPORT_BOUND)} if added else {}
        with self.flux.bounds(opened), self.flux.closed(self.lost_columns(deleted)):
            growth = self.flux.growth()
            if growth < self.thresholds.growth:
                return Coupling(growth, float("nan"), False)
            upper = float(self.flux.upper[self.flux.index[self.growth_reaction]])
            for slack in _SLACKS:
                with self.flux.bounds({self.growth_reaction: (growth * (1 - slack), upper)}):
                    worst = self.flux.optimise(production, maximise=False)
                if worst.optimal:
                    break
        if not worst.optimal:
            raise RuntimeError(f"minimal production of {target} ended {worst.status}")
        return Coupling(growth, worst.value, worst.value >= self.thresholds.production)


def split_target(target: str) -> str:
    """Metabolite of a species: ``succ`` of ``succ_e``."""
    return target.rpartition("_")[0]
