"""Designs for one target: ranked strategies, told with what they cost and yield, and as SBML."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FloatArray
from gemwright.gem.formulas import parse_formula
from gemwright.gem.gene_states import BoolArray
from gemwright.gem.gpr import Rule, format_gpr, parse_gpr
from gemwright.gem.medium import EXCHANGE
from gemwright.gem.model import MetabolicModel, ModelTables
from gemwright.gem.sbml import sbml_id, write_sbml
from gemwright.gem.species import metabolite_of
from gemwright.strain_design.envelope import production_envelope
from gemwright.strain_design.reduction import extend_to_maximal, reduce_to_minimal
from gemwright.strain_design.strain import EXPORT_BOUND, StrainModel

logger = logging.getLogger(__name__)

FORMS = ("minimal", "as given", "maximal")
ORDERS = 4
COLUMNS = (
    "target", "rank", "origin", "form", "coupled", "deletions", "growth_rate",
    "production_guaranteed", "production_best", "carbon_source", "yield_guaranteed",
    "carbon_yield_guaranteed", "genes", "gene_names", "reactions", "reaction_names",
)  # fmt: skip


@dataclass(frozen=True)
class CarbonYield:
    """What a strain makes of its carbon source, in the worst case at its largest growth.

    Attributes
    ----------
    source : str
        Metabolite whose uptake brings in most carbon, ``""`` if none does.
    molar : float
        mol of the target per mol of that metabolite; NaN without uptake.
    carbon : float
        C-mol of the target per C-mol of all that is taken up; NaN without uptake, or if the
        target's formula is not known.
    """

    source: str
    molar: float
    carbon: float


def carbon_yield(
    strain: StrainModel, target: str, fluxes: FloatArray, production: float
) -> CarbonYield:
    """Yield of a flux distribution on its carbon source.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    fluxes : numpy.ndarray of float, shape (n_reactions,)
        As of `StrainModel.worst_case`.
    production : float
        Production rate of the target (mmol/gDW/h).
    """
    carbon = _carbon_atoms(strain.model.tables.species)
    uptake: dict[str, float] = {}
    for reaction, flux in zip(strain.flux.reactions, fluxes.tolist(), strict=False):
        if reaction.startswith(EXCHANGE) and flux < -FLUX_TOLERANCE:
            species = reaction.removeprefix(EXCHANGE)
            if carbon.get(species, 0):
                uptake[species] = -flux
    if not uptake:
        return CarbonYield("", float("nan"), float("nan"))
    source = max(sorted(uptake), key=lambda species: uptake[species] * carbon[species])
    total = sum(rate * carbon[species] for species, rate in uptake.items())
    return CarbonYield(
        metabolite_of(source),
        production / uptake[source],
        production * carbon[target] / total if target in carbon else float("nan"),
    )


def _carbon_atoms(species: pd.DataFrame) -> dict[str, int]:
    atoms = {}
    for name, formula in zip(species["species"], species["formula"], strict=True):
        try:
            atoms[name] = parse_formula(formula).get("C", 0)
        except ValueError:
            continue  # no formula, or that of a polymer: its carbon is not known
    return atoms


def strategy_forms(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    forms: Sequence[str] = FORMS,
    orders: int = ORDERS,
) -> list[tuple[str, BoolArray]]:
    """Strategies that follow from one that is coupled.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        A coupled strategy.
    forms : sequence of str
        ``minimal`` (no gene can be re-added), ``as given``, ``maximal`` (no further gene can be
        deleted).
    orders : int
        Orders in which genes are re-added, each of which may end in another minimal strategy:
        as sorted, reversed, then shuffled.

    Returns
    -------
    list of (str, numpy.ndarray of bool)
        Forms and deleted genes; minimal ones are all different.
    """
    made: list[tuple[str, BoolArray]] = []
    if "minimal" in forms:
        minimal: dict[bytes, BoolArray] = {}
        for number in range(orders):
            order = list(strain.genes)[:: -1 if number == 1 else 1]
            if number > 1:
                np.random.default_rng(number).shuffle(order)
            reduced = reduce_to_minimal(strain, target, deleted, order)
            minimal.setdefault(reduced.tobytes(), reduced)
        made.extend(("minimal", reduced) for reduced in minimal.values())
    if "as given" in forms:
        made.append(("as given", deleted))
    if "maximal" in forms:
        made.append(("maximal", extend_to_maximal(strain, target, deleted)))
    return made


def rank_designs(
    strain: StrainModel,
    target: str,
    proposals: Sequence[tuple[str, BoolArray]],
    gene_names: Mapping[str, str] | None = None,
    forms: Sequence[str] = FORMS,
    orders: int = ORDERS,
) -> pd.DataFrame:
    """Judge strategies of several origins for one target, fewest deletions first.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    proposals : sequence of (str, numpy.ndarray of bool)
        Where a strategy comes from (``predicted``, ``repaired``, ``known``, ``computed``), and
        its deleted genes. The same deletions from several origins become one row.
    gene_names : mapping of str to str, optional
        Gene to name, see `gemwright.gem.load.StrainSource`.
    forms : sequence of str
        Which of `FORMS` are told of each strategy that is coupled. One that is not coupled is
        told as given, after those that are, and has no rank.
    orders : int
        See `strategy_forms`.

    Returns
    -------
    pandas.DataFrame
        target, rank (from 1), origin, form, coupled, deletions, growth_rate (1/h),
        production_guaranteed and production_best (mmol/gDW/h, least and largest at that growth),
        carbon_source, yield_guaranteed (mol/mol), carbon_yield_guaranteed (C-mol/C-mol), genes,
        gene_names (ids where there is no name), reactions (lost ones), reaction_names; lists are
        joined by ``;``. Sorted by deletions, then by guaranteed production, the largest first.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    named = gene_names or {}
    origins: dict[bytes, list[str]] = {}
    form_of: dict[bytes, list[str]] = {}
    for origin, deleted in proposals:
        coupled = strain.judge(target, deleted).coupled
        made = [("as given", deleted)]
        if coupled:
            made = strategy_forms(strain, target, deleted, forms, orders)
        else:
            logger.info("%s: the %s strategy is not coupled", target, origin)
        for form, mask in made:
            key = mask.tobytes()
            for store, word in ((origins, origin), (form_of, form)):
                if word not in store.setdefault(key, []):
                    store[key].append(word)
    reaction_names = dict(
        zip(strain.model.tables.reactions["reaction"], strain.model.tables.reactions["name"],
            strict=True)
    )  # fmt: skip
    rows = []
    for key, sources in origins.items():
        deleted = np.frombuffer(key, np.bool_)
        case = strain.worst_case(target, deleted)
        grows = bool(case.fluxes.size)
        best = (
            float(production_envelope(strain, target, deleted, points=2)["production_max"].iloc[-1])
            if grows
            else float("nan")
        )
        gained = (
            carbon_yield(strain, target, case.fluxes, case.coupling.production_rate)
            if grows
            else CarbonYield("", float("nan"), float("nan"))
        )
        genes = strain.names(deleted)
        lost = [strain.flux.reactions[column] for column in strain.lost_columns(deleted)]
        rows.append(
            (
                target,
                pd.NA,
                ", ".join(sources),
                ", ".join(form_of[key]),
                case.coupling.coupled,
                len(genes),
                case.coupling.growth_rate,
                case.coupling.production_rate,
                best,
                gained.source,
                gained.molar,
                gained.carbon,
                ";".join(genes),
                ";".join(named.get(gene, gene) for gene in genes),
                ";".join(lost),
                ";".join(reaction_names.get(name) or name for name in lost),
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        ["coupled", "deletions", "production_guaranteed", "genes"],
        ascending=[False, True, False, True],
        ignore_index=True,
    )
    rates = ["production_guaranteed", "production_best", "yield_guaranteed"]
    rates += ["carbon_yield_guaranteed"]
    table[rates] += 0.0  # no -0 in tables
    table["rank"] = pd.array(
        [place + 1 if coupled else pd.NA for place, coupled in enumerate(table["coupled"])],
        dtype="Int64",
    )
    return table


def mask_of(strain: StrainModel, design: "pd.Series[str]") -> BoolArray:
    """Return the deleted genes of a row of `rank_designs`, as a mask."""
    return strain.gene_mask([gene for gene in str(design["genes"]).split(";") if gene])


def _left(rule: Rule, deleted: frozenset[str]) -> Rule | None:
    """Leave the rest of a rule without some genes; None if nothing remains."""
    if isinstance(rule, str):
        return None if rule in deleted else rule
    operator, parts = rule
    left = [_left(part, deleted) for part in parts]
    kept = tuple(part for part in left if part is not None)
    if operator == "and":
        return (operator, kept) if len(kept) == len(parts) else None
    return None if not kept else kept[0] if len(kept) == 1 else (operator, kept)


def designed_model(
    strain: StrainModel, target: str, deleted: BoolArray, identifier: str = ""
) -> tuple[MetabolicModel, dict[str, list[str]]]:
    """Make a model of the strain itself.

    Reactions that the deletions switch off are kept with bounds of 0 and their old rule; other
    rules lose the alternatives that need a deleted gene. The target's export is in the model.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Which genes are deleted.
    identifier : str
        Of the new model; by default made of the model's and the target's.

    Returns
    -------
    model : MetabolicModel
        Judged without deletions, it gives the rates of the strain.
    notes : dict of str to list of str
        What was done to each part, for `write_sbml`.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    tables = strain.model.tables
    production = strain.production_reaction(target)
    genes = frozenset(strain.names(deleted))
    lost = {strain.flux.reactions[column] for column in strain.lost_columns(deleted)}
    coupling = strain.judge(target, deleted)
    notes = {
        "": [
            f"strain: {strain.model.identifier} without {len(genes)} genes, for {target}",
            f"deleted genes: {'; '.join(sorted(genes))}",
            f"largest growth rate (1/h): {coupling.growth_rate:.6g}",
            f"guaranteed production of {target} (mmol/gDW/h): {coupling.production_rate:.6g}",
        ]
    }
    reactions = tables.reactions.copy()
    closed = reactions["reaction"].isin(lost)
    for row in reactions[closed].itertuples(index=False):
        notes[sbml_id("R_", str(row.reaction))] = [
            f"switched off: by the deleted genes, bounds before {row.lower_bound:g} and"
            f" {row.upper_bound:g}"
        ]
    reactions.loc[closed, ["lower_bound", "upper_bound"]] = 0.0

    rules = strain.model.rules
    for reaction, text in rules.items():
        rule = parse_gpr(text)
        assert rule is not None
        left = format_gpr(_left(rule, genes))
        if reaction not in lost and left != format_gpr(rule):
            rules[reaction] = left
            notes[sbml_id("R_", reaction)] = [f"gene rule before: {text}"]
    gprs = strain.model.gprs[["reaction"]].copy()
    gprs["gpr"] = gprs["reaction"].map(rules).fillna("")
    for gene in genes:
        notes[sbml_id("G_", gene)] = ["deleted: yes"]

    stoichiometry = tables.stoichiometry
    if production not in set(reactions["reaction"]):
        export = {
            "reaction": production,
            "name": f"export of {target}, added for strain design",
            "lower_bound": 0.0,
            "upper_bound": EXPORT_BOUND,
        }
        reactions = pd.concat([reactions, pd.DataFrame([export])], ignore_index=True)
        text_columns = reactions.columns.difference(["lower_bound", "upper_bound"])
        reactions[text_columns] = reactions[text_columns].fillna("")
        leaves = {"reaction": production, "species": target, "coefficient": -1.0}
        stoichiometry = pd.concat([stoichiometry, pd.DataFrame([leaves])], ignore_index=True)
        gprs = pd.concat(
            [gprs, pd.DataFrame([{"reaction": production, "gpr": ""}])], ignore_index=True
        )
        notes[sbml_id("R_", production)] = [f"added: export of {target}"]
    model = MetabolicModel(
        identifier or f"{strain.model.identifier}_{target}",
        ModelTables(tables.species, reactions, stoichiometry, tables.objective),
        gprs,
    )
    return model, notes


def write_design(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    path: str | Path,
    gene_names: Mapping[str, str] | None = None,
    identifier: str = "",
) -> None:
    """Write a strain as SBML; see `designed_model`. What was changed is told in notes.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    model, notes = designed_model(strain, target, deleted, identifier)
    write_sbml(model, path, notes, gene_names)


def write_best_designs(
    strain: StrainModel,
    designs: pd.DataFrame,
    folder: str | Path,
    gene_names: Mapping[str, str] | None = None,
    count: int = 1,
) -> list[Path]:
    """Write the first designs of each target as ``<folder>/<target>_<rank>.xml``.

    Parameters
    ----------
    strain : StrainModel
        The model.
    designs : pandas.DataFrame
        Tables of `rank_designs`, put together.
    folder : str or Path
        Where to write.
    gene_names : mapping of str to str, optional
        Gene to name.
    count : int
        Designs of each target, at least 1.

    Returns
    -------
    list of Path
        The files, in the order of `designs`.

    Raises
    ------
    InputError
        If no design is coupled.
    """
    among = designs["rank"].astype("Float64").le(count).fillna(False).astype(bool)
    chosen = designs[designs["coupled"].astype(bool) & among]
    if chosen.empty:
        raise InputError(
            "designs",
            "no strategy is coupled, so that there is no strain to write",
            "Choose other targets or lower thresholds",
        )
    paths = []
    for _, design in chosen.iterrows():
        name = f"{design['target']}_{int(design['rank'])}"
        path = Path(folder) / f"{name}.xml"
        identifier = f"{strain.model.identifier}_{name}"
        write_design(
            strain, design["target"], mask_of(strain, design), path, gene_names, identifier
        )
        paths.append(path)
    return paths


def design_envelopes(
    strain: StrainModel, target: str, designs: pd.DataFrame, count: int = 3, points: int = 21
) -> dict[str, pd.DataFrame]:
    """Production envelopes of the wild type and of the first designs of a target that differ.

    Designs whose envelope equals that of one before are left out.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    designs : pandas.DataFrame
        From `rank_designs`.
    count, points : int
        Designs, and growth rates of each envelope.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``wild type``, ``1: 3 deletions``, ... to `production_envelope`.
    """
    envelopes = {"wild type": production_envelope(strain, target, points=points)}
    for _, design in designs[(designs["target"] == target) & designs["coupled"]].iterrows():
        if len(envelopes) > count:
            break
        envelope = production_envelope(strain, target, mask_of(strain, design), points)
        if any(
            envelope.shape == other.shape and np.allclose(envelope, other, atol=1e-4)
            for other in envelopes.values()
        ):
            continue
        size = int(design["deletions"])
        label = f"{int(design['rank'])}: {size} deletion{'' if size == 1 else 's'}"
        envelopes[label] = envelope
    return envelopes
