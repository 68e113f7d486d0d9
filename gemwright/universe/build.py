"""Building a universe: a curated one, extended, corrected step by step, and sealed."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from gemwright.config.universe import UniverseOptions
from gemwright.gem.leaks import LEAKS, MISSING, TIGHT, charged, find_leaks, warn_of_leaks
from gemwright.gem.model import MetabolicModel
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.universe.anaerobic import live_without_oxygen
from gemwright.universe.biomass import set_biomass
from gemwright.universe.corrections import correct_formulas, correct_universe
from gemwright.universe.extended import extend_universe
from gemwright.universe.ions import import_ions, ion_imports
from gemwright.universe.merging import merge_equal, no_merging
from gemwright.universe.quinones import pool_quinones, pool_reactions
from gemwright.universe.sealed import CLOSED, seal_universe
from gemwright.universe.snapshot import Snapshot

logger = logging.getLogger(__name__)

CHANGES = ["step", "reaction", "change", "reason"]


@dataclass(frozen=True)
class Changed:
    """What a step made of a universe.

    Attributes
    ----------
    model : MetabolicModel
        The universe after it.
    changes : pandas.DataFrame
        reaction, change, reason.
    keep : frozenset of str
        Reactions that the sealing may not close.
    merged : pandas.DataFrame
        reaction, kept, turned: reactions that another one stands for, see `merging.Merging`.
    snapshot : Snapshot or None
        What further steps and weights are made with, if it is another one.
    """

    model: MetabolicModel
    changes: pd.DataFrame
    keep: frozenset[str] = field(default_factory=frozenset)
    merged: pd.DataFrame = field(default_factory=no_merging)
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class UnsealedUniverse:
    """A universe after every step but the sealing.

    Attributes
    ----------
    model : MetabolicModel
        The universe.
    changes : pandas.DataFrame
        step, reaction, change, reason.
    keep : frozenset of str
        Reactions that the sealing may not close.
    merged : pandas.DataFrame
        reaction, kept, turned.
    weights : pandas.DataFrame
        The table of `weights.direction_weights`, of all directions that may be closed.
    """

    model: MetabolicModel
    changes: pd.DataFrame
    keep: frozenset[str]
    merged: pd.DataFrame
    weights: pd.DataFrame


Step = Callable[[MetabolicModel, Snapshot, UniverseOptions], Changed]


@dataclass(frozen=True)
class BuiltUniverse:
    """A universe that models are made of, and the tables that explain it.

    Attributes
    ----------
    model : MetabolicModel
        The universe.
    changes : pandas.DataFrame
        step, reaction, change, reason: what made it of the curated one, but for the sealing.
    merged : pandas.DataFrame
        reaction, kept, turned: reactions that another one stands for, whose genes that one gets
        (`merging.pool_genes`).
    weights : pandas.DataFrame
        reaction, direction, weight, genera, running, balanced of all directions that may be
        closed, see `weights.direction_weights`.
    sealed : pandas.DataFrame
        reaction, direction, weight, genera, equation, cycle of each closed direction, see
        `sealed.SealedUniverse`; empty if it is not sealed.
    leaks : pandas.DataFrame
        The table of `gemwright.gem.leaks.find_leaks`, with the state ``before`` the sealing.
    """

    model: MetabolicModel
    changes: pd.DataFrame
    merged: pd.DataFrame
    weights: pd.DataFrame
    sealed: pd.DataFrame
    leaks: pd.DataFrame


def _with_models(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    extended = extend_universe(model, snapshot.universal, snapshot.bounds, options.models)
    names = extended.reactions["reaction"]
    added = names[~names.isin(set(model.reactions["reaction"]))]
    reason = f"the universe lacks it, a reaction of {' or '.join(options.models)}"
    changes = pd.DataFrame({"reaction": added, "change": "added", "reason": reason})
    return Changed(extended, changes)


def _corrected(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    corrected, done = correct_universe(model)
    reason = done["reason"] + " (" + done["source"] + ")"
    changes = pd.DataFrame({"reaction": done["reaction"], "change": done["what"], "reason": reason})
    universal = correct_formulas(snapshot.universal)
    return Changed(
        correct_formulas(corrected), changes, snapshot=replace(snapshot, universal=universal)
    )


def _merged(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    merging = merge_equal(
        model, snapshot.universal, snapshot.bounds, snapshot.organisms, snapshot.gprs
    )
    table = merging.merged
    genera = table["genera"].astype(str) + " and " + table["kept_genera"].astype(str)
    reason = "equal but for protons to " + table["kept_equation"] + "; genera: " + genera
    changes = pd.DataFrame(
        {"reaction": table["reaction"], "change": "merged into " + table["kept"], "reason": reason}
    )
    merged = table[["reaction", "kept", "turned"]]
    return Changed(merging.model, changes, merged=merged, snapshot=snapshot.pooled(merged))


def _anaerobic(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    return Changed(*live_without_oxygen(model, snapshot.universal))


def _ions(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    return Changed(*import_ions(model, snapshot.universal), frozenset(ion_imports()))


def _quinones(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    return Changed(*pool_quinones(model, snapshot.universal), frozenset(pool_reactions()))


def _biomass(model: MetabolicModel, snapshot: Snapshot, options: UniverseOptions) -> Changed:
    return Changed(*set_biomass(model, model.identifier))


#: What is done to a curated universe, in this order, each step by its key of the configuration: it
#: is left out where the key is false or empty.
STEPS: dict[str, Step] = {
    "models": _with_models,
    "corrections": _corrected,
    "anaerobic": _anaerobic,
    "merge": _merged,
    # after the merging, which would take an import for the transport by a gene that it is equal to
    "ions": _ions,
    "quinones": _quinones,
    "biomass": _biomass,
}


def unsealed_universe(name: str, options: UniverseOptions, snapshot: Snapshot) -> UnsealedUniverse:
    """Take every step to a universe but the sealing.

    Parameters
    ----------
    name : str
        One of `gemwright.sources.bigg_snapshot.UNIVERSES`.
    options : UniverseOptions
        Which steps to take.
    snapshot : Snapshot
        What they are taken with.

    Returns
    -------
    UnsealedUniverse
        With the changes of all steps.
    """
    model = replace(read_universe(name), identifier=name)
    keep: set[str] = set()
    merged = no_merging()
    tables = [pd.DataFrame(columns=CHANGES)]
    for key, step in STEPS.items():
        if getattr(options, key):
            done = step(model, snapshot, options)
            model, keep = done.model, keep | done.keep
            snapshot = done.snapshot or snapshot
            merged = pd.concat([merged, done.merged], ignore_index=True)
            tables.append(done.changes.assign(step=key)[CHANGES])
            logger.info("%s: %s: %d reactions changed", name, key, len(done.changes))
    weights = snapshot.weights(model)
    weights = weights[~weights["reaction"].isin(keep)].reset_index(drop=True)
    changes = pd.concat(tables, ignore_index=True)
    return UnsealedUniverse(model, changes, frozenset(keep), merged, weights)


def build_universe(
    name: str,
    options: UniverseOptions | None = None,
    snapshot: Snapshot | None = None,
    shipped: bool = True,
) -> BuiltUniverse:
    """Build a universe that models are made of.

    Parameters
    ----------
    name : str
        One of `gemwright.sources.bigg_snapshot.UNIVERSES`.
    options : UniverseOptions, optional
        Which steps to take.
    snapshot : Snapshot, optional
        Read from the installed package by default.
    shipped : bool
        Take the closed directions that are shipped, where they are those of this universe.

    Returns
    -------
    BuiltUniverse
        The universe; with ``seal`` it charges no energy carrier from inorganic compounds.

    Raises
    ------
    InputError
        If there is no such universe or model, or a cycle has no direction that may be closed.
    """
    options = options or UniverseOptions()
    snapshot = snapshot or Snapshot.embedded()
    unsealed = unsealed_universe(name, options, snapshot)
    if not options.seal:
        leaks = find_leaks(unsealed.model, cycles=False)
        logger.warning(
            "%s: the universe is not sealed (universe.seal is false): it charges %d energy"
            " carriers from nothing", name, len(charged(leaks)["nothing"]),
        )  # fmt: skip
        closed = pd.DataFrame(columns=CLOSED)
        return _built(unsealed, unsealed.model, closed, _with_before(leaks, charged(leaks)))
    sealed = seal_universe(unsealed.model, unsealed.weights, unsealed.keep, shipped)
    directions = sealed.closed["reaction"] + " " + sealed.closed["direction"]
    logger.info(
        "%s: sealed by closing %d directions (%s): %s", name, len(directions),
        "shipped" if sealed.shipped else "computed", ", ".join(directions),
    )  # fmt: skip
    leaks = find_leaks(sealed.model)
    if LEAKS in set(leaks["state"]):
        warn_of_leaks(leaks, f"universe {name!r}")
        raise RuntimeError(f"the sealed universe {name!r} still leaks")
    return _built(unsealed, sealed.model, sealed.closed, _with_before(leaks, sealed.charged))


def _built(
    unsealed: UnsealedUniverse, model: MetabolicModel, closed: pd.DataFrame, leaks: pd.DataFrame
) -> BuiltUniverse:
    made = unsealed.changes, unsealed.merged, unsealed.weights
    return BuiltUniverse(model, *made, closed, leaks)


def _with_before(leaks: pd.DataFrame, before: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Add the column ``before`` to a leak test: the state of each carrier before the sealing."""
    states = [
        MISSING if state == MISSING else LEAKS if carrier in before[imports] else TIGHT
        for imports, carrier, state in zip(
            leaks["imports"], leaks["carrier"], leaks["state"], strict=True
        )
    ]
    table = leaks.copy()
    table.insert(list(table.columns).index("state"), "before", states)
    return table
