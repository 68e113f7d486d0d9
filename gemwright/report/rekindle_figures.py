"""All figures of one physiology, from the workflow's files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from gemwright.io.tables import read_metadata, read_parquet, read_results, stack_parquet
from gemwright.kinetics.physiology import read_sets
from gemwright.kinetics.skimpy_yaml import read_skimpy_yaml
from gemwright.rekindle.costs import cost_at_scale
from gemwright.rekindle.parameter_analysis import SAMPLED, read_projections
from gemwright.report.generator_figures import (
    plot_costs,
    plot_time_constants,
    plot_training_quality,
)
from gemwright.report.parameter_figures import (
    plot_boundary,
    plot_constraining,
    plot_projections,
    plot_ranking,
    plot_subpopulations,
)
from gemwright.report.perturbation_figures import plot_perturbations
from gemwright.report.transfer_figures import plot_transfer_features


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
        for table in [read_results(files[name])]
    }
    largest = {"sampled": sets.largest}
    for preset, path in zip(presets, files["generated"], strict=True):
        largest[f"generator, {preset}"] = read_sets(path, model).largest
    figures = {
        "training": plot_training_quality(
            stack_parquet([f"{run}/monitor.parquet" for run in files["runs"]]),
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
