"""Labelled pairs of every part of a split, with all kinds of negatives where they are tested."""

from dataclasses import replace

import pandas as pd

from gemwright.config.negatives import Kind, NegativeOptions
from gemwright.embedding.morgan import tanimoto
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.negatives import KINDS, label_pairs
from gemwright.emi.splits import PARTS, interactions_of


def label_parts(
    interactions: pd.DataFrame,
    split: pd.DataFrame,
    fingerprints: Embeddings,
    options: NegativeOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Label the pairs of every part; all kinds of negatives for validation and test.

    Parameters
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite: all interactions.
    split : pandas.DataFrame
        enzyme, part.
    fingerprints : Embeddings
        Morgan fingerprints of the internal pool, whatever the tower's own encoder is.
    options : NegativeOptions, optional
        Its `kind` is not asked: training gets hard negatives, the other parts get all kinds.

    Returns
    -------
    labelled : pandas.DataFrame
        part, negatives (one of `KINDS`) and the columns of `label_pairs`.
    report : pandas.DataFrame
        part, negatives, quantity, value.
    """
    options = options or NegativeOptions()
    similarity = tanimoto(fingerprints.values)
    tables, reports = [], []
    for number, part in enumerate(PARTS):
        positives = interactions_of(interactions, split, [part])
        if positives.empty and part != "train":
            continue
        kinds: tuple[Kind, ...] = ("hard",) if part == "train" else KINDS
        for kind in kinds:
            own = replace(options, kind=kind, seed=options.seed + 1009 * number)
            labelled, report = label_pairs(
                positives, interactions, fingerprints.ids, similarity, own
            )
            tables.append(labelled.assign(part=part, negatives=kind))
            reports.append(report.assign(part=part, negatives=kind))
    everyone = pd.CategoricalDtype(sorted(split["enzyme"]))
    labelled = pd.concat([table.astype({"enzyme": everyone}) for table in tables])
    labelled = labelled.astype({"part": "category", "negatives": "category"})
    first = ["part", "negatives"]
    report = pd.concat(reports, ignore_index=True)
    return (
        labelled[[*first, *labelled.columns.drop(first)]].reset_index(drop=True),
        report[[*first, "quantity", "value"]],
    )
