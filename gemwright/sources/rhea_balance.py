"""Whether the heavy atoms of Rhea's reactions agree, counted in their structures."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.io.text_tables import TextTable
from gemwright.sources.findings import Findings
from gemwright.sources.rhea_equations import MOST_UNREADABLE
from gemwright.sources.structures import molecule


class AtomCounts:
    """Heavy atoms of structures, each distinct SMILES parsed once.

    Dummy atoms count as an element of their own; hydrogen does not count, because databases
    differ in the protonation that they draw.
    """

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._refused: set[str] = set()
        self._counts: list[npt.NDArray[np.int32]] = []

    def _learn(self, smiles: pd.Series) -> None:
        for text in smiles.unique():
            if text in self._rows or text in self._refused:
                continue
            try:
                mol = molecule(text)
            except ValueError:
                self._refused.add(text)
                continue
            counts = np.bincount([atom.GetAtomicNum() for atom in mol.GetAtoms()], minlength=119)
            counts[1] = 0
            self._rows[text] = len(self._counts)
            self._counts.append(counts.astype(np.int32))

    def readable(self, smiles: pd.Series) -> pd.Series:
        """Whether RDKit reads each SMILES (empty ones are not read)."""
        self._learn(smiles)
        return ~smiles.isin(self._refused)

    def matrix(self, smiles: pd.Series) -> npt.NDArray[np.int32]:
        """Atoms of readable SMILES, shape (n, 1 + elements that occur); dummy atoms come first."""
        self._learn(smiles)
        rows = smiles.map(self._rows).to_numpy(dtype=np.int64)
        distinct, inverse = np.unique(rows, return_inverse=True)
        counts = np.stack([self._counts[row] for row in distinct])
        # most of the 119 columns are empty, and reactions are many
        used = np.flatnonzero(counts[:, 1:].any(axis=0)) + 1
        return counts[:, np.r_[0, used]][inverse]


def reaction_balance(
    source: TextTable, directions: pd.DataFrame, atoms: AtomCounts, findings: Findings
) -> pd.Series:
    """Whether the heavy atoms of a reaction agree, by master; unknown reactions are missing."""
    identifiers = source.integers("id")
    smiles = source.frame(["smiles"])["smiles"]
    sides = smiles.str.split(">>", expand=True, regex=False)
    whole = pd.Series(False, index=smiles.index)
    if sides.shape[1] >= 2:
        whole = sides[0].ne("") & sides[1].notna() & sides[1].ne("")
        whole &= sides.iloc[:, 2:].isna().all(axis=1)
    if len(whole) and (~whole).mean() > MOST_UNREADABLE:
        source.refuse(~whole, "is no reaction SMILES 'substrates>>products'")
    findings.add("reaction SMILES without two sides", ~whole, "balance unknown")
    sides = sides[whole]
    parts = pd.concat(
        [
            pd.DataFrame({"part": sides[column].str.split(".", regex=False), "sign": sign})
            for column, sign in ((0, 1), (1, -1))
        ]
    ).explode("part")
    readable = atoms.readable(parts["part"])
    findings.add(
        "distinct components of reaction SMILES that RDKit refuses",
        int(parts.loc[~readable, "part"].nunique()),
        "balance of the reaction unknown",
    )
    unknown = set(parts.index[~readable])
    parts = parts[~parts.index.isin(unknown)]
    difference = np.zeros((len(smiles), 1), dtype=np.int32)
    if len(parts):
        signed = atoms.matrix(parts["part"]) * parts["sign"].to_numpy(dtype=np.int32)[:, None]
        difference = np.zeros((len(smiles), signed.shape[1]), dtype=np.int32)
        np.add.at(difference, parts.index.to_numpy(), signed)
    rows = pd.DataFrame(
        {
            "rhea_id": identifiers,
            "balanced": (difference == 0).all(axis=1),
            "elements_balanced": (difference[:, 1:] == 0).all(axis=1),
        }
    )
    rows = rows[whole & ~rows.index.isin(unknown)]
    elements = int((~rows["elements_balanced"]).sum())
    for what, count in (
        ("heavy atoms", elements),
        ("the number of dummy atoms only", int((~rows["balanced"]).sum()) - elements),
    ):
        findings.add(
            f"rows of the reaction SMILES that differ in {what}",
            count,
            "kept; the reaction's balanced is false",
        )
    rows = rows.merge(directions[["rhea_id", "rhea"]], on="rhea_id", how="left")
    findings.add(
        "reaction SMILES whose identifier rhea-directions does not list",
        rows["rhea"].isna(),
        "not used",
    )
    known = rows.dropna(subset="rhea").astype({"rhea": "int64"})
    balanced: pd.Series = known.groupby("rhea")["balanced"].all()
    return balanced
