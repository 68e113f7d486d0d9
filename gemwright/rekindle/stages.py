"""The workflow's steps around a generator: training, generating, comparing, transferring."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gemwright.code_digest import code_digest
from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.kinetics.network import Array
from gemwright.kinetics.physiology import ParameterSets, Physiology, read_physiology, read_sets
from gemwright.kinetics.sampled_sets import Labelling, shares_of
from gemwright.kinetics.sampling import sample_saturations
from gemwright.learning.checkpoints import checkpoint_folder
from gemwright.learning.device import arithmetic
from gemwright.rekindle.conditions import RELEVANT, Condition, conditioning
from gemwright.rekindle.controls import (
    break_even,
    cost_table,
    ln_km_deviations,
    matched_box,
    time_constant_between,
    window_costs,
)
from gemwright.rekindle.gan_training import (
    COLLAPSE_EPOCHS,
    BestRule,
    GanOptions,
    GanRun,
    Monitor,
    Sampler,
    train_gan,
)
from gemwright.rekindle.generation import (
    TrainedGenerator,
    generate,
    load_generator,
    save_generator,
)
from gemwright.rekindle.networks import Generator
from gemwright.rekindle.quality import quality_row
from gemwright.rekindle.scaling import Scaling
from gemwright.rekindle.transfer_tables import SCRATCH, TRANSFER, UNTUNED

logger = logging.getLogger(__name__)
TRAINING_SHARE = 0.9  # the rest is never seen by a network (the paper's 9:1)
GENERATOR = "generator.safetensors"
REJECTION = "rejection sampling"
FIXED_BOX = (0.2, 0.8)
_AS_WIDE = 0.95  # a box may lack so much of a generator's spread and still count as matched
_FRESH = 1000  # sets of a generator by transfer that are measured, as in the paper
Bounds = tuple[float, float]


@dataclass(frozen=True)
class TrainingData:
    """What generators of one physiology learn from.

    Parameters
    ----------
    physiology : Physiology
        Model and state.
    sets : ParameterSets
        Training sets.
    held : ParameterSets
        Sets that no network sees: generated ones are compared with the relevant ones of them.
    bounds : (float, float)
        Range that their saturations were sampled from.
    """

    physiology: Physiology
    sets: ParameterSets
    held: ParameterSets
    bounds: Bounds

    @classmethod
    def read(
        cls, model: str | Path, state: str | Path, sets: str | Path, bounds: Sequence[float]
    ) -> "TrainingData":
        """Read a physiology and its labelled sets; see `TrainingData.of`."""
        physiology = read_physiology(model, state)
        return cls.of(physiology, read_sets(sets, physiology.model), bounds)

    @classmethod
    def of(
        cls, physiology: Physiology, sets: ParameterSets, bounds: Sequence[float]
    ) -> "TrainingData":
        """Take the first nine tenths of labelled sets to learn from."""
        low, high = bounds
        cut = int(TRAINING_SHARE * len(sets.relevant))
        held = sets.rows(slice(cut, None))
        if not held.relevant.any():
            raise InputError(
                f"parameter sets of {physiology.name}",
                f"none of the {len(held.relevant)} that are held out is relevant",
                "raise kinetics.sets, or change kinetics.slowest",
            )
        return cls(physiology, sets.rows(slice(cut)), held, (low, high))

    @property
    def labelled(self) -> int:
        """Sets that were labelled, held out ones included."""
        return len(self.sets.relevant) + len(self.held.relevant)

    @property
    def reference(self) -> Array:
        """Saturations of the relevant sets that were held out."""
        return self.held.saturations[self.held.relevant]

    def scaling(self, preset: str) -> Scaling:
        """Scaling of a preset, fitted to the training sets."""
        levels = self.physiology.term_concentrations
        return Scaling.fit(preset, self.sets.saturations, levels, self.bounds)  # type: ignore[arg-type]


def measured(generated: ParameterSets, reference: Array, slowest: float) -> dict[str, float]:
    """Figures of generated sets: those of `quality_row`, incidence by their labels."""
    figures = quality_row(generated.saturations, generated.largest, reference, slowest)
    return {
        **figures,
        **shares_of(generated.largest, generated.relevant),
        "incidence": float(generated.relevant.mean()),
        "spread": figures["spread_median"],
        "coverage": figures["coverage_mean"],
    }


def train_generator(
    data: TrainingData,
    condition: Condition,
    options: GanOptions,
    labelling: Labelling,
    monitored: int,
    window: Bounds,
    checkpoints: str | Path,
    folder: str | Path,
) -> GanRun:
    """Train a generator and keep its best epoch.

    Parameters
    ----------
    data : TrainingData
        What it learns from.
    condition : str
        See `gemwright.rekindle.conditions`.
    options : GanOptions
        How it is trained.
    labelling : Labelling
        How generated sets are labelled.
    monitored : int
        Sets generated and labelled at each checkpoint.
    window : (float, float)
        Time constants (minutes) that a generator with this condition is asked for.
    checkpoints : str or Path
        Cache; this training's checkpoint is removed when it is done.
    folder : str or Path
        Gets ``generator.safetensors``, ``history.parquet`` and ``monitor.parquet``.

    Returns
    -------
    GanRun
        The training.
    """
    if condition == "time_constant":
        # what is rare is narrow: no floor for its spread
        options = replace(options, best=BestRule("incidence"))
    scaling = data.scaling(options.preset)
    given = conditioning(data.sets, condition, window, options.seed)
    label = labelling.of_physiology(data.physiology)
    reference = data.reference

    def monitor(epoch: int, sample: Sampler) -> Mapping[str, float]:
        asked = given.rows(monitored, epoch)
        found = label(scaling.saturations(sample(monitored, asked, epoch)))
        figures = measured(found, reference, labelling.window.slowest)
        if condition == "time_constant":
            figures["incidence"] = float(time_constant_between(*window)(found.largest).mean())
        return figures

    run = _trained(
        scaling.features(data.sets.saturations),
        given.values,
        options,
        checkpoints,
        monitor,
        f"{monitored} {condition} {window} {labelling.facts()}",
    )
    facts = run.facts(options) | {
        "condition": condition,
        "physiology": data.physiology.name,
        "labelled_sets": data.labelled,
        "monitored_sets": monitored * len(run.monitored),
        "window": list(window),
    }
    target = Path(folder)
    names = data.physiology.model.km_names
    monitored_rows = run.monitored.assign(
        physiology=data.physiology.name, seed=options.seed, failed=run.failed
    )
    write_parquet(monitored_rows, target / "monitor.parquet")
    write_parquet(run.history.assign(seed=options.seed), target / "history.parquet")
    save_generator(
        TrainedGenerator(run.generator, scaling, names, run.guide, facts), target / GENERATOR
    )
    return run


def _trained(
    features: Any,
    conditions: Array,
    options: GanOptions,
    checkpoints: str | Path,
    monitor: Monitor,
    monitoring: str,
    start: str | Path | None = None,
) -> GanRun:
    """Train, with a checkpoint of its own that is removed when the training is done.

    What is monitored chooses the epoch, so `monitoring` (a text of all that it depends on) is a
    part of the checkpoint's name.
    """
    origin = sha256_file(start) if start else ""
    data = f"{hash_of(features)}\0{hash_of(conditions)}"
    code = f"{code_digest(__file__)}\0{arithmetic(options.device)}"
    content = f"{code}\0{options}\0{origin}\0{data}\0{monitoring}"
    with checkpoint_folder(checkpoints, "kinetic_generators", content) as folder:
        return train_gan(features, conditions, options, folder, monitor, start)


def hash_of(values: Array) -> str:
    """SHA-256 of an array's shape and bytes."""
    digest = hashlib.sha256(repr((values.shape, str(values.dtype))).encode())
    digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def best_run(folders: Sequence[str | Path], options: GanOptions) -> Path:
    """Folder of the training whose kept epoch is the best by the options' rule.

    Trainings that failed are only taken where all did.
    """
    ranked = []
    for place, folder in enumerate(folders):
        kept = _kept(read_parquet(Path(folder) / "monitor.parquet"))
        ranked.append((not kept["failed"], *options.best.rank(kept), -place))
    return Path(folders[max(range(len(ranked)), key=lambda place: ranked[place])])


def _kept(monitored: pd.DataFrame) -> dict[str, Any]:
    """Figures of the epoch that was kept."""
    row = monitored[monitored["best"]].iloc[-1]
    return {str(name): value for name, value in row.items()}


def generate_sets(
    generator: str | Path,
    physiology: Physiology,
    labelling: Labelling,
    n_sets: int,
    seed: int,
    conditions: Array | float = RELEVANT,
) -> ParameterSets:
    """Generate and label sets of a physiology with a generator's file.

    Raises
    ------
    InputError
        If the generator is of another model.
    """
    trained = load_generator(generator, physiology.model.km_names)
    drawn = generate(trained.generator, trained.scaling, n_sets, conditions, seed)
    return labelling.of_physiology(physiology)(drawn)


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
        One generator or control a row; see `gemwright.report.generator_tables.generators_table`.
    costs : pandas.DataFrame
        From `cost_table`, over the seeds of each source.
    windows : pandas.DataFrame
        From `window_costs`, with the physiology.
    """
    label = labelling.of_physiology(data.physiology)
    n_terms, reference = data.sets.saturations.shape[1], data.reference
    slowest = labelling.window.slowest
    rows: list[dict[str, Any]] = []
    largest: dict[str, list[Array]] = {}

    def add(source: str, found: ParameterSets, **facts: Any) -> dict[str, Any]:
        row = {
            "physiology": data.physiology.name,
            "source": source,
            **measured(found, reference, slowest),
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
    add(f"box {FIXED_BOX[0]:g} to {FIXED_BOX[1]:g}", uniform(FIXED_BOX))
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
        box = matched_box(float(np.mean(values)), deviations)
        reached = box.spread >= _AS_WIDE * box.asked
        kind = "box as wide as" if reached else "widest box, narrower than"
        add(f"{kind} generator, {name}", uniform(box.bounds))
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


def tune_on_few_sets(
    data: TrainingData,
    start: str | Path | None,
    options: GanOptions,
    labelling: Labelling,
    monitored: int,
    checkpoints: str | Path,
    origin: str,
    count: int,
) -> tuple[pd.DataFrame, ParameterSets]:
    """Train on few sets of a physiology, from another one's generator or from scratch.

    Parameters
    ----------
    data : TrainingData
        Of the target; figures compare with its relevant sets that are held out.
    start : str or Path or None
        The origin's generator; None from scratch.
    options : GanOptions
        How it is trained; the seed is the repeat, and chooses the sets too.
    labelling : Labelling
        How generated sets are labelled.
    monitored : int
        Sets generated and labelled at each checkpoint.
    checkpoints : str or Path
        Cache.
    origin : str
        The origin's name; empty from scratch.
    count : int
        Sets of the target that are learned from.

    Returns
    -------
    table : pandas.DataFrame
        One row, see `gemwright.rekindle.transfer_tables`; after a transfer also one for the
        untuned generator.
    sets : ParameterSets
        Fresh sets of the kept generator, those that the table tells of.

    Raises
    ------
    InputError
        If there are fewer training sets, or the generator is of another network.
    """
    repeat = options.seed
    few = _few_sets(data, count, repeat)
    names = data.physiology.model.km_names
    label = labelling.of_physiology(data.physiology)
    reference, slowest = data.reference, labelling.window.slowest
    scaling = replace(data, sets=few).scaling(options.preset)
    given = np.where(few.relevant, RELEVANT, -RELEVANT)

    def figures(sample: Sampler, seed: int) -> dict[str, float]:
        drawn = scaling.saturations(sample(monitored, RELEVANT, seed))
        return measured(label(drawn), reference, slowest)

    def fresh(trained: Generator, own: Scaling) -> ParameterSets:
        return label(generate(trained, own, _FRESH, RELEVANT, repeat))

    common = {"target": data.physiology.name, "repeat": repeat}
    rows = []
    if start is not None:
        untuned = load_generator(start, names)
        before = measured(fresh(untuned.generator, untuned.scaling), reference, slowest)
        rows.append(_transfer_row(common, UNTUNED, origin, 0, before, 0, False))
    run = _trained(
        np.clip(scaling.features(few.saturations), -1.0, 1.0),
        given,
        options,
        checkpoints,
        lambda epoch, sample: figures(sample, epoch),
        f"{monitored} {labelling.facts()}",
        start,
    )
    # not the sets that chose the epoch: those would flatter it
    drawn = fresh(run.generator, scaling)
    found = measured(drawn, reference, slowest)
    mode = SCRATCH if start is None else TRANSFER
    rows.append(_transfer_row(common, mode, origin, count, found, run.best_epoch, run.failed))
    return pd.DataFrame(rows), drawn


def _few_sets(data: TrainingData, count: int, repeat: int) -> ParameterSets:
    """Draw training sets of the target, of both labels."""
    available = len(data.sets.relevant)
    if count > available:
        raise InputError(
            f"transfer to {data.physiology.name}",
            f"{count} sets are asked for, and there are {available} training sets",
            "raise kinetics.sets, or lower rekindle.transfer.sets",
        )
    if data.sets.relevant.all() or not data.sets.relevant.any() or count < 2:
        raise InputError(
            f"transfer to {data.physiology.name}",
            f"{count} sets of both labels are asked for, and"
            f" {int(data.sets.relevant.sum())} of the {available} training sets are relevant",
            "ask for more sets, raise kinetics.sets, or change kinetics.slowest",
        )
    rng = np.random.default_rng([repeat, count])
    while True:
        rows = rng.permutation(available)[:count]
        found = data.sets.rows(rows)
        if found.relevant.any() and not found.relevant.all():
            return found


def _transfer_row(
    common: Mapping[str, Any],
    mode: str,
    origin: str,
    count: int,
    figures: Mapping[str, Any],
    epoch: int,
    failed: bool,
) -> dict[str, Any]:
    return {
        **common,
        "mode": mode,
        "source": origin,
        "n_sets": count,
        "incidence": float(figures["incidence"]),
        "spread": float(figures["spread"]),
        "epoch": epoch,
        "failed": failed,
    }
