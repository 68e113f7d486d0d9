"""Counts of models and data, and verified predictions of several models, for tables."""

from collections.abc import Sequence
from itertools import compress
from pathlib import Path

import pandas as pd

from gemwright.deepgdel.dataset import DeletionData, read_deletion_data
from gemwright.deepgdel.scored import PRINTED_SHARE, predetermined_genes, varying_genes
from gemwright.gem.load import read_model
from gemwright.io.tables import read_parquet, read_results
from gemwright.strain_design.summaries import model_counts

#: What the authors' code uses, and what reproduces Table VI.
_TABLE_SHARE = 0.9


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
        cpu = read_results(times)
        joined = read_parquet(verified).merge(cpu, on=["method", "target"], validate="1:1")
        tables.append(joined.assign(model=model, protocol=protocol))
    return pd.concat(tables, ignore_index=True)


def data_counts(data: DeletionData) -> pd.DataFrame:
    """Count what Tables VI and VII print.

    Parameters
    ----------
    data : DeletionData
        All strategies of a model.

    Returns
    -------
    pandas.DataFrame
        table (``VI`` or ``VII``), item (as printed; a count that is not printed has a comma in
        its name), value, note (how it is counted).
    """
    n, m = data.remains.shape
    dummy_targets = int((~data.known_smiles).sum())
    dummy_genes = int((~data.known_sequences).sum())
    test = -(-n // 10)
    hydroxide = int(sum(text == "[O-][H]" for text in data.smiles))

    def determined(share: float) -> int:
        return int(predetermined_genes(data.remains, share).sum())

    rows = [
        ("VI", "#Genes", m, "genes of the labels"),
        (
            "VI",
            "#Pre-determined genes",
            determined(_TABLE_SHARE),
            f"one state in more than {_TABLE_SHARE:.0%} of all strategies, as the authors' code has"
            f" it; the text says {PRINTED_SHARE:.0%}",
        ),
        (
            "VI",
            f"#Pre-determined genes, {PRINTED_SHARE:.0%}",
            determined(PRINTED_SHARE),
            f"one state in more than {PRINTED_SHARE:.0%} of all strategies",
        ),
        (
            "VI",
            "#Pre-determined genes, constant",
            int((~varying_genes(data.remains)).sum()),
            "one state in all strategies",
        ),
        ("VII", "#Deletion strategies", n, "one for each target"),
        ("VII", "#Genes per strategy", m, "genes of the labels"),
        (
            "VII",
            "#SMILES terms",
            n - dummy_targets,
            "targets whose structure is known: all but the dummies",
        ),
        (
            "VII",
            "#SMILES terms, different",
            len(set(compress(data.smiles, data.known_smiles))),
            "as written",
        ),
        (
            "VII",
            "#Dummy SMILES terms",
            dummy_targets,
            "targets whose structure is the dummy or not readable; of the authors' file of iMM904"
            " these are four (lysine by compartment), and the paper's 6 is not in it",
        ),
        (
            "VII",
            "#Dummy SMILES terms, water as hydroxide",
            hydroxide,
            "targets written [O-][H]: a structure, though hardly water's",
        ),
        ("VII", "#AA Seq. terms", m - dummy_genes, "genes whose sequence is known"),
        ("VII", "#Dummy AA Seq. terms", dummy_genes, "genes with the dummy sequence"),
        (
            "VII",
            "#Balanced train/val samples",
            (n - test) * m,
            "whole rows of the matrix, not balanced: nine tenths of the targets times all genes",
        ),
        (
            "VII",
            "#Balanced test samples",
            test * m,
            "whole rows of the matrix, not balanced: one tenth of the targets, rounded up, times"
            " all genes",
        ),
    ]
    return pd.DataFrame(rows, columns=["table", "item", "value", "note"])
