"""The tables that every later stage reads, written from a data source.

Another source (the live databases) has to give the same tables; nothing downstream knows where
they come from.
"""

from pathlib import Path

from gemwright.io.tables import write_parquet
from gemwright.sources import bigg_snapshot

TABLES = ("enzymes", "proteins", "gprs", "model_bounds", "species", "reactions", "stoichiometry")


def write_snapshot_tables(folder: str | Path) -> None:
    """Write the embedded BiGG snapshot as Parquet tables.

    Parameters
    ----------
    folder : str or Path
        Receives one ``<table>.parquet`` for each of `TABLES`:

        enzymes
            enzyme (SHA-256 of its sequence), sequence; one row per distinct sequence, sorted.
        proteins
            model, gene, enzyme.
        gprs
            model, gene, complex, reaction (see `bigg_snapshot.read_gprs`).
        model_bounds
            model, reaction, lower_bound, upper_bound.
        species, reactions, stoichiometry
            the universal model (see `gemwright.gem.model.MetabolicModel`).
    """
    universe = bigg_snapshot.read_universe("bigg")
    proteins = bigg_snapshot.read_protein_sequences()
    enzymes = proteins[["enzyme", "sequence"]].drop_duplicates("enzyme")
    tables = {
        "enzymes": enzymes.sort_values("enzyme", ignore_index=True),
        "proteins": proteins[["model", "gene", "enzyme"]],
        "gprs": bigg_snapshot.read_gprs(),
        "model_bounds": bigg_snapshot.read_model_bounds(),
        "species": universe.species,
        "reactions": universe.reactions,
        "stoichiometry": universe.stoichiometry,
    }
    for name in TABLES:
        write_parquet(tables[name], Path(folder) / f"{name}.parquet")
