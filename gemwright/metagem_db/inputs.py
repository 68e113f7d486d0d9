"""The parsed sources as MetaGEM-DB reads them, and the database itself, from files."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.io.user_tables import read_delimited
from gemwright.metagem_db.routes import Database, SourceTables
from gemwright.sources.structures import read_structures
from gemwright.sources.uniprot import evidence_tier

PARTS = ("pairs", "enzymes", "metabolites")


def read_source_tables(folders: Mapping[str, str | Path]) -> SourceTables:
    """Read the tables of the parsed sources.

    Parameters
    ----------
    folders : mapping of str to path
        Folders of the tables of ``rhea``, ``uniprot``, ``chebi``, ``metanetx`` and ``bigg``, and
        the files ``universe`` (reactions of the embedded universe, whose annotations are a
        cross-reference of their own) and ``structures`` (bigg_id, smiles).
    """

    def table(source: str, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        return read_parquet(Path(folders[source]) / f"{name}.parquet", columns)

    proteins = table("uniprot", "proteins")
    proteins = proteins.assign(evidence=evidence_tier(proteins))
    annotated = table("bigg", "reaction_rhea")
    universe = read_parquet(folders["universe"], ["reaction", "rhea"])
    listed = universe.assign(rhea_id=universe["rhea"].str.split(";")).explode("rhea_id")
    linked = table("metanetx", "bigg_rhea").rename(columns={"bigg_reaction": "reaction"})
    references = {"BiGG": annotated, "MetaNetX": linked, "CarveMe's universe": listed}
    return SourceTables(
        directions=table("rhea", "directions"),
        reactions=table("rhea", "reactions", ["rhea", "balanced"]),
        participants=table("rhea", "participants", ["rhea", "side", "participant", "kind"]),
        structures=(
            table("rhea", "smiles", ["chebi", "smiles"]),
            table("chebi", "structures", ["chebi", "smiles"]),
        ),
        merged=table("chebi", "merged"),
        proteins=proteins[["accession", "enzyme", "sequence", "evidence"]],
        protein_rhea={
            "UniProt": table("uniprot", "rhea", ["accession", "rhea_id"]),
            "Rhea": table("rhea", "proteins", ["accession", "rhea_id"]),
        },
        protein_ec=table("uniprot", "ec", ["accession", "ec"]),
        reaction_ec=table("rhea", "ec", ["rhea", "ec"]),
        bigg_reactions=pd.Index(table("bigg", "reactions", ["reaction"])["reaction"].unique()),
        bigg_rhea={name: _numbered(frame) for name, frame in references.items()},
        bigg_structures=read_structures(folders["structures"]),
    )


def _numbered(references: pd.DataFrame) -> pd.DataFrame:
    number = pd.to_numeric(references["rhea_id"], errors="coerce")
    known = references.assign(rhea_id=number).dropna(subset="rhea_id")
    return known.astype({"rhea_id": "int64"})[["reaction", "rhea_id"]].drop_duplicates()


def write_database(database: Database, paths: Mapping[str, str | Path]) -> None:
    """Write the parts of a database: `PARTS` as Parquet and the funnel for people."""
    write_delimited(database.funnel, paths["funnel"])
    for name in PARTS:
        write_parquet(getattr(database, name), paths[name])


def read_database(paths: Mapping[str, str | Path]) -> Database:
    """Read what `write_database` wrote."""
    parts = {name: read_parquet(paths[name]) for name in PARTS}
    funnel = read_delimited(paths["funnel"])
    return Database(**parts, funnel=funnel.astype({"records": int, "lost": int}))
