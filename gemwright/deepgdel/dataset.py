"""Gene deletion strategies as one matrix, with the targets' structures and the genes' sequences."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.arrays import BoolArray
from gemwright.errors import InputError
from gemwright.io.fasta import PLACEHOLDER
from gemwright.io.tables import read_parquet, require_columns, write_parquet

#: What DeepGDel's authors put for a target whose structure they did not find.
DUMMY_SMILES = "c"

_LABEL_COLUMNS = ("model", "target", "gene", "remains")
_SEQUENCE_COLUMNS = ("model", "gene", "sequence", "placeholder")
_TARGET_COLUMNS = ("model", "target", "smiles", "readable")


@dataclass(frozen=True)
class DeletionData:
    """One strategy for each target of a model; a strategy is the set of genes that do not remain.

    Attributes
    ----------
    model : str
        The model's id.
    targets : tuple of str
        The n target species, sorted.
    genes : tuple of str
        The m genes, sorted.
    remains : numpy.ndarray of int8, shape (n, m)
        1 where the gene is kept, 0 where it is deleted.
    smiles : tuple of str
        One structure for each target, `DUMMY_SMILES` where it is not known.
    sequences : tuple of str
        One amino acid sequence for each gene, `kegg.PLACEHOLDER` where it is not known.
    known_smiles : numpy.ndarray of bool, shape (n,)
        Whether the structure is known.
    known_sequences : numpy.ndarray of bool, shape (m,)
        Whether the sequence is known.

    Raises
    ------
    ValueError
        If the sizes do not fit, names are not sorted and unique, or a state is not 0 or 1.
    """

    model: str
    targets: tuple[str, ...]
    genes: tuple[str, ...]
    remains: npt.NDArray[np.int8]
    smiles: tuple[str, ...]
    sequences: tuple[str, ...]
    known_smiles: BoolArray
    known_sequences: BoolArray

    def __post_init__(self) -> None:
        for names in (self.targets, self.genes):
            if list(names) != sorted(set(names)):
                raise ValueError("targets and genes have to be sorted, each once")
        n, m = len(self.targets), len(self.genes)
        if self.remains.shape != (n, m) or not np.isin(self.remains, (0, 1)).all():
            raise ValueError(f"remains has to be a matrix of 0 and 1, {n} by {m}")
        if not n == len(self.smiles) == len(self.known_smiles):
            raise ValueError("one structure is needed for each target")
        if not m == len(self.sequences) == len(self.known_sequences):
            raise ValueError("one sequence is needed for each gene")


def from_tables(
    model: str, labels: pd.DataFrame, sequences: pd.DataFrame, targets: pd.DataFrame
) -> DeletionData:
    """Join the parsed tables of one model by identifier.

    Parameters
    ----------
    model : str
        The model whose rows are taken.
    labels, sequences, targets : pandas.DataFrame
        As in `sources.deepgdel.DeepGDelTables`. The rows of `targets` need a label each. A target
        or gene of the labels that the other two lack, or know no structure or sequence of, gets
        the dummy; sequences of other genes are not used.

    Raises
    ------
    InputError
        If a table lacks a column, there is no label, a state is not 0 or 1, a target and gene
        have two or no state, a name comes twice, or a target of `targets` has no label.
    """
    labels = _rows_of(model, labels, _LABEL_COLUMNS, "labels")
    sequences = _rows_of(model, sequences, _SEQUENCE_COLUMNS, "sequences")
    targets = _rows_of(model, targets, _TARGET_COLUMNS, "targets")
    where = f"labels of {model!r}"
    if labels.empty:
        raise InputError(where, "there are none", "name a model that the labels have")
    states = labels["remains"].to_numpy()
    if not np.isin(states, (0, 1)).all():
        wrong = states[~np.isin(states, (0, 1))][0]
        raise InputError(where, f"a state is {wrong!r:.40}", "write 1 (kept) or 0 (deleted)")
    row_of, target_names = pd.factorize(labels["target"], sort=True)
    column_of, gene_names = pd.factorize(labels["gene"], sort=True)
    remains = np.full((len(target_names), len(gene_names)), -1, np.int8)
    remains[row_of, column_of] = states
    if len(labels) != len(labels[["target", "gene"]].drop_duplicates()):
        raise InputError(where, "a gene has two states for one target", "keep one of them")
    if (remains < 0).any():
        row, column = np.argwhere(remains < 0)[0]
        raise InputError(
            f"{where}, target {target_names[row]!r}",
            f"gene {gene_names[column]!r} has no state ({(remains < 0).sum()} states are missing)",
            "give each target a state of the same genes",
        )
    bare = sorted(set(targets["target"]) - set(target_names))
    if bare:
        raise InputError(
            f"target {bare[0]!r} of {model!r}",
            f"has no label (nor have {len(bare) - 1} others)" if bare[1:] else "has no label",
            "add its strategy to the labels or take it out of the targets",
        )
    smiles, known_smiles = _with_dummies(
        targets, "target", "smiles", targets["readable"], target_names, DUMMY_SMILES
    )
    chains, known_chains = _with_dummies(
        sequences,
        "gene",
        "sequence",
        ~sequences["placeholder"].astype(bool),
        gene_names,
        PLACEHOLDER,
    )
    return DeletionData(
        model,
        tuple(target_names),
        tuple(gene_names),
        remains,
        smiles,
        chains,
        known_smiles,
        known_chains,
    )


def write_deletion_data(data: DeletionData, folder: str | Path) -> None:
    """Write ``labels.parquet``, ``targets.parquet`` and ``genes.parquet`` into a folder."""
    n, m = data.remains.shape
    frames = {
        "labels": pd.DataFrame(
            {
                "model": data.model,
                "target": np.repeat(np.array(data.targets, dtype=object), m),
                "gene": np.tile(np.array(data.genes, dtype=object), n),
                "remains": data.remains.ravel(),
            }
        ),
        "targets": pd.DataFrame(
            {
                "model": data.model,
                "target": data.targets,
                "smiles": data.smiles,
                "readable": data.known_smiles,
            }
        ),
        "genes": pd.DataFrame(
            {
                "model": data.model,
                "gene": data.genes,
                "sequence": data.sequences,
                "placeholder": ~data.known_sequences,
            }
        ),
    }
    for name, frame in frames.items():
        write_parquet(frame, Path(folder) / f"{name}.parquet")


def read_deletion_data(folder: str | Path) -> DeletionData:
    """Read what `write_deletion_data` wrote.

    Raises
    ------
    InputError
        If a file is missing or damaged, has other columns or holds more than one model; as
        `from_tables` otherwise.
    """
    labels, targets, genes = (
        read_parquet(Path(folder) / f"{name}.parquet") for name in ("labels", "targets", "genes")
    )
    path = Path(folder) / "labels.parquet"
    require_columns(labels, _LABEL_COLUMNS, str(path))
    models = labels["model"].unique()
    if len(models) != 1:
        raise InputError(
            str(path), f"holds {len(models)} models, not one", "delete the folder and run again"
        )
    return from_tables(str(models[0]), labels, genes, targets)


def _rows_of(model: str, table: pd.DataFrame, columns: Sequence[str], what: str) -> pd.DataFrame:
    require_columns(table, columns, what)
    return table.loc[table["model"] == model, list(columns)]


def _with_dummies(
    table: pd.DataFrame,
    key: str,
    column: str,
    good: pd.Series,
    names: pd.Index,
    dummy: str,
) -> tuple[tuple[str, ...], BoolArray]:
    """Texts in the order of `names`, the dummy where there is no good one, and which are good."""
    twice = table[key].duplicated()
    if twice.any():
        raise InputError(f"{key} {table.loc[twice, key].iloc[0]!r}", "comes twice", "keep one")
    texts = table.loc[good.astype(bool)].set_index(key)[column].reindex(names)
    return tuple(texts.fillna(dummy)), texts.notna().to_numpy()
