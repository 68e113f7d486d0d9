"""Which parameters decide: ranking, constraining, sub-populations and projections (Fig. 3)."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray
from gemwright.config.rekindle_analysis import AnalysisOptions
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.kinetics.bindings import bindings_of
from gemwright.kinetics.labelling import Labeller
from gemwright.kinetics.parameters import ln_michaelis_constants
from gemwright.kinetics.physiology import ParameterSets, Physiology
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.rekindle.constraining import constraining_experiment, sets_to_constrain
from gemwright.rekindle.projection import Projection, disjointness, project
from gemwright.rekindle.ranking import rank_parameters
from gemwright.rekindle.subpopulations import boundary_subpopulations, subpopulations

SAMPLED = "sampled"
TABLES = (
    "ranking",
    "constraining",
    "subpopulations",
    "boundary",
    "projection",
    "explained",
    "disjointness",
)
_FEWEST = 50  # sets of a class, for the histograms of a ranking
_TOP = 10
_TOP_PROJECTED = 5
_LOWEST = 2  # of the ranking, for which no trend is expected


def analyse_parameters(
    physiology: Physiology,
    sets: ParameterSets,
    generated: Mapping[str, ParameterSets],
    labelling: Labelling,
    options: AnalysisOptions,
) -> dict[str, pd.DataFrame]:
    """Run all analyses of one physiology's parameters.

    Parameters
    ----------
    physiology : Physiology
        Whose sets they are.
    sets : ParameterSets
        Sampled ones.
    generated : mapping of str to ParameterSets
        Source to sets that were asked to be relevant, with what they turned out to be.
    labelling : Labelling
        How constrained sets are labelled.
    options : AnalysisOptions
        Sizes.

    Returns
    -------
    dict of str to pandas.DataFrame
        The `TABLES`, each with a column ``source`` where sources are compared.

    Raises
    ------
    InputError
        If too few of the sampled sets are of one class.
    """
    names, inert = physiology.model.km_names, bindings_of(physiology.model).inert
    sources = {SAMPLED: sets, **generated}
    rankings = [
        ranking.assign(source=source)
        for source, members in sources.items()
        if (ranking := _rank(members, names, inert, options)) is not None
    ]
    if not rankings or rankings[0]["source"].iloc[0] != SAMPLED:
        raise InputError(
            f"parameters of {physiology.name}",
            f"{int(sets.relevant.sum())} of {len(sets.relevant)} sampled sets are relevant, too few"
            f" of one class to rank parameters ({_FEWEST} are needed)",
            "raise kinetics.sets, or change kinetics.slowest",
        )
    first = rankings[0]
    labeller = Labeller(physiology.model, physiology.state, labelling.kernel, labelling.threads)
    unstable = sets_to_constrain(
        sets.saturations,
        sets.largest,
        min(options.constrained, int((sets.largest >= 0).sum())),
        options.seed,
    )
    slowest = labelling.window.slowest
    constrained = constraining_experiment(
        unstable,
        sets.saturations,
        first,
        labeller.largest_eigenvalues,
        seed=options.seed,
        relevant_below=slowest,
    )
    used = first[~first["inert"]]
    shown = [*used["parameter"].head(_TOP), *used["parameter"].tail(_LOWEST)]
    slices = boundary_subpopulations(sets.saturations, sets.largest, names, inert, boundary=slowest)
    relevant = {
        source: members.rows(np.flatnonzero(members.relevant))
        for source, members in sources.items()
        if members.relevant.sum() >= 10
    }
    parts = [
        subpopulations(
            members.saturations, members.largest, names, shown, relevant_below=slowest
        ).assign(source=source)
        for source, members in relevant.items()
    ]
    tables = {
        "ranking": pd.concat(rankings, ignore_index=True),
        "constraining": constrained,
        "subpopulations": pd.concat(parts, ignore_index=True),
        "boundary": slices,
    }
    top = first.head(_TOP_PROJECTED)["position"].tolist()
    return tables | _projections(relevant, top, options)


def _rank(
    sets: ParameterSets, names: tuple[str, ...], inert: BoolArray, options: AnalysisOptions
) -> pd.DataFrame | None:
    """Ranking of one source's sets; None where nearly all are of one class."""
    relevant = np.flatnonzero(sets.relevant)[: options.ranked]
    other = np.flatnonzero(~sets.relevant)[: options.ranked]
    if min(len(relevant), len(other)) < _FEWEST:
        return None
    return rank_parameters(
        sets.saturations[relevant],
        sets.saturations[other],
        names,
        inert,
        seed=options.seed,
    )


def _projections(
    relevant: Mapping[str, ParameterSets], top: list[int], options: AnalysisOptions
) -> dict[str, pd.DataFrame]:
    """Points, explained variance and two-sample scores of relevant sets, all and top parameters."""
    constants = {
        source: ln_michaelis_constants(members.saturations) for source, members in relevant.items()
    }
    first = {source: values[: options.projected] for source, values in constants.items()}
    every = list(range(first[SAMPLED].shape[1]))
    subsets = {"all parameters": every, f"top {len(top)}": top}
    points, explained = [], []
    for title, columns in subsets.items():
        for method in ("pca", *(("umap",) if options.umap else ())):
            found = project(first, method, columns=columns, seed=options.seed)
            points.append(found.points.assign(parameters=title, method=method))
            explained.append(
                {
                    "parameters": title,
                    "method": method,
                    "component_1": found.explained[0],
                    "component_2": found.explained[1],
                }
            )
    scores = disjointness(
        constants[SAMPLED],
        {source: values for source, values in first.items() if source != SAMPLED},
        subsets,
        seed=options.seed,
        at_most=options.projected,
    )
    return {
        "projection": pd.concat(points, ignore_index=True),
        "explained": pd.DataFrame(explained),
        "disjointness": scores,
    }


def write_analysis(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> None:
    """Write the tables of `analyse_parameters` into a folder."""
    for name in TABLES:
        write_parquet(tables[name], Path(folder) / f"{name}.parquet")


def read_projections(folder: str | Path) -> dict[str, Projection]:
    """Projections by title (parameters, method), as `write_analysis` kept them."""
    points = read_parquet(Path(folder) / "projection.parquet")
    explained = read_parquet(Path(folder) / "explained.parquet")
    return {
        f"{row.parameters}, {row.method}": Projection(
            points[(points["parameters"] == row.parameters) & (points["method"] == row.method)][
                ["source", "x", "y"]
            ],
            np.array([row.component_1, row.component_2]),
        )
        for row in explained.itertuples()
    }
