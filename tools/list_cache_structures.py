"""List the structures of BiGG metabolites that equilibrator-cache-data has.

Two tables in the given folder: ``additions.tsv``, structures of metabolites that
resources/metabolite_structures.tsv lacks, in its columns (method ``equilibrator-cache-data``), as
far as the snapshot's InChIKey or formula agrees (``verified_by``; ``none`` where it tells neither,
``differs`` where it tells another), and ``differences.tsv``, where both tables have one of another
skeleton. The shipped table is not changed: interactions are trained on it.

    python tools/list_cache_structures.py FOLDER
"""

import argparse
import sqlite3
from pathlib import Path

import pandas as pd
from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from gemwright.gem.formulas import known_atoms
from gemwright.io.tables import write_delimited
from gemwright.sources.bigg_snapshot import UNIVERSES, read_universe
from gemwright.sources.structures import quiet_rdkit

PROJECT = Path(__file__).parents[1]
METHOD = "equilibrator-cache-data"


def cache_structures() -> pd.DataFrame:
    """Structures of the cache by BiGG id: bigg_id, inchi, inchikey, sorted by id."""
    with sqlite3.connect(
        f"{MINI_COMPOUND_CACHE_PATH.as_uri()}?mode=ro&immutable=1", uri=True
    ) as base:
        rows = base.execute(
            "SELECT i.accession, MIN(TRIM(c.inchi, char(10))), MIN(TRIM(c.inchi_key, char(10)))"
            " FROM compound_identifiers i JOIN registries r ON r.id = i.registry_id"
            " JOIN compounds c ON c.id = i.compound_id WHERE r.namespace = 'bigg.metabolite'"
            " AND c.inchi > '' AND c.inchi_key > '' GROUP BY i.accession ORDER BY i.accession"
        ).fetchall()
    return pd.DataFrame(rows, columns=["bigg_id", "inchi", "inchikey"])


def snapshot_annotations() -> pd.DataFrame:
    """InChIKey and formula of the snapshot's metabolites, indexed by metabolite."""
    species = pd.concat([read_universe(name).species for name in ("bigg", *UNIVERSES)])
    return species.groupby("metabolite")[["inchikey", "formula"]].max()


def heavy(formula: str) -> dict[str, int] | None:
    """Atoms of a formula but hydrogen; None if it cannot be read."""
    atoms = known_atoms(formula.split("+")[0].split("-")[0])
    return None if atoms is None else {atom: n for atom, n in atoms.items() if atom != "H"}


def verified_by(key: str, formula: str, known: pd.Series) -> str:
    """Tell what of the snapshot agrees with a structure."""
    keys = [one for one in str(known["inchikey"]).split(";") if len(one) == 27]
    if keys:
        return "inchikey_block1" if any(one[:14] == key[:14] for one in keys) else "differs"
    told = heavy(str(known["formula"]))
    if not told:
        return "none"
    return "heavy_formula" if told == heavy(formula) else "differs"


def compared(
    shipped: pd.DataFrame, structures: pd.DataFrame, known: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Additions and differences of skeleton.

    Parameters
    ----------
    shipped : pandas.DataFrame
        bigg_id, smiles, inchikey.
    structures : pandas.DataFrame
        As `cache_structures`.
    known : pandas.DataFrame
        As `snapshot_annotations`; metabolites that it lacks are left out.
    """
    ours = dict(zip(shipped["bigg_id"], shipped["inchikey"], strict=True))
    additions, differences = [], []
    for name, inchi, key in structures.itertuples(index=False):
        if name in ours:
            if ours[name] and ours[name][:14] != key[:14]:
                differences.append((name, ours[name], key))
        elif name in known.index:
            with quiet_rdkit():
                molecule = Chem.MolFromInchi(inchi)
            if molecule is None:
                continue
            by = verified_by(key, CalcMolFormula(molecule), known.loc[name])
            additions.append((name, Chem.MolToSmiles(molecule), key, METHOD, by, "as in the cache"))
    return (
        pd.DataFrame(additions, columns=list(shipped.columns)),
        pd.DataFrame(differences, columns=["bigg_id", "ours", "cache"]),
    )


def main() -> None:
    """Write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    shipped = pd.read_csv(
        PROJECT / "resources/metabolite_structures.tsv", sep="\t", keep_default_na=False
    )
    additions, differences = compared(shipped, cache_structures(), snapshot_annotations())
    folder.mkdir(parents=True, exist_ok=True)
    write_delimited(additions, folder / "additions.tsv")
    write_delimited(differences, folder / "differences.tsv")
    print(additions["verified_by"].value_counts().to_string(), f"\ndifferences {len(differences)}")


if __name__ == "__main__":
    main()
