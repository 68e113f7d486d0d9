"""Fit what is shipped to tell how probable a reaction is, and print what each evidence is worth.

Curated models of BiGG with their whole genus hidden; E. coli and B. subtilis with whole proteomes,
the others with the genes of their models. Searching every gene of the models takes some minutes;
the hits can be kept in a file.

    PYTHONPATH=. python tools/fit_reaction_evidence.py [--hits FILE] [--threads N]
"""

import argparse
from pathlib import Path

import pandas as pd

from gemwright.homology.proteome import protein_hits
from gemwright.io.fasta import read_fasta
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.reconstruction.curated_evidence import (
    curated_evidence,
    evidence_tables,
    fit_coefficients,
)
from gemwright.reconstruction.evidence import COEFFICIENTS, SAME_GENUS, genera_of
from gemwright.sources.bigg_snapshot import read_protein_sequences
from gemwright.sources.registry import locate
from gemwright.universe.snapshot import Snapshot

WHOLE = {"iML1515": "proteome_ecol", "iYO844": "proteome_bsub"}


def search(proteins: pd.DataFrame, models: list[str], threads: int) -> pd.DataFrame:
    """Search the genes of models, and two whole proteomes, against the proteins of all models."""
    known = dict(zip(proteins["enzyme"], proteins["sequence"], strict=True))
    asked = proteins[proteins["model"].isin(set(models) - WHOLE.keys())]
    own = dict(zip(asked["enzyme"], asked["sequence"], strict=True))
    found = protein_hits(own, known, threads).rename(columns={"protein": "asked"})
    genes = asked[["model", "gene", "enzyme"]].rename(columns={"enzyme": "asked"})
    tables = [found.merge(genes, on="asked").rename(columns={"gene": "protein"})]
    for model in sorted(WHOLE.keys() & set(models)):
        sequences = read_fasta(locate(WHOLE[model]))
        tables.append(protein_hits(sequences, known, threads).assign(model=model))
    return pd.concat(tables, ignore_index=True).drop(columns="asked")


def main() -> None:
    """Write the coefficients and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hits", type=Path, help="file that keeps the hits")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    snapshot, proteins = Snapshot.embedded(), read_protein_sequences()
    genera = genera_of(snapshot.organisms)
    kept = set(snapshot.organisms.loc[~snapshot.organisms["genus"].isin(SAME_GENUS), "model"])
    models = [name for name in proteins["model"].unique() if name in genera.index and name in kept]
    if given.hits and given.hits.exists():
        found = read_parquet(given.hits)
    else:
        found = search(proteins, models, given.threads)
        if given.hits:
            write_parquet(found, given.hits)
    hits = {str(model): part.drop(columns="model") for model, part in found.groupby("model")}
    evidence = curated_evidence(
        hits,
        proteins[["model", "gene", "enzyme"]],
        snapshot.gprs,
        snapshot.bounds,
        snapshot.organisms,
        snapshot.universal.stoichiometry,
    )
    write_delimited(fit_coefficients(evidence), COEFFICIENTS)
    for table in evidence_tables(evidence):
        print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
