"""All of REKINDLE's tables, from the workflow's files.

The bodies of the paper's Tables 1 and 2 are not in the text that we have; what its prose tells of
them stands beside ours, and the rest is marked as not printed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.io.tables import read_parquet, stack_parquet
from gemwright.kinetics.labelling import time_constants
from gemwright.kinetics.parameters import parameter_names
from gemwright.kinetics.physiology import read_physiology
from gemwright.kinetics.sampled_sets import shares_of
from gemwright.kinetics.skimpy_yaml import read_skimpy_yaml
from gemwright.rekindle.costs import cost_at_scale
from gemwright.rekindle.parameter_analysis import SAMPLED
from gemwright.report.generator_tables import controls_table, physiology_table
from gemwright.report.parameter_tables import constraining_table, ranking_table
from gemwright.report.perturbation_tables import perturbation_table
from gemwright.report.rekindle_printed import (
    compare_with_printed,
    read_contradictions,
    read_printed_figures,
)

# sources of perturbed sets in the tables: the paper calls sampled sets the training data
_PERTURBED = {
    "training": "sampled",
    "generated": "generated",
    "transferred": "transferred",
}
_DIRECTED = ("TALA", "ICL")  # whose signs tell the paper's physiologies apart


def rekindle_tables(
    files: Mapping[str, Sequence[str]],
    physiologies: Sequence[str],
    numbers: Mapping[str, str],
    printed: str | Path,
    contradictions: str | Path,
) -> dict[str, pd.DataFrame]:
    """Make all tables of generators and kinetic models.

    Parameters
    ----------
    files : mapping of str to sequence of str
        models, states, sets, quality, costs, windows, parameters (folders), courses, made (sets of
        the first preset's generator), monitors (its trainings, all seeds), and the perturbation
        runs sampled, generated and, where there are any, transferred; each with a file for every
        physiology.
    physiologies : sequence of str
        Their names, in the order of the files.
    numbers : mapping of str to str
        Physiology to its number in the paper.
    printed, contradictions : str or Path
        Tables of ``resources/``.

    Returns
    -------
    dict of str to pandas.DataFrame
        physiologies (Table 1), generators, costs, windows, ranking, constraining, perturbations,
        disjointness, contradictions, printed (single figures of the paper's text).
    """
    figures = read_printed_figures(printed)
    runs = perturbation_table(_runs(files, physiologies), figures, numbers)
    quality = stack_parquet(files["quality"])
    costs = _by_name(physiologies, files["costs"])
    rankings = _by_name(physiologies, files["parameters"], "ranking.parquet")
    sampled = {name: table[table["source"] == SAMPLED] for name, table in rankings.items()}
    fractions = pd.DataFrame(
        [
            _fractions(*paths, numbers)
            for paths in zip(
                physiologies, files["models"], files["states"], files["sets"], strict=True
            )
        ]
    )
    return {
        "physiologies": physiology_table(fractions, quality, figures),
        "generators": controls_table(quality, costs),
        "costs": _named({name: cost_at_scale(table) for name, table in costs.items()}),
        "windows": stack_parquet(files["windows"]),
        "ranking": ranking_table(sampled),
        "constraining": constraining_table(
            _by_name(physiologies, files["parameters"], "constraining.parquet"), figures, numbers
        ),
        "perturbations": runs,
        "disjointness": _named(_by_name(physiologies, files["parameters"], "disjointness.parquet")),
        "contradictions": read_contradictions(contradictions),
        "printed": compare_with_printed(
            _own_figures(files, physiologies, numbers, fractions, runs), figures
        ),
    }


def _named(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stack tables with a column for the physiology of each."""
    parts = [table.assign(physiology=name) for name, table in tables.items()]
    return pd.concat(parts, ignore_index=True)


def _by_name(
    physiologies: Sequence[str], paths: Sequence[str], inside: str = ""
) -> dict[str, pd.DataFrame]:
    return {
        name: read_parquet(Path(path) / inside if inside else path)
        for name, path in zip(physiologies, paths, strict=True)
    }


def _fractions(
    name: str, model: str, state: str, sets: str, numbers: Mapping[str, str]
) -> dict[str, object]:
    """Row of `physiology_table`'s fractions."""
    physiology = read_physiology(model, state)
    labels = read_parquet(sets, ["largest_eigenvalue", "relevant"])
    names = [reaction.name for reaction in physiology.model.reactions]
    fluxes = dict(zip(names, physiology.state.fluxes, strict=True))
    signs = {
        reaction.lower(): ("+" if fluxes[reaction] > 0 else "-") if reaction in fluxes else ""
        for reaction in _DIRECTED
    }
    found = shares_of(labels["largest_eigenvalue"].to_numpy(), labels["relevant"].to_numpy(bool))
    return {"physiology": name, "number": numbers.get(name, ""), **signs, **found}


def _runs(files: Mapping[str, Sequence[str]], physiologies: Sequence[str]) -> pd.DataFrame:
    """Perturbation runs of all physiologies."""
    parts = [
        read_parquet(path, ["model", "returned", "failed"]).assign(physiology=name, source=source)
        for source, key in _PERTURBED.items()
        if key in files
        for name, path in zip(physiologies, files[key], strict=True)
    ]
    runs = pd.concat(parts, ignore_index=True)
    return runs.assign(finished=~runs["failed"])


def _own_figures(
    files: Mapping[str, Sequence[str]],
    physiologies: Sequence[str],
    numbers: Mapping[str, str],
    fractions: pd.DataFrame,
    runs: pd.DataFrame,
) -> list[tuple[str, str, float]]:
    """Our values of figures that the paper's text prints, for its own physiologies."""
    found: list[tuple[str, str, float]] = []
    monitors = stack_parquet(files["monitors"])
    for place, name in enumerate(physiologies):
        number = numbers.get(name)
        if number is None:
            continue
        model = read_skimpy_yaml(files["models"][place])
        if not found:
            found += [
                ("parameters", "", len(parameter_names(model))),
                ("metabolites", "", len(model.species)),
                ("reactions", "", len(model.reactions)),
                ("boundary metabolites", "", len(model.boundary)),
                ("metabolites with a mass balance", "", len(model.dynamic)),
                ("features", "", len(model.terms)),
            ]
        relevant = fractions.loc[fractions["physiology"] == name, "relevant"].iloc[0]
        found.append(("fraction of relevant sets", number, relevant))
        back = runs[runs["physiology"] == name].set_index("source")["returned"]
        for source in ("training", "generated"):
            if source in back:
                found.append((f"share that returns, {source}", number, 100 * back[source]))
        if number != "1":
            continue
        own = monitors[monitors["physiology"] == name]
        trend = own["incidence"].corr(own["kl_mean"], method="spearman")
        found.append(("Spearman of incidence and KL divergence", number, trend))
        found.append(("best incidence", number, own["incidence"].max()))
        for source, key in (("generated", "made"), ("training", "sets")):
            sets = read_parquet(files[key][place], ["largest_eigenvalue", "relevant"])
            values = sets.loc[sets["relevant"], "largest_eigenvalue"].to_numpy()
            usual = float(np.median(time_constants(values))) if len(values) else np.nan
            found.append((f"usual time constant of {source} sets", number, usual))
        explained = read_parquet(files["courses"][place], ["explained_1", "explained_2"]).head(1)
        for column, share in zip(("1", "2"), explained.to_numpy(float).ravel(), strict=False):
            found.append((f"variance of trajectories, component {column}", number, 100 * share))
    return found
