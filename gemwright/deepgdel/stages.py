"""What the workflow's rules do with deletion data: files in, files out."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.deepgdel.dataset import DeletionData, read_deletion_data
from gemwright.deepgdel.folds import read_fold
from gemwright.deepgdel.metrics import evaluate, metric_rows
from gemwright.deepgdel.predictions import FloatArray, read_predictions
from gemwright.deepgdel.scored import data_counts, scored_genes
from gemwright.gem.sbml import read_model
from gemwright.io.tables import read_parquet
from gemwright.strain_design.essential import model_counts
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.verification import verify_predictions

_NOT_DETERMINED = {f"not pre-determined, {share:.0%}": share for share in (0.95, 0.9)}

#: Genes that are scored, by protocol and name: rule and share of `scored.scored_genes`. The text
#: of the paper says 95 %; 90 % is what its Table VI counts, and leaves the genes that are hard to
#: tell.
GENE_SETS = {
    "paper": {name: ("paper", share) for name, share in _NOT_DETERMINED.items()},
    "grouped": {
        "all that vary": ("grouped", 1.0),
        "not pre-determined, 90%": ("paper", 0.9),
    },
}


def evaluate_runs(
    data: DeletionData,
    protocol: str,
    folds: pd.DataFrame,
    runs: Iterable[tuple[int, int, str | Path]],
) -> pd.DataFrame:
    """Compare all predictions of all seeds and folds with the known strategies.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    protocol : str
        Decides which genes are scored.
    folds : pandas.DataFrame
        From `folds.fold_table`.
    runs : iterable of (int, int, path)
        Seed, fold and file of predictions; a fold may have several files.

    Returns
    -------
    pandas.DataFrame
        As `metrics.metric_rows`, and genes: which are scored, see `GENE_SETS`.
    """
    tables = []
    for seed, number, path in runs:
        fold = read_fold(folds, data, seed, number)
        names = [data.targets[row] for row in fold.test]
        scores = read_predictions(path, names, data.genes)
        for genes, (rule, share) in GENE_SETS[protocol].items():
            scored = scored_genes(data, fold.train, rule, share)
            evaluations = {
                method: evaluate(data.remains[fold.test], values, scored)
                for method, values in scores.items()
            }
            rows = metric_rows(evaluations, data.model, protocol, seed, number)
            tables.append(rows.assign(genes=genes))
    return pd.concat(tables, ignore_index=True)


def held_out_predictions(
    data: DeletionData, folds: pd.DataFrame, runs: Iterable[tuple[int, int, str | Path]]
) -> dict[str, tuple[list[str], FloatArray]]:
    """Gather what each method predicts for the targets that it was not trained on.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    folds : pandas.DataFrame
        From `folds.fold_table`.
    runs : iterable of (int, int, path)
        Seed (the same for all), fold and file of predictions.

    Returns
    -------
    dict of str to (list of str, numpy.ndarray of float, shape (n, n_genes))
        Method to targets and P(gene remains). A method that ran on some folds only has fewer.
    """
    gathered: dict[str, tuple[list[str], list[FloatArray]]] = {}
    for seed, number, path in runs:
        names = [data.targets[row] for row in read_fold(folds, data, seed, number).test]
        for method, values in read_predictions(path, names, data.genes).items():
            targets, blocks = gathered.setdefault(method, ([], []))
            targets.extend(names)
            blocks.append(values)
    return {name: (targets, np.vstack(blocks)) for name, (targets, blocks) in gathered.items()}


def verify_methods(
    strain: StrainModel,
    data: DeletionData,
    held_out: Mapping[str, tuple[Sequence[str], FloatArray]],
    most: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge and repair what every method predicts for the same sample of held-out targets.

    A method that ran on some folds only is judged on those targets of the sample that it predicted.

    Parameters
    ----------
    strain : StrainModel
        The model.
    data : DeletionData
        The known strategies, which name genes and targets.
    held_out : mapping of str to (sequence of str, numpy.ndarray of float)
        From `held_out_predictions`.
    most : int
        Targets at most.
    seed : int
        Seed of the sample.

    Returns
    -------
    verified : pandas.DataFrame
        As `strain_design.verification.verify_predictions`, of all methods, without CPU times.
    seconds : pandas.DataFrame
        method, target, cpu_seconds (of judging and repair).
    """
    generator = np.random.default_rng(seed)
    sample = set(generator.permutation(np.array(data.targets, dtype=object))[:most])
    tables = []
    for method, (targets, values) in held_out.items():
        rows = [number for number, target in enumerate(targets) if target in sample]
        names = [targets[row] for row in rows]
        tables.append(verify_predictions(strain, data, values[rows], names, method=method))
    table = pd.concat(tables, ignore_index=True)
    return table.drop(columns="cpu_seconds"), table[["method", "target", "cpu_seconds"]]


def count_model(
    model: str | Path, essential: str | Path, targets: str | Path, data: str | Path
) -> pd.DataFrame:
    """Count what Tables VI and VII print, of the files of one model."""
    described = model_counts(read_model(model), read_parquet(essential), read_parquet(targets))
    return pd.concat([described, data_counts(read_deletion_data(data))], ignore_index=True)


def read_verified(
    models: Sequence[str],
    protocol: str,
    strategies: Sequence[str | Path],
    seconds: Sequence[str | Path],
) -> pd.DataFrame:
    """Join what `verify_methods` gave for several models; adds ``model`` and ``protocol``."""
    tables = []
    for model, verified, times in zip(models, strategies, seconds, strict=True):
        cpu = pd.read_csv(times)
        joined = read_parquet(verified).merge(cpu, on=["method", "target"], validate="1:1")
        tables.append(joined.assign(model=model, protocol=protocol))
    return pd.concat(tables, ignore_index=True)
