"""Data of DeepGDel: deletion labels, gene sequences and target structures of three models.

Source: Yang and Tamura, DeepGDel, repository MetNetComp/DeepGDel, CC-BY-4.0: for each model
``Label/Label.zip`` (one table a target), ``Gene_AA/Gene_AA.zip`` (one table a gene) and
``Target metabolites_smile.csv``. The column ``Deleted`` of a label is 1 where the gene *remains*.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading
from gemwright.io.fasta import PLACEHOLDER, RESIDUES
from gemwright.io.files import sha256_text
from gemwright.sources.archives import ZipTable, count_mark, read_zip_tables, table_rows
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

_LABEL_HEADER = ("Gene", "Deleted")
_SEQUENCE_HEADER = ("Gene", "AA Sequence")
_TARGET_HEADER = ("Metabolite", "Smiles")

_ILLEGAL = re.compile(f"[^{''.join(sorted(RESIDUES))}]")


@dataclass(frozen=True)
class DeepGDelPaths:
    """The three files of one model: archive of labels, archive of sequences, table of targets."""

    labels: str | Path
    sequences: str | Path
    targets: str | Path


@dataclass(frozen=True)
class DeepGDelTables(ParsedTables):
    """Labels, sequences and targets; join them by identifier, never by position.

    Attributes
    ----------
    labels : pandas.DataFrame
        model, target, gene, remains (int8: 1 the gene is kept, 0 it is deleted).
    sequences : pandas.DataFrame
        model, gene, sequence, enzyme (SHA-256 of the sequence), placeholder (bool: the authors
        found no sequence and wrote `kegg.PLACEHOLDER`).
    targets : pandas.DataFrame
        model, target, smiles (as written), readable (bool: RDKit takes it; the authors' stand-in
        ``c`` for an unknown structure is not readable).
    findings : pandas.DataFrame
        item, count, treatment.
    """

    labels: pd.DataFrame
    sequences: pd.DataFrame
    targets: pd.DataFrame
    findings: pd.DataFrame


def _pairs_of(
    table: ZipTable, header: tuple[str, ...], where: str
) -> Iterable[tuple[str, str, str]]:
    """Give place, first and second cell of each row of a table in an archive."""
    return _pairs(table.header, table.rows, header, f"{where}, member {table.member!r}")


def _pairs(
    found: Sequence[str], rows: list[tuple[int, list[str]]], header: tuple[str, ...], where: str
) -> Iterable[tuple[str, str, str]]:
    if tuple(found) != header:
        raise InputError(
            where,
            f"the header is {','.join(found)!r:.80}",
            f"it must be {','.join(header)!r}; {FETCH_AGAIN}",
        )
    for number, cells in rows:
        spot = f"{where}, line {number}"
        if len(cells) != 2 or not cells[0]:
            raise InputError(spot, f"holds {len(cells)} cells, not two", FETCH_AGAIN)
        yield spot, cells[0], cells[1]


def _read_labels(model: str, path: str | Path, findings: Findings) -> pd.DataFrame:
    tables, found = read_zip_tables(path)
    findings.extend([found])
    genes: list[str] = []
    values: list[str] = []
    sizes: list[int] = []
    first: list[str] | None = None
    for table in tables:
        label: dict[str, str] = {}
        for spot, gene, value in _pairs_of(table, _LABEL_HEADER, str(path)):
            if value not in ("0", "1"):
                raise InputError(spot, f"the label is {value!r}, not 0 or 1", FETCH_AGAIN)
            if label.setdefault(gene, value) != value:
                raise InputError(spot, f"{gene!r} has two labels", FETCH_AGAIN)
        names = list(label)
        first = names if first is None else first
        findings.add("gene twice in a label", len(table.rows) - len(names), "kept once")
        same = names == first
        findings.add(
            "label that lists its genes in another order",
            int(not same and set(names) == set(first)),
            "genes are joined by identifier",
        )
        findings.add(
            "label with other genes than the first one", int(set(names) != set(first)), "kept"
        )
        genes += names
        values += label.values()
        sizes.append(len(names))
    return pd.DataFrame(
        {
            "model": model,
            "target": np.repeat([table.name for table in tables], sizes).astype(object),
            "gene": genes,
            "remains": np.array(values, dtype="int8"),
        }
    )


def _read_sequences(model: str, path: str | Path, findings: Findings) -> pd.DataFrame:
    tables, found = read_zip_tables(path)
    findings.extend([found])
    rows: dict[str, str] = {}
    counts = dict.fromkeys(("name", "lower", "stop", "illegal"), 0)
    for table in tables:
        for spot, gene, text in _pairs_of(table, _SEQUENCE_HEADER, str(path)):
            sequence = text.upper().removesuffix("*")
            counts["name"] += gene != table.name
            counts["lower"] += text != text.upper()
            if "*" in sequence:
                counts["stop"] += 1
            elif not sequence or _ILLEGAL.search(sequence):
                counts["illegal"] += 1
            elif rows.setdefault(gene, sequence) != sequence:
                raise InputError(spot, f"{gene!r} has two sequences", FETCH_AGAIN)
    if not rows:
        raise InputError(str(path), "holds no sequence", FETCH_AGAIN)
    for key, item, treatment in (
        ("name", "gene that differs from the name of its file", "what stands inside counts"),
        ("lower", "sequence in lower case", "raised"),
        ("stop", "sequence with an internal stop", "left out"),
        ("illegal", "empty sequence, or one with an illegal residue", "left out"),
    ):
        findings.add(item, counts[key], treatment)
    frame = pd.DataFrame({"model": model, "gene": list(rows), "sequence": list(rows.values())})
    frame["enzyme"] = [sha256_text(sequence) for sequence in rows.values()]
    frame["placeholder"] = frame["sequence"] == PLACEHOLDER
    real = frame[~frame["placeholder"]]
    findings.add(
        f"placeholder {PLACEHOLDER} for a sequence",
        frame["placeholder"],
        "kept, marked in `placeholder`",
    )
    findings.add("gene with the sequence of an earlier one", real["enzyme"].duplicated(), "kept")
    return frame


def _read_targets(model: str, path: str | Path, findings: Findings) -> pd.DataFrame:
    from rdkit import Chem  # slow to load

    from gemwright.sources.structures import quiet_rdkit

    where = str(path)
    with reading(path) as handle:
        rows = table_rows(handle, where, findings)
    count_mark(path, findings)
    smiles: dict[str, str] = {}
    for spot, target, text in _pairs(rows[0][1] if rows else (), rows[1:], _TARGET_HEADER, where):
        if smiles.setdefault(target, text) != text:
            raise InputError(spot, f"{target!r} has two structures", FETCH_AGAIN)
    findings.add("target twice in the table", len(rows) - 1 - len(smiles), "kept once")
    with quiet_rdkit():
        readable = [bool(text) and Chem.MolFromSmiles(text) is not None for text in smiles.values()]
    findings.add(
        "SMILES that RDKit refuses",
        len(readable) - sum(readable),
        "kept as written, marked in `readable`",
    )
    good = pd.Series([text for text, ok in zip(smiles.values(), readable, strict=True) if ok])
    findings.add("target with the SMILES of an earlier one", good.duplicated(), "kept")
    return pd.DataFrame(
        {
            "model": model,
            "target": list(smiles),
            "smiles": list(smiles.values()),
            "readable": readable,
        }
    )


def read_deepgdel(paths: Mapping[str, DeepGDelPaths]) -> DeepGDelTables:
    """Read the data of several models.

    Parameters
    ----------
    paths : mapping of str to DeepGDelPaths
        Model to its three files.

    Raises
    ------
    InputError
        If there is no model; if a file is missing, cut off, unsafe (`archives.read_zip_tables`)
        or has another header; if a label is not 0 or 1; if a gene has two labels for one target,
        or two sequences; if a target has two structures.
    """
    if not paths:
        raise InputError("DeepGDel", "no model is named", "name one in the config")
    findings = Findings()
    labels, sequences, targets = [], [], []
    for model, files in paths.items():
        labels.append(_read_labels(model, files.labels, findings))
        sequences.append(_read_sequences(model, files.sequences, findings))
        targets.append(_read_targets(model, files.targets, findings))
        labelled = set(labels[-1]["target"])
        described = set(targets[-1]["target"])
        with_label = set(labels[-1]["gene"])
        with_sequence = set(sequences[-1]["gene"])
        for item, count in (
            ("target without a label", len(described - labelled)),
            ("label without a target in the table", len(labelled - described)),
            ("gene of a label without a sequence", len(with_label - with_sequence)),
            ("sequence of a gene without a label", len(with_sequence - with_label)),
        ):
            findings.add(item, count, "kept")
    return DeepGDelTables(
        pd.concat(labels, ignore_index=True),
        pd.concat(sequences, ignore_index=True),
        pd.concat(targets, ignore_index=True),
        findings.frame(),
    )
