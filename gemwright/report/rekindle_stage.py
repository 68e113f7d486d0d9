"""What the workflow shows of REKINDLE: its files read and handed to the tables and figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gemwright.io.tables import read_metadata, read_parquet
from gemwright.kinetics.labelling import time_constants
from gemwright.kinetics.parameters import parameter_names
from gemwright.kinetics.physiology import read_physiology, read_sets
from gemwright.kinetics.sampled_sets import shares_of
from gemwright.kinetics.skimpy_yaml import read_skimpy_yaml
from gemwright.rekindle.costs import cost_at_scale
from gemwright.rekindle.parameter_analysis import SAMPLED, read_projections
from gemwright.report.rekindle_figures import (
    plot_boundary,
    plot_constraining,
    plot_costs,
    plot_perturbations,
    plot_projections,
    plot_ranking,
    plot_subpopulations,
    plot_time_constants,
    plot_training_quality,
    plot_transfer_features,
)
from gemwright.report.rekindle_tables import (
    compare_with_printed,
    constraining_table,
    controls_table,
    perturbation_table,
    physiology_table,
    ranking_table,
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
    quality = _stacked(files["quality"])
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
        "windows": _stacked(files["windows"]),
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


def _stacked(paths: Sequence[str]) -> pd.DataFrame:
    return pd.concat([read_parquet(path) for path in paths], ignore_index=True)


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
    fluxes = dict(
        zip(
            (reaction.name for reaction in physiology.model.reactions),
            physiology.state.fluxes,
            strict=True,
        )
    )
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
    monitors = _stacked(files["monitors"])
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


def rekindle_figures(
    files: Mapping[str, Any], physiology: str, presets: Sequence[str]
) -> dict[str, Figure]:
    """Draw all figures of one physiology.

    Parameters
    ----------
    files : mapping
        model (SKiMpy's YAML), sets, generated (one for each preset), runs (folders of the first
        preset's trainings), costs, parameters (folder), courses, transferred (sets of one by
        transfer; may be missing), and the tables perturbations and constraining of all
        physiologies.
    physiology : str
        Its name.
    presets : sequence of str
        Presets of the generators.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        By name: training, time_constants, perturbations, ranking, constraining, subpopulations,
        boundary, projections, costs, transfer_features (with transferred sets).
    """
    model = read_skimpy_yaml(files["model"])
    sets = read_sets(files["sets"], model)
    folder = Path(files["parameters"])
    ranking = read_parquet(folder / "ranking.parquet")
    ranking = ranking[ranking["source"] == SAMPLED]
    parts = read_parquet(folder / "subpopulations.parquet")
    courses = read_parquet(files["courses"])
    explained = courses[["explained_1", "explained_2"]].head(1).to_numpy(float).ravel()
    slowest = float(read_metadata(files["sets"])["slowest"])
    own = {
        name: table[table["physiology"] == physiology]
        for name in ("perturbations", "constraining")
        for table in [pd.read_csv(files[name])]
    }
    largest = {"sampled": sets.largest}
    for preset, path in zip(presets, files["generated"], strict=True):
        largest[f"generator, {preset}"] = read_sets(path, model).largest
    figures = {
        "training": plot_training_quality(
            _stacked([f"{run}/monitor.parquet" for run in files["runs"]]),
            float(sets.relevant.mean()),
        ),
        "time_constants": plot_time_constants(largest, relevant_below=slowest),
        "perturbations": plot_perturbations(
            own["perturbations"], None if courses.empty else courses, explained
        ),
        "ranking": plot_ranking(
            ranking, sets.saturations[sets.relevant], sets.saturations[~sets.relevant]
        ),
        "constraining": plot_constraining(own["constraining"]),
        "subpopulations": plot_subpopulations(parts[parts["source"] == SAMPLED], slowest),
        "boundary": plot_boundary(read_parquet(folder / "boundary.parquet")),
        "projections": plot_projections(
            read_projections(folder), read_parquet(folder / "disjointness.parquet")
        ),
        "costs": plot_costs(cost_at_scale(read_parquet(files["costs"]))),
    }
    if files.get("transferred"):
        first = f"generator, {presets[0]}"
        figures["transfer_features"] = plot_transfer_features(
            own["perturbations"],
            {
                "training": sets.largest,
                "generated": largest[first],
                "transferred": read_sets(files["transferred"], model).largest,
            },
            slowest,
        )
    return figures
