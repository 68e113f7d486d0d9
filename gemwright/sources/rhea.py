"""Rhea, the curated reactions: equations, identifiers of the directions, structures, proteins.

A Rhea reaction has four identifiers: the master (direction undefined), left to right, right to
left, and both ways. Every table here leads to the master.

Source: Bansal et al., Rhea, the reaction knowledgebase in 2022, Nucleic Acids Research 2022.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gemwright.errors import InputError
from gemwright.io.compressed import reading
from gemwright.io.text_tables import TextTable, read_tsv
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

logger = logging.getLogger(__name__)

#: Direction of each column of rhea-directions.tsv.
DIRECTIONS = {
    "RHEA_ID_MASTER": "UN",
    "RHEA_ID_LR": "LR",
    "RHEA_ID_RL": "RL",
    "RHEA_ID_BI": "BI",
}
SIDES = ("left", "right")

_ARROW = re.compile(r"(?:^|\s)(<=>|=>|<=|=)(?:\s|$)")
# a generic compound is written as GENERIC:10594 or by the ChEBI entries of its reactive parts
_TERM = re.compile(
    r"(?:(?P<coefficient>\S+)\s+)?"
    r"(?P<participant>CHEBI:\d+(?:,CHEBI:\d+)*|GENERIC:\d+|POLYMER:\d+)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_VARIABLE = re.compile(r"[()\d+\-*]*[a-z][()\da-z+\-*]*")
#: Share of equations beyond which a file is taken for another format rather than for a faulty one.
_MOST_UNREADABLE = 0.01


@dataclass(frozen=True)
class Term:
    """One participant of one side of an equation.

    Attributes
    ----------
    participant : str
        ``CHEBI:15377``, ``GENERIC:10594``, ``POLYMER:12833``, or the ChEBI entries of the
        reactive parts of a generic compound, joined by commas.
    coefficient : str
        As written: a number, an expression such as ``2n`` or ``(n+1)``, or ``""`` for 1.
    """

    participant: str
    coefficient: str = ""


def parse_equation(text: str) -> tuple[tuple[Term, ...], str, tuple[Term, ...]]:
    """Parse an equation of Rhea.

    Parameters
    ----------
    text : str
        ``CHEBI:15377 + 2 CHEBI:16459 => (n+1) POLYMER:10219``.

    Returns
    -------
    left : tuple of Term
    arrow : str
        ``=`` (direction undefined), ``=>``, ``<=`` or ``<=>``.
    right : tuple of Term

    Raises
    ------
    ValueError
        If the text is no such equation, or a side is empty.
    """
    arrows = _ARROW.findall(text)
    if len(arrows) != 1:
        raise ValueError(f"an equation has one arrow, not {len(arrows)}: {text!r}")
    left, _, right = _ARROW.split(text)
    return _parse_side(left), arrows[0], _parse_side(right)


def _parse_side(text: str) -> tuple[Term, ...]:
    terms = []
    for item in text.strip().split(" + "):
        match = _TERM.fullmatch(item.strip())
        coefficient = match["coefficient"] or "" if match else ""
        if not match or not (
            not coefficient or _NUMBER.fullmatch(coefficient) or _VARIABLE.fullmatch(coefficient)
        ):
            raise ValueError(f"not a participant: {item!r}")
        terms.append(Term(match["participant"], coefficient))
    return tuple(terms)


def render_equation(left: Sequence[Term], arrow: str, right: Sequence[Term]) -> str:
    """Write an equation as Rhea does; the reverse of `parse_equation`."""
    sides = (
        " + ".join(f"{term.coefficient} {term.participant}".strip() for term in side)
        for side in (left, right)
    )
    return f" {arrow} ".join(sides)


def coefficient_values(texts: pd.Series) -> pd.Series:
    """Read stoichiometric coefficients: 1 for ``""``, NaN for a variable one (``2n``)."""
    return pd.to_numeric(texts.where(texts.ne(""), "1"), errors="coerce").astype("float64")


@dataclass(frozen=True)
class RheaTables(ParsedTables):
    """Rhea as tables; ``rhea`` is always the identifier of the master reaction (int64).

    Attributes
    ----------
    reactions : pandas.DataFrame
        rhea, lr, rl, bi (Int64, missing where rhea-directions does not list the reaction),
        equation (with identifiers), definition (with names), transport (bool), balanced
        (boolean: heavy atoms including dummy atoms agree; missing where there is no reaction
        SMILES or RDKit refuses a part of it), n_generic, n_polymer, n_r_groups (participants
        whose structure has an R group), in_directions (bool).
    participants : pandas.DataFrame
        rhea, side (``left``, ``right``), participant, kind (``chebi``, ``generic``,
        ``polymer``), coefficient (float64, NaN if it is variable), coefficient_text; one row
        per participant and side. A compound that is transported stands on both sides.
    directions : pandas.DataFrame
        rhea_id, rhea, direction (``UN``, ``LR``, ``RL``, ``BI``).
    ec : pandas.DataFrame
        rhea, direction, ec.
    kegg : pandas.DataFrame
        rhea, direction, kegg_reaction.
    proteins : pandas.DataFrame
        rhea_id, rhea, direction, accession.
    smiles : pandas.DataFrame
        chebi, smiles.
    names : pandas.DataFrame
        chebi, name.
    protonation : pandas.DataFrame
        chebi, major_microspecies (at pH 7.3), origin.
    findings : pandas.DataFrame
        item, count, treatment.
    """

    reactions: pd.DataFrame
    participants: pd.DataFrame
    directions: pd.DataFrame
    ec: pd.DataFrame
    kegg: pd.DataFrame
    proteins: pd.DataFrame
    smiles: pd.DataFrame
    names: pd.DataFrame
    protonation: pd.DataFrame
    findings: pd.DataFrame


def read_rhea(
    *,
    reactions: str | Path,
    directions: str | Path,
    reaction_smiles: str | Path,
    chebi_smiles: str | Path,
    chebi_names: str | Path,
    ec: str | Path,
    kegg: str | Path,
    uniprot: str | Path,
    protonation: str | Path | None = None,
) -> RheaTables:
    """Read the files of Rhea; each may be gzipped, whatever its name says.

    Parameters
    ----------
    reactions : str or Path
        rhea-reactions.txt.
    directions : str or Path
        rhea-directions.tsv.
    reaction_smiles : str or Path
        rhea-reaction-smiles.tsv (no header line).
    chebi_smiles : str or Path
        rhea-chebi-smiles.tsv (no header line).
    chebi_names : str or Path
        chebiId_name.tsv (no header line).
    ec, kegg, uniprot : str or Path
        rhea2ec.tsv, rhea2kegg_reaction.tsv, rhea2uniprot_sprot.tsv.
    protonation : str or Path, optional
        chebi_pH7_3_mapping.tsv; the table is empty without it.

    Raises
    ------
    InputError
        If a file is missing, cut off, or not of the expected format.
    """
    findings = Findings()
    entries = _read_entries(reactions, findings)
    listed = _read_directions(directions)
    masters, participants = _masters(entries, reactions, findings)
    known = set(masters["rhea"])

    in_directions = masters["rhea"].isin(listed["rhea"])
    findings.add(
        "masters that rhea-directions does not list",
        int((~in_directions).sum()),
        "kept; lr, rl and bi are missing",
    )
    findings.add(
        "reactions of rhea-directions without an equation",
        int((~listed["rhea"].drop_duplicates().isin(known)).sum()),
        "kept in directions only",
    )
    by_direction = listed.pivot(index="rhea", columns="direction", values="rhea_id")
    for direction in ("LR", "RL", "BI"):
        masters[direction.lower()] = masters["rhea"].map(by_direction[direction]).astype("Int64")
    masters["in_directions"] = in_directions

    structures = _read_pairs(chebi_smiles, "chebi", "smiles", findings)
    atoms = AtomCounts()
    refused = ~atoms.readable(structures["smiles"])
    findings.add("structures of participants that RDKit refuses", int(refused.sum()), "left out")
    structures = structures[~refused].reset_index(drop=True)
    balanced = _balance(read_tsv(reaction_smiles, names=["id", "smiles"]), listed, atoms, findings)
    masters["balanced"] = masters["rhea"].map(balanced).astype("boolean")
    findings.add(
        "unbalanced reactions",
        int((~masters["balanced"].fillna(True)).sum()),
        "kept; balanced is false",
    )
    findings.add(
        "reactions whose balance is unknown",
        int(masters["balanced"].isna().sum()),
        "kept; balanced is missing",
    )
    masters = _count_kinds(masters, participants, structures, findings)

    columns = [
        "rhea", "lr", "rl", "bi", "equation", "definition", "transport", "balanced",
        "n_generic", "n_polymer", "n_r_groups", "in_directions",
    ]  # fmt: skip
    return RheaTables(
        reactions=masters[columns],
        participants=participants,
        directions=listed,
        ec=_read_xrefs(ec, "ec", known, findings).drop(columns="rhea_id"),
        kegg=_read_xrefs(kegg, "kegg_reaction", known, findings).drop(columns="rhea_id"),
        proteins=_read_xrefs(uniprot, "accession", known, findings)[
            ["rhea_id", "rhea", "direction", "accession"]
        ],
        smiles=structures,
        names=_read_pairs(chebi_names, "chebi", "name", findings),
        protonation=_read_protonation(protonation),
        findings=findings.frame(),
    )


def _read_entries(path: str | Path, findings: Findings) -> pd.DataFrame:
    """Read rhea-reactions.txt: rhea_id, line, definition, equation."""
    where = str(path)
    cure = "Delete the file and run again so that it is fetched anew"
    rows: list[tuple[int, int, str, str]] = []
    fields: dict[str, str] = {}
    key, start, continuations = "", 0, 0
    with reading(path) as handle:
        for number, raw in enumerate(handle, start=1):
            line = raw.rstrip()
            if line == "///":
                entry = re.fullmatch(r"RHEA:(\d+)", fields.get("ENTRY", ""))
                if not entry or not fields.get("EQUATION"):
                    raise InputError(
                        f"{where}, line {number}",
                        "the entry that ends here has no ENTRY of the form RHEA:10000"
                        " or no EQUATION",
                        cure,
                    )
                rows.append(
                    (int(entry[1]), start, fields.get("DEFINITION", ""), fields["EQUATION"])
                )
                fields, key = {}, ""
            elif line.startswith(" ") and key:
                fields[key] += f" {line.strip()}"
                continuations += key != "ENZYME"
            elif line:
                key, _, value = line.partition(" ")
                if not key.isupper() or (not fields and key != "ENTRY"):
                    raise InputError(
                        f"{where}, line {number}",
                        f"expected a field such as ENTRY or EQUATION, not {line[:40]!r}",
                        cure,
                    )
                start = start if fields else number
                fields[key] = value.strip()
    if fields or not rows:
        raise InputError(where, "ends inside an entry" if fields else "has no entry", cure)
    findings.add("continuation lines of equations and definitions", continuations, "joined")
    return pd.DataFrame(rows, columns=["rhea_id", "line", "definition", "equation"])


def _masters(
    entries: pd.DataFrame, path: str | Path, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the master entries and take their equations apart."""
    masters = entries[entries["equation"].str.contains(r"(?:^|\s)=(?:\s|$)")]
    repeated = masters["rhea_id"].duplicated()
    findings.add("repeated master entries", int(repeated.sum()), "the first is kept")
    masters = masters[~repeated]
    rows: list[tuple[int, str, str, str]] = []
    unreadable: list[int] = []
    first = ""
    for identifier, line, equation in zip(
        masters["rhea_id"], masters["line"], masters["equation"], strict=True
    ):
        try:
            left, _, right = parse_equation(equation)
        except ValueError as error:
            unreadable.append(identifier)
            first = first or f"{path}, line {line}: {error}"
            continue
        for side, terms in zip(SIDES, (left, right), strict=True):
            rows += [(identifier, side, term.participant, term.coefficient) for term in terms]
    if masters.empty or len(unreadable) > _MOST_UNREADABLE * len(masters):
        raise InputError(
            str(path),
            f"{len(unreadable)} of {len(masters)} undirected equations cannot be read;"
            f" the first: {first or 'none'}",
            "Delete the file and run again; if that does not help, Rhea has changed its format",
        )
    if unreadable:
        logger.warning("%d equations cannot be read; the first: %s", len(unreadable), first)
    findings.add("equations that cannot be read", len(unreadable), "the reaction is left out")
    masters = masters[~masters["rhea_id"].isin(unreadable)]
    frame = pd.DataFrame(
        {
            "rhea": masters["rhea_id"].astype("int64"),
            "equation": masters["equation"],
            "definition": masters["definition"],
            "transport": masters["definition"].str.contains(r"\((?:in|out)\)"),
        }
    ).reset_index(drop=True)
    return frame, _participants(rows, findings)


def _participants(rows: list[tuple[int, str, str, str]], findings: Findings) -> pd.DataFrame:
    terms = pd.DataFrame(rows, columns=["rhea", "side", "participant", "coefficient_text"])
    terms["coefficient"] = coefficient_values(terms["coefficient_text"])
    terms.loc[terms["coefficient_text"].eq(""), "coefficient_text"] = "1"
    keys = ["rhea", "side", "participant"]
    twice = terms.duplicated(keys)
    findings.add("participants written twice on one side", int(twice.sum()), "coefficients summed")
    if twice.any():
        groups = terms.groupby(keys, sort=False)
        summed = groups.agg(
            coefficient=("coefficient", lambda values: values.sum(skipna=False)),
            coefficient_text=("coefficient_text", "+".join),
        ).reset_index()
        single = groups["coefficient"].size().to_numpy() == 1
        number = summed["coefficient"].map("{:g}".format)
        fixed = ~single & summed["coefficient"].notna().to_numpy()
        summed["coefficient_text"] = summed["coefficient_text"].mask(fixed, number)
        terms = summed
    kind = terms["participant"].str.partition(":")[0].str.lower()
    terms["kind"] = kind.mask(terms["participant"].str.contains(","), "generic")
    variable = terms["coefficient"].isna()
    findings.add("variable coefficients (n, 2n, (n+1))", int(variable.sum()), "kept; value is NaN")
    for which in ("generic", "polymer"):
        findings.add(
            f"{which} participants",
            int(terms.loc[terms["kind"].eq(which), "participant"].nunique()),
            "kept; no structure of their own",
        )
    columns = ["rhea", "side", "participant", "kind", "coefficient", "coefficient_text"]
    return terms[columns].astype({"rhea": "int64", "coefficient": "float64"})


def _count_kinds(
    masters: pd.DataFrame, participants: pd.DataFrame, structures: pd.DataFrame, findings: Findings
) -> pd.DataFrame:
    with_r = set(structures.loc[structures["smiles"].str.contains("*", regex=False), "chebi"])
    distinct = participants.drop_duplicates(["rhea", "participant"])
    marks = {
        "n_generic": distinct["kind"].eq("generic"),
        "n_polymer": distinct["kind"].eq("polymer"),
        "n_r_groups": distinct["participant"].isin(with_r),
    }
    for column, mark in marks.items():
        counts = distinct[mark].groupby("rhea").size()
        masters[column] = masters["rhea"].map(counts).fillna(0).astype("int64")
    compounds = participants.loc[participants["kind"].eq("chebi"), "participant"].drop_duplicates()
    findings.add(
        "ChEBI participants without a structure",
        int((~compounds.isin(structures["chebi"])).sum()),
        "kept",
    )
    findings.add("ChEBI participants with an R group", int(compounds.isin(with_r).sum()), "kept")
    for kind in ("generic", "polymer"):
        findings.add(
            f"reactions with a {kind} participant", int(masters[f"n_{kind}"].gt(0).sum()), "kept"
        )
    findings.add("reactions with an R group", int(masters["n_r_groups"].gt(0).sum()), "kept")
    return masters


def _read_directions(path: str | Path) -> pd.DataFrame:
    source = read_tsv(path, required=list(DIRECTIONS))
    wide = {column: source.integers(column) for column in DIRECTIONS}
    long = pd.concat(
        [
            pd.DataFrame({"rhea_id": wide[column], "rhea": wide["RHEA_ID_MASTER"], "direction": d})
            for column, d in DIRECTIONS.items()
        ]
    )
    # no identifier may lead to two reactions
    twice = long["rhea_id"].duplicated(keep=False)
    source.refuse(
        twice.groupby(level=0).any().sort_index(), "an identifier is listed for two reactions"
    )
    return long.sort_values(["rhea", "rhea_id"], ignore_index=True)


def _read_pairs(path: str | Path, key: str, value: str, findings: Findings) -> pd.DataFrame:
    """Read a headerless file of ChEBI identifiers and texts."""
    source = read_tsv(path, names=[key, value])
    frame = source.frame()
    source.refuse(~frame[key].str.fullmatch(r"CHEBI:\d+"), "has no identifier such as CHEBI:15377")
    name = Path(path).name
    empty = frame[value].eq("")
    findings.add(f"{name}: empty {value}", int(empty.sum()), "left out")
    frame = frame[~empty]
    twice = frame[key].duplicated()
    findings.add(f"{name}: repeated identifiers", int(twice.sum()), "the first is kept")
    return frame[~twice].reset_index(drop=True)


def _read_xrefs(path: str | Path, value: str, known: set[int], findings: Findings) -> pd.DataFrame:
    """Read a rhea2*.tsv: rhea_id, rhea, direction, and the cross-reference as `value`."""
    source = read_tsv(path, required=["RHEA_ID", "DIRECTION", "MASTER_ID", "ID"])
    texts = source.frame(["DIRECTION", "ID"])
    source.refuse(
        ~texts["DIRECTION"].isin(list(DIRECTIONS.values())), "the direction is not UN, LR, RL or BI"
    )
    frame = pd.DataFrame(
        {
            "rhea_id": source.integers("RHEA_ID"),
            "rhea": source.integers("MASTER_ID"),
            "direction": texts["DIRECTION"],
            value: texts["ID"],
        }
    )
    name = Path(path).name
    obsolete = ~frame["rhea"].isin(known)
    findings.add(
        f"{name}: reactions without an equation (obsolete or newer)",
        int(frame.loc[obsolete, "rhea"].nunique()),
        "left out",
    )
    findings.add(f"{name}: rows of such reactions", int(obsolete.sum()), "left out")
    frame = frame[~obsolete]
    twice = frame.duplicated()
    findings.add(f"{name}: repeated rows", int(twice.sum()), "left out")
    return frame[~twice].reset_index(drop=True)


def _read_protonation(path: str | Path | None) -> pd.DataFrame:
    if path is None:
        return pd.DataFrame(columns=["chebi", "major_microspecies", "origin"], dtype=object)
    source = read_tsv(path, required=["CHEBI", "CHEBI_PH7_3", "ORIGIN"])
    return pd.DataFrame(
        {
            "chebi": "CHEBI:" + source.integers("CHEBI", "CHEBI:").astype(str),
            "major_microspecies": "CHEBI:" + source.integers("CHEBI_PH7_3", "CHEBI:").astype(str),
            "origin": source.frame(["ORIGIN"])["ORIGIN"],
        }
    )


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
        from rdkit import Chem

        from gemwright.sources.structures import quiet_rdkit

        with quiet_rdkit():
            for text in smiles.unique():
                if text in self._rows or text in self._refused:
                    continue
                mol = Chem.MolFromSmiles(text) if text else None
                if mol is None:
                    self._refused.add(text)
                    continue
                counts = np.zeros(119, dtype=np.int32)
                for number, times in Counter(
                    atom.GetAtomicNum() for atom in mol.GetAtoms()
                ).items():
                    counts[number] = times
                counts[1] = 0
                self._rows[text] = len(self._counts)
                self._counts.append(counts)

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


def _balance(
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
    if len(whole) and (~whole).mean() > _MOST_UNREADABLE:
        source.refuse(~whole, "is no reaction SMILES 'substrates>>products'")
    findings.add("reaction SMILES without two sides", int((~whole).sum()), "balance unknown")
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
        int(rows["rhea"].isna().sum()),
        "not used",
    )
    known = rows.dropna(subset="rhea").astype({"rhea": "int64"})
    balanced: pd.Series = known.groupby("rhea")["balanced"].all()
    return balanced
