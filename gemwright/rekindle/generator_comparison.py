"""All generators of a physiology beside their controls, by quality and cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.kinetics.parameters import ln_km_deviations
from gemwright.kinetics.physiology import ParameterSets
from gemwright.kinetics.sampled_sets import Labelling
from gemwright.kinetics.sampling import sample_saturations
from gemwright.rekindle.conditions import conditioning
from gemwright.rekindle.costs import break_even, cost_table, window_costs
from gemwright.rekindle.gan_options import COLLAPSE_EPOCHS
from gemwright.rekindle.generation import GENERATOR, generate, load_generator
from gemwright.rekindle.matched_box import matched_box
from gemwright.rekindle.quality import quality_row
from gemwright.rekindle.training_data import Bounds, TrainingData

REJECTION = "rejection sampling"
_FIXED_BOX = (0.2, 0.8)
_AS_WIDE = 0.95  # a box may lack so much of a generator's spread and still count as matched


def compare_sources(
    data: TrainingData,
    runs: Sequence[str | Path],
    labelling: Labelling,
    n_sets: int,
    window: Bounds,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Measure every generator beside the controls, on as many sets of each.

    Parameters
    ----------
    data : TrainingData
        What the generators learned from.
    runs : sequence of path
        Folders of all trainings of the physiology; the label, the shuffled and the conditional.
    labelling : Labelling
        How sets are labelled.
    n_sets : int
        Of each source.
    window : (float, float)
        Time constants, minutes, whose cost is compared.
    seed : int
        Of what is drawn.

    Returns
    -------
    quality : pandas.DataFrame
        One generator or control a row; see `gemwright.report.rekindle_tables.generators_table`.
    costs : pandas.DataFrame
        From `cost_table`, over the seeds of each source.
    windows : pandas.DataFrame
        From `window_costs`, with the physiology.
    """
    label = labelling.of_physiology(data.physiology)
    n_terms, reference = data.sets.saturations.shape[1], data.reference
    rows: list[dict[str, Any]] = []
    largest: dict[str, list[FloatArray]] = {}

    def add(source: str, found: ParameterSets, **facts: Any) -> dict[str, Any]:
        row = {
            "physiology": data.physiology.name,
            "source": source,
            **quality_row(found, reference),
            "seed": 0,
            "failed": False,
            "judged": False,
            "prepared": 0,
            "prepared_verified": 0,
            **facts,
        }
        rows.append(row)
        largest.setdefault(source, []).append(found.largest)
        return row

    def uniform(bounds: Bounds) -> ParameterSets:
        return label(sample_saturations(n_sets, n_terms, seed + 1, bounds))

    add(REJECTION, uniform(data.bounds))
    add(f"box {_FIXED_BOX[0]:g} to {_FIXED_BOX[1]:g}", uniform(_FIXED_BOX))
    deviations = ln_km_deviations(reference)
    spreads: dict[str, list[float]] = {}
    for folder in runs:
        path = Path(folder) / GENERATOR
        trained = load_generator(path, data.physiology.model.km_names)
        facts, scaling = trained.facts, trained.scaling
        condition, preset = facts["condition"], scaling.preset
        source = f"generator, {preset}"
        if condition != "label":
            source += ", shuffled labels" if condition == "shuffled" else ", by time constant"
        given = conditioning(data.sets, condition, window, facts["options"]["seed"])
        drawn = generate(trained.generator, scaling, n_sets, given.rows(n_sets, seed), seed)
        row = add(
            source,
            label(drawn),
            seed=facts["options"]["seed"],
            failed=facts["failed"],
            # the monitor's sets choose the epoch, so they are paid for as well
            prepared=facts["labelled_sets"] + facts["monitored_sets"],
            prepared_verified=int(data.sets.relevant.sum() + data.held.relevant.sum()),
            judged=facts["epochs"] >= COLLAPSE_EPOCHS or facts["failed"],
        )
        if condition == "label":
            spreads.setdefault(preset, []).append(row["spread"])
    for name, values in spreads.items():
        asked = float(np.mean(values))
        bounds, spread = matched_box(asked, deviations)
        reached = spread >= _AS_WIDE * asked
        kind = "box as wide as" if reached else "widest box, narrower than"
        add(f"{kind} generator, {name}", uniform(bounds))
    quality = pd.DataFrame(rows)
    costs = cost_table(_counts(quality), REJECTION)
    windows = window_costs(
        {name: np.concatenate(found) for name, found in largest.items()}, [window]
    )
    windows = windows.merge(
        costs[["source", "prepared", "spread"]], on="source", validate="one_to_one"
    )
    per_hit = windows["labelled_per_1000"].to_numpy() / 1000
    plain = per_hit[(windows["source"] == REJECTION).to_numpy()][0]
    windows["break_even"] = break_even(windows["prepared"].to_numpy(), per_hit, plain)
    return quality, costs, windows.assign(physiology=data.physiology.name)


def _counts(quality: pd.DataFrame) -> pd.DataFrame:
    """Count sets labelled, verified and prepared of each source over its seeds."""
    table = quality.assign(
        labelled=quality["sets"], verified=quality["sets"] * quality["incidence"]
    )
    grouped = table.groupby("source", sort=False)
    sums = grouped[["labelled", "verified"]].sum().round()
    means = grouped[["prepared", "prepared_verified", "spread"]].mean()
    return sums.join(means).reset_index()
