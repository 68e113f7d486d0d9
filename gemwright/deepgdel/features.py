"""What a metabolic model says about target metabolites before any strategy is known.

For each target a few flux distributions are computed that make it (parsimonious: the sum of
absolute fluxes is least), and how far it is from other targets and from the genes' reactions in
the network. Nothing here depends on strategies.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from gemwright.arrays import BoolArray, FloatArray, IntArray, SingleArray
from gemwright.errors import InputError
from gemwright.gem.currency import CURRENCY_METABOLITES
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.gpr import gene_losses, genes_of
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import metabolite_of
from gemwright.io.tables import read_metadata, read_parquet, write_parquet
from gemwright.strain_design.strain import EXPORT_BOUND

#: The flux distributions, by name: the largest production alone and at a tenth of the wild type's
#: growth; the largest growth beside a tenth and beside half of the largest production.
MODES = ("product", "product at growth", "growth at product", "growth at much product")

# an optimum is held a little below, where rounding cannot put it out of reach
_HOLD = 0.999
# reactions of so many metabolites are biomass or lumps: they would join everything to everything
_MOST_PARTICIPANTS = 30


@dataclass(frozen=True)
class TargetFeatures:
    """Flux modes and network distances of the targets of one model.

    Attributes
    ----------
    model : str
        The model's id.
    targets, genes, reactions : tuple of str
        The n targets, m genes and r reactions.
    fluxes : numpy.ndarray of float32, shape (4, n, r)
        Net fluxes (mmol/gDW/h) of `MODES`; all 0 where a mode is not feasible.
    production : numpy.ndarray of float, shape (n,)
        Largest production (mmol/gDW/h) without growth; 0 if there is none.
    lethal : numpy.ndarray of bool, shape (r, m)
        Whether the loss of the gene alone switches the reaction off.
    named : numpy.ndarray of bool, shape (r, m)
        Whether the reaction's rule names the gene.
    distance : numpy.ndarray of float, shape (n, n)
        Reactions between two targets, currency metabolites and exchanges left out; inf if there
        is no path.
    proximity : numpy.ndarray of float, shape (n, n)
        Cosine of exp(-distance) to all metabolites: 1 for targets in one place of the network.
    gene_distance : numpy.ndarray of float32, shape (n, m)
        Steps from a target to the nearest reaction of a gene (1: it takes part in the reaction);
        inf if there is no path.
    """

    model: str
    targets: tuple[str, ...]
    genes: tuple[str, ...]
    reactions: tuple[str, ...]
    fluxes: SingleArray
    production: FloatArray
    lethal: BoolArray
    named: BoolArray
    distance: FloatArray
    proximity: FloatArray
    gene_distance: SingleArray

    @property
    def active(self) -> BoolArray:
        """Reactions that carry flux in each mode, shape (4, n, r)."""
        carrying: BoolArray = np.abs(self.fluxes) > FLUX_TOLERANCE
        return carrying

    @property
    def needed(self) -> BoolArray:
        """Genes whose loss alone switches off a reaction that carries flux, shape (4, n, m)."""
        return self._genes_of(self.lethal)

    @property
    def usable(self) -> BoolArray:
        """Genes named by the rule of a reaction that carries flux, shape (4, n, m)."""
        return self._genes_of(self.named)

    def _genes_of(self, rules: BoolArray) -> BoolArray:
        some: BoolArray = self.active.astype(np.float32) @ rules.astype(np.float32) > 0
        return some


def target_features(
    model: MetabolicModel, targets: Sequence[str], genes: Sequence[str]
) -> TargetFeatures:
    """Compute the features of all targets.

    Parameters
    ----------
    model : MetabolicModel
        The model on its medium.
    targets : sequence of str
        Species of the model.
    genes : sequence of str
        Genes of the model, in the order wanted.

    Raises
    ------
    InputError
        If a target or a gene is not in the model, or the model does not grow.
    """
    for kind, names, known in (
        ("target", targets, set(model.species["species"])),
        ("gene", genes, set(model.genes)),
    ):
        unknown = sorted(set(names) - known)
        if unknown:
            raise InputError(
                f"{kind} {unknown[0]!r}",
                f"is not in model {model.identifier!r} ({len(unknown)} of {len(names)} are not)",
                "use the model that the strategies were made for",
            )
    fluxes, production = _flux_modes(model, targets)
    lethal, named = _rule_matrices(model, genes)
    to_species, to_reactions, rows = _network_distances(model, targets)
    closeness = np.exp(-to_species)
    closeness /= np.linalg.norm(closeness, axis=1, keepdims=True)
    gene_distance = np.full((len(targets), len(genes)), np.inf, np.float32)
    for column in range(len(genes)):
        reactions = np.flatnonzero(named[:, column])
        gene_distance[:, column] = to_reactions[:, reactions].min(axis=1, initial=np.inf)
    return TargetFeatures(
        model.identifier,
        tuple(targets),
        tuple(genes),
        tuple(model.reactions["reaction"]),
        fluxes,
        production,
        lethal,
        named,
        to_species[:, rows],
        closeness @ closeness.T,
        gene_distance,
    )


class _ModeFinder:
    """Solves one kind of problem for all targets in a sweep.

    Only bounds change within a sweep, so that the solver starts close to each optimum. Every
    reaction is split into ``<id>>`` and ``<id><``, which makes absolute fluxes linear.
    """

    def __init__(self, model: MetabolicModel, targets: Sequence[str]) -> None:
        self.names = list(model.reactions["reaction"])
        self.flux = _one_way_model(model)
        self.growth = f"{model.objective}>"
        self._every = {f"{name}{mark}": 1.0 for name in self.names for mark in "><"}
        known = set(self.names)
        self.exports: list[str] = []
        self._closed: list[dict[str, tuple[float, float]]] = []
        for target in targets:
            exchange = next((x for x in (f"EX_{target}", f"DM_{target}") if x in known), None)
            self.exports.append(f"{exchange}>" if exchange else self.flux.add_demands([target])[0])
            # with uptake open, a target could be made from itself
            self._closed.append({f"{exchange}<": (0.0, 0.0)} if exchange else {})

    def largest_production(self, growth: float) -> FloatArray:
        """Largest production of each target at a growth rate, shape (n,)."""
        return np.array(
            [
                self._value(row, self.exports[row], 0.0, growth)
                for row in self._rows(f"production at growth {growth:.3g}")
            ]
        )

    def largest_growth(self, production: FloatArray) -> FloatArray:
        """Largest growth beside a production of each target, shape (n,)."""
        return np.array(
            [
                self._value(row, self.growth, float(production[row]), 0.0)
                for row in self._rows("growth beside production")
            ]
        )

    def leanest(self, production: FloatArray, growth: FloatArray) -> SingleArray:
        """Net fluxes whose absolute sum is least at these rates, shape (n, r).

        0 for a target that is not produced or whose rates cannot be had.
        """
        count = len(self.names)
        fluxes = np.zeros((len(self.exports), count), np.float32)
        for row in self._rows("leanest fluxes"):
            if production[row] <= FLUX_TOLERANCE:
                continue
            with self._bounds(row, float(production[row]), float(growth[row])):
                solution = self.flux.optimise(self._every, maximise=False)
            if solution.optimal:
                fluxes[row] = solution.fluxes[:count] - solution.fluxes[count : 2 * count]
        return fluxes

    def _rows(self, what: str) -> Iterable[int]:
        rows: Iterable[int] = tqdm(
            range(len(self.exports)), desc=what, unit="target", disable=None, leave=False
        )
        return rows

    def _bounds(
        self, row: int, production: float, growth: float
    ) -> AbstractContextManager[FluxModel]:
        least = {self.exports[row]: production, self.growth: growth}
        opened = {name: (low, EXPORT_BOUND) for name, low in least.items()}
        return self.flux.bounds(self._closed[row] | opened)

    def _value(self, row: int, objective: str, production: float, growth: float) -> float:
        with self._bounds(row, production, growth):
            solution = self.flux.optimise(objective)
        return solution.value if solution.optimal else 0.0


def _flux_modes(model: MetabolicModel, targets: Sequence[str]) -> tuple[SingleArray, FloatArray]:
    finder = _ModeFinder(model, targets)
    wild = finder.flux.growth()
    if wild <= 0:
        raise InputError(
            f"model {model.identifier!r}", "does not grow", "correct its bounds or medium"
        )
    none, tenth = np.zeros(len(targets)), np.full(len(targets), 0.1 * wild)
    alone = finder.largest_production(0.0)
    growing = finder.largest_production(0.1 * wild)
    rates: list[tuple[FloatArray, FloatArray]] = [(_HOLD * alone, none), (_HOLD * growing, tenth)]
    for share in (0.1, 0.5):
        rates.append((share * alone, _HOLD * finder.largest_growth(share * alone)))
    return np.stack([finder.leanest(*pair) for pair in rates]), alone


def _one_way_model(model: MetabolicModel) -> FluxModel:
    table, stoichiometry = model.reactions, model.stoichiometry
    lower, upper = (table[side].to_numpy(float) for side in ("lower_bound", "upper_bound"))
    ways = []
    for mark, low, high in ((">", lower, upper), ("<", -upper, -lower)):
        bounds = {"lower_bound": np.maximum(low, 0), "upper_bound": np.maximum(high, 0)}
        ways.append(pd.DataFrame({"reaction": table["reaction"] + mark, **bounds}))
    forward = stoichiometry.assign(reaction=stoichiometry["reaction"] + ">")
    backward = stoichiometry.assign(
        reaction=stoichiometry["reaction"] + "<", coefficient=-stoichiometry["coefficient"]
    )
    return FluxModel(
        pd.concat(ways, ignore_index=True),
        pd.concat([forward, backward], ignore_index=True),
        model.objective + ">",
    )


def _rule_matrices(model: MetabolicModel, genes: Sequence[str]) -> tuple[BoolArray, BoolArray]:
    row = {name: number for number, name in enumerate(model.reactions["reaction"])}
    column = {gene: number for number, gene in enumerate(genes)}
    lethal = np.zeros((len(row), len(column)), np.bool_)
    named = np.zeros_like(lethal)
    for gene, reaction in gene_losses(model.rules).itertuples(index=False, name=None):
        if gene in column:
            lethal[row[reaction], column[gene]] = True
    for reaction, rule in model.rules.items():
        for gene in genes_of(rule) & column.keys():
            named[row[reaction], column[gene]] = True
    return lethal, named


def _network_distances(
    model: MetabolicModel, targets: Sequence[str]
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Count the steps from targets to all species and to all reactions; give targets' columns."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    sides = model.stoichiometry
    species, names = pd.factorize(sides["species"], sort=True)
    currency = [metabolite_of(name) in CURRENCY_METABOLITES for name in names]
    sides = sides.assign(node=species)[~np.array(currency)[species]]
    sides = sides[sides["reaction"] != model.objective]
    participants = sides.groupby("reaction")["species"].transform("size")
    sides = sides[participants <= _MOST_PARTICIPANTS]
    reactions = {name: number for number, name in enumerate(model.reactions["reaction"])}
    size = len(names) + len(reactions)
    ends = sides["node"].to_numpy(), len(names) + sides["reaction"].map(reactions).to_numpy()
    graph = coo_array((np.ones(len(sides)), ends), shape=(size, size)).tocsr()
    rows = pd.Index(names).get_indexer(list(targets))
    steps = shortest_path(graph, directed=False, unweighted=True, indices=rows)
    return steps[:, : len(names)] / 2, (steps[:, len(names) :] + 1) / 2, rows


def write_target_features(features: TargetFeatures, folder: str | Path) -> None:
    """Write the features as Parquet tables into a folder."""
    folder = Path(folder)
    mode, target, reaction = np.nonzero(features.fluxes)
    fluxes = pd.DataFrame(
        {
            "mode": mode.astype(np.int16),
            "target": target.astype(np.int32),
            "reaction": reaction.astype(np.int32),
            "flux": features.fluxes[mode, target, reaction],
        }
    )
    reaction, gene = np.nonzero(features.named)
    rules = pd.DataFrame(
        {
            "reaction": reaction.astype(np.int32),
            "gene": gene.astype(np.int32),
            "lethal": features.lethal[reaction, gene],
        }
    )
    by_target = pd.DataFrame({"target": features.targets, "production": features.production})
    names = list(features.targets)
    write_parquet(by_target, folder / "targets.parquet", {"model": features.model})
    write_parquet(pd.DataFrame({"gene": features.genes}), folder / "genes.parquet")
    write_parquet(pd.DataFrame({"reaction": features.reactions}), folder / "reactions.parquet")
    write_parquet(fluxes, folder / "fluxes.parquet")
    write_parquet(rules, folder / "rules.parquet")
    for name in ("distance", "proximity"):
        frame = pd.DataFrame(getattr(features, name), columns=names)
        write_parquet(frame, folder / f"{name}.parquet")
    frame = pd.DataFrame(features.gene_distance, columns=list(features.genes))
    write_parquet(frame, folder / "gene_distance.parquet")


def read_target_features(folder: str | Path) -> TargetFeatures:
    """Read what `write_target_features` wrote.

    Raises
    ------
    InputError
        If a file is missing or damaged.
    """
    folder = Path(folder)

    def table(name: str) -> pd.DataFrame:
        return read_parquet(folder / f"{name}.parquet")

    targets, fluxes_of, rules = table("targets"), table("fluxes"), table("rules")
    genes, reactions = table("genes")["gene"], table("reactions")["reaction"]
    fluxes = np.zeros((len(MODES), len(targets), len(reactions)), np.float32)
    places = tuple(fluxes_of[name].to_numpy() for name in ("mode", "target", "reaction"))
    fluxes[places] = fluxes_of["flux"]
    named = np.zeros((len(reactions), len(genes)), np.bool_)
    named[rules["reaction"], rules["gene"]] = True
    lethal = np.zeros_like(named)
    lethal[rules["reaction"], rules["gene"]] = rules["lethal"]
    return TargetFeatures(
        read_metadata(folder / "targets.parquet")["model"],
        tuple(targets["target"]),
        tuple(genes),
        tuple(reactions),
        fluxes,
        targets["production"].to_numpy(),
        lethal,
        named,
        table("distance").to_numpy(),
        table("proximity").to_numpy(),
        table("gene_distance").to_numpy(),
    )
