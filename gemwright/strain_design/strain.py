"""A model under gene deletions: growth, and the production that growth guarantees.

Source: Yang and Tamura, DeepGDel, II-A: production is coupled to growth (weakly) if at the
largest growth rate the *smallest* production rate still reaches its threshold.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IntArray
from gemwright.errors import InputError
from gemwright.gem.flux import FluxModel
from gemwright.gem.gene_states import GeneStates
from gemwright.gem.gpr import genes_of
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import metabolite_of

EXPORT_BOUND = 1000.0

# boundaries that stand for no production: BiGG's sinks
_SINKS = ("sink_", "SK_")

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


@dataclass(frozen=True)
class WorstCase:
    """The flux distribution behind a `Coupling`, and its dual.

    Attributes
    ----------
    coupling : Coupling
        The verdict.
    fluxes : numpy.ndarray of float, shape (n_reactions,)
        Fluxes of least production at the largest growth; empty without growth.
    reduced_costs : numpy.ndarray of float, shape (n_reactions,)
        Production gained for each unit more of each flux, growth held; empty without growth.
    """

    coupling: Coupling
    fluxes: FloatArray
    reduced_costs: FloatArray


def worst_case(
    flux: FluxModel, growth_reaction: str, production: str, thresholds: Thresholds
) -> WorstCase:
    """Maximise growth, hold it there, and minimise production.

    Parameters
    ----------
    flux : FluxModel
        The strain's network: its deletions closed and its production reaction open.
    growth_reaction, production : str
        Reactions whose fluxes are GR and PR.
    thresholds : Thresholds
        What counts as growth and as production.

    Raises
    ------
    RuntimeError
        If the solver finds no least production although the strain grows.
    """
    none = np.empty(0)
    growth = flux.growth()
    if growth < thresholds.growth:
        return WorstCase(Coupling(growth, float("nan"), False), none, none)
    upper = float(flux.upper[flux.index[growth_reaction]])
    for slack in _SLACKS:
        with flux.bounds({growth_reaction: (growth * (1 - slack), upper)}):
            worst = flux.optimise(production, maximise=False)
            if worst.optimal:
                costs = flux.reduced_costs()
                produced = worst.value >= thresholds.production
                return WorstCase(Coupling(growth, worst.value, produced), worst.fluxes, costs)
    raise RuntimeError(f"minimal flux of {production} ended {worst.status}")


def require_deletable(model: MetabolicModel, where: str) -> None:
    """Check that a model can grow and has genes to delete.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    where : str
        What it is called in messages.

    Raises
    ------
    InputError
        If its objective is not one reaction's flux, or it has no gene rule.
    """
    model.growth_reaction(where)
    if not model.rules:
        raise InputError(
            where,
            "the model has no gene rule, so that no gene can be deleted",
            "give a model with gene-protein-reaction rules",
        )


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
        require_deletable(model, f"model {model.identifier!r}")
        self.model = model
        self.thresholds = thresholds or Thresholds()
        self.growth_reaction = model.objective
        self.flux = FluxModel(model.reactions, model.stoichiometry, self.growth_reaction)
        self.states = GeneStates(model.rules, self.flux.reactions)
        self.genes = self.states.genes
        wild = self.flux.optimise()
        if not wild.optimal:
            raise InputError(
                f"model {model.identifier!r}",
                f"has no largest growth: its flux problem is {wild.status}",
                "correct its bounds or medium; every reaction needs finite ones",
            )
        self.wild_growth = max(wild.value, 0.0)
        if self.wild_growth < self.thresholds.growth:
            raise InputError(
                f"model {model.identifier!r}",
                f"grows at {self.wild_growth:.6g} /h, less than {self.thresholds.growth:g}",
                "correct its bounds or medium, so that the wild type grows",
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
                f"name genes as the model does, for example {self.genes[0]!r}",
            )
        mask = np.zeros(len(self.genes), np.bool_)
        mask[[self.states.index[gene] for gene in genes]] = True
        return mask

    def names(self, genes: BoolArray) -> list[str]:
        """Genes of a mask; undoes `gene_mask`."""
        return [self.genes[position] for position in np.flatnonzero(genes)]

    def production_reaction(self, target: str) -> str:
        """Name the reaction whose flux is a target's production; made if it is missing.

        Parameters
        ----------
        target : str
            A species such as ``succ_e``; ``succ_c`` is another target.

        Returns
        -------
        str
            ``EX_<species>`` or ``DM_<species>``, or an export of the species alone under another
            name, such as ``EX_succ(e)``; if the model has none of them, a ``DM_`` is added,
            which is closed until a target is judged.

        Raises
        ------
        InputError
            If the model has no such species.
        """
        for name in (f"EX_{target}", f"DM_{target}", self._exports.get(target, "")):
            if name in self.flux:
                return name
        if target not in self.flux.species:
            metabolite = metabolite_of(target)
            near = [name for name in self.flux.species if metabolite_of(name) == metabolite]
            near = near or self._of_bigg(metabolite)
            raise InputError(
                f"target {target!r}",
                f"is no species of model {self.model.identifier!r}",
                f"write {' or '.join(map(repr, near))} if you mean that"
                if near
                else "name a species with its compartment, like 'succ_e'",
            )
        return self.flux.add_demands([target])[0]

    def _of_bigg(self, metabolite: str) -> list[str]:
        """Species of foreign ids that are, by their annotations, one metabolite of BiGG."""
        table = self.model.species
        if "bigg" not in table:
            return []
        entries = table["bigg"].fillna("").str.split(";")
        found = table.loc[[metabolite in each for each in entries], "species"]
        return [name for name in found if name in self.flux.species]

    @cached_property
    def _exports(self) -> dict[str, str]:
        """Species to the reaction that takes it, alone, out of the model, under another name."""
        table = self.model.stoichiometry
        alone = table[~table["reaction"].duplicated(keep=False) & (table["coefficient"] < 0)]
        other = alone["reaction"].str.startswith(_SINKS) | (
            alone["reaction"] == self.growth_reaction
        )
        alone = alone[~other]
        upper = pd.Series(self.flux.upper[: len(self.states.reactions)], self.states.reactions)
        alone = alone[alone["reaction"].map(upper) > 0].drop_duplicates("species")
        return dict(zip(alone["species"], alone["reaction"], strict=True))

    def lost_columns(self, deleted: BoolArray) -> IntArray:
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
        return self.worst_case(target, deleted).coupling

    def verify(self, target: str, deleted: BoolArray) -> Coupling:
        """`judge` from scratch: the result depends on no solve before."""
        self.flux.forget()
        return self.judge(target, deleted)

    def worst_case(self, target: str, deleted: BoolArray) -> WorstCase:
        """Verdict on a strain with the flux distribution and the dual behind it."""
        with self.exporting(target) as production, self.flux.closed(self.lost_columns(deleted)):
            return worst_case(self.flux, self.growth_reaction, production, self.thresholds)

    @contextmanager
    def exporting(self, target: str) -> Iterator[str]:
        """Open a target's auxiliary export inside a ``with`` block; gives `production_reaction`."""
        production = self.production_reaction(target)
        added = self.flux.index[production] >= len(self.states.reactions)
        with self.flux.bounds({production: (0.0, EXPORT_BOUND)} if added else {}):
            yield production

    def largest_production(self, target: str, growth: float = 0.0) -> float:
        """Largest production rate of a target (mmol/gDW/h) without deletions.

        Parameters
        ----------
        target : str
            A species.
        growth : float
            Growth rate to sustain at the same time (1/h).
        """
        with self.exporting(target) as production:
            upper = max(growth, float(self.flux.upper[self.flux.index[self.growth_reaction]]))
            with self.flux.bounds({self.growth_reaction: (growth, upper)}):
                solution = self.flux.optimise(production)
        return max(solution.value, 0.0) if solution.optimal else 0.0

    @cached_property
    def mentions(self) -> Any:
        """Which rule names which gene: ``scipy.sparse.csr_array``, (n_reactions, n_genes)."""
        import scipy.sparse as sparse

        rules = self.model.rules
        rows: list[int] = []
        columns: list[int] = []
        for row, reaction in enumerate(self.states.reactions):
            genes = genes_of(rules.get(reaction))
            rows.extend([row] * len(genes))
            columns.extend(sorted(self.states.index[gene] for gene in genes))
        shape = len(self.states.reactions), len(self.genes)
        return sparse.csr_array((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)

    @cached_property
    def needed_genes(self) -> BoolArray:
        """Genes that no strain of this model can grow without, whatever its target.

        Growth without each gene is taken with the export of *every* species open. That is more
        than any target's export allows, so what does not grow here grows in no strain.
        """
        flux = FluxModel(self.model.reactions, self.model.stoichiometry, self.growth_reaction)
        demands = flux.add_demands(list(flux.species))
        flux.set_bounds(
            {d: (0.0, EXPORT_BOUND) for d in demands if flux.index[d] >= len(self.states.reactions)}
        )
        growths = knock_out_genes(flux, self.model.rules)["growth_rate"].to_numpy()
        needed: BoolArray = growths < self.thresholds.growth
        return needed
