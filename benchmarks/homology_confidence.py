"""How often proteins of BiGG models that are homologues share their reactions, by identity.

Run as ``python benchmarks/homology_confidence.py`` (minutes). The last column is the curve of
``gemwright.reconstruction.mapping.CONFIDENCE_CURVE``: for each protein its nearest hit below an
identity, and the share of that hit's reactions which the protein catalyses as well. Only the
snapshot's gene rules are used, no phenotypes.
"""

import itertools

import numpy as np
import pandas as pd

from gemwright.homology.diamond import search
from gemwright.sources.bigg_snapshot import (
    read_gprs,
    read_model_organisms,
    read_protein_sequences,
)

BINS = (0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.60, 0.70, 0.80, 0.90, 1.01)
SAMPLE = 2500


def main() -> None:
    """Print the table."""
    proteins = read_protein_sequences()
    organisms = read_model_organisms()
    bacteria = set(organisms.loc[organisms["kingdom"] == "Bacteria", "model"])
    proteins = proteins[proteins["model"].isin(bacteria)]
    sequences = dict(zip(proteins["enzyme"], proteins["sequence"], strict=True))
    pairs = proteins.merge(read_gprs(), on=["model", "gene"])
    reactions = pairs.groupby("enzyme")["reaction"].agg(frozenset).to_dict()
    enzymes = sorted(reactions)
    chosen = np.random.default_rng(0).choice(enzymes, SAMPLE, replace=False)
    hits = search(
        {enzyme: sequences[enzyme] for enzyme in sorted(chosen)},
        {enzyme: sequences[enzyme] for enzyme in enzymes},
        max_targets=60,
    )
    coverage = hits[["query_coverage", "subject_coverage"]].min(axis=1)
    hits = hits[(hits["query"] != hits["subject"]) & (coverage >= 0.5)]
    shared = [
        len(reactions[query] & reactions[subject]) / len(reactions[subject])
        for query, subject in zip(hits["query"], hits["subject"], strict=True)
    ]
    hits = hits.assign(shared=shared)
    rows = []
    for low, high in itertools.pairwise(BINS):
        near = hits[hits["identity"] < high].drop_duplicates("query")
        near = near[near["identity"] >= low]
        some = float((near["shared"] > 0).mean())
        rows.append((low, high, len(near), some, near["shared"].mean()))
    table = pd.DataFrame(rows, columns=["from", "to", "pairs", "any_shared", "confidence"])
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
