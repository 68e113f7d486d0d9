"""Rhea, the curated reactions: equations, identifiers of the directions, structures, proteins.

A Rhea reaction has four identifiers: the master (direction undefined), left to right, right to
left, and both ways. Every table here leads to the master.

Source: Bansal et al., Rhea, the reaction knowledgebase in 2022, Nucleic Acids Research 2022.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.io.text_tables import read_tsv
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables
from gemwright.sources.rhea_balance import AtomCounts, reaction_balance
from gemwright.sources.rhea_equations import master_reactions, read_entries

#: Direction of each column of rhea-directions.tsv.
DIRECTIONS = {
    "RHEA_ID_MASTER": "UN",
    "RHEA_ID_LR": "LR",
    "RHEA_ID_RL": "RL",
    "RHEA_ID_BI": "BI",
}


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
    entries = read_entries(reactions, findings)
    listed = _read_directions(directions)
    masters, participants = master_reactions(entries, reactions, findings)
    known = set(masters["rhea"])

    in_directions = masters["rhea"].isin(listed["rhea"])
    findings.add(
        "masters that rhea-directions does not list",
        ~in_directions,
        "kept; lr, rl and bi are missing",
    )
    findings.add(
        "reactions of rhea-directions without an equation",
        ~listed["rhea"].drop_duplicates().isin(known),
        "kept in directions only",
    )
    by_direction = listed.pivot(index="rhea", columns="direction", values="rhea_id")
    for direction in ("LR", "RL", "BI"):
        masters[direction.lower()] = masters["rhea"].map(by_direction[direction]).astype("Int64")
    masters["in_directions"] = in_directions

    structures = _read_pairs(chebi_smiles, "chebi", "smiles", findings)
    atoms = AtomCounts()
    refused = ~atoms.readable(structures["smiles"])
    findings.add("structures of participants that RDKit refuses", refused, "left out")
    structures = structures[~refused].reset_index(drop=True)
    balanced = reaction_balance(
        read_tsv(reaction_smiles, names=["id", "smiles"]), listed, atoms, findings
    )
    masters["balanced"] = masters["rhea"].map(balanced).astype("boolean")
    findings.add(
        "unbalanced reactions", ~masters["balanced"].fillna(True), "kept; balanced is false"
    )
    findings.add(
        "reactions whose balance is unknown",
        masters["balanced"].isna(),
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
        "ChEBI participants without a structure", ~compounds.isin(structures["chebi"]), "kept"
    )
    findings.add("ChEBI participants with an R group", compounds.isin(with_r), "kept")
    for kind in ("generic", "polymer"):
        findings.add(f"reactions with a {kind} participant", masters[f"n_{kind}"].gt(0), "kept")
    findings.add("reactions with an R group", masters["n_r_groups"].gt(0), "kept")
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
    findings.add(f"{name}: empty {value}", empty, "left out")
    frame = frame[~empty]
    twice = frame[key].duplicated()
    findings.add(f"{name}: repeated identifiers", twice, "the first is kept")
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
    findings.add(f"{name}: rows of such reactions", obsolete, "left out")
    frame = frame[~obsolete]
    twice = frame.duplicated()
    findings.add(f"{name}: repeated rows", twice, "left out")
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
