"""ChEBI: structures of chemical entities, merged identifiers, conjugate acids and bases.

Source: Malik et al., ChEBI: re-engineered for a sustainable future, Nucleic Acids Research 2026
(flat files of ChEBI 2.0).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.text_tables import TextTable, missing_as_none, read_header, read_tsv
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

logger = logging.getLogger(__name__)

PREFIX = "CHEBI:"

#: Relation types of ChEBI 2.0 (relation_type.tsv) that lead to another protonation state.
RELATIONS = {"6": "is_conjugate_acid_of", "7": "is_conjugate_base_of"}
_INVERSE = {
    "is_conjugate_acid_of": "is_conjugate_base_of",
    "is_conjugate_base_of": "is_conjugate_acid_of",
    "is_tautomer_of": "is_tautomer_of",
}

_LIVE = ("compound_id", "smiles", "standard_inchi_key", "default_structure")
_SHORT = ("chebi_id", "smiles", "inchikey", "source")
_TRUE = frozenset({"y", "t", "true", "1"})


@dataclass(frozen=True)
class ChebiTables(ParsedTables):
    """ChEBI as tables; identifiers read ``CHEBI:15377``.

    Attributes
    ----------
    structures : pandas.DataFrame
        chebi (primary identifier), smiles, inchikey (``None`` where unknown), source; one row
        per entry.
    merged : pandas.DataFrame
        secondary, chebi (the primary identifier that it was merged into).
    parents : pandas.DataFrame
        chebi, relation (``is_conjugate_acid_of``, ``is_conjugate_base_of``,
        ``is_tautomer_of``), relative: "chebi relation relative".
    findings : pandas.DataFrame
        item, count, treatment.
    """

    structures: pd.DataFrame
    merged: pd.DataFrame
    parents: pd.DataFrame
    findings: pd.DataFrame


def resolve(ids: Iterable[str], merged: pd.DataFrame) -> pd.Series:
    """Replace merged identifiers by the primary ones.

    Parameters
    ----------
    ids : iterable of str
        ``CHEBI:15377``; those that were not merged stay.
    merged : pandas.DataFrame
        As in `ChebiTables`.

    Returns
    -------
    pandas.Series
        Primary identifiers; the index is that of `ids` if it is a Series.
    """
    texts = ids if isinstance(ids, pd.Series) else pd.Series(list(ids), dtype=object)
    primary = merged.set_index("secondary")["chebi"]
    return texts.map(primary).where(texts.isin(primary.index), texts)


def read_chebi(
    structures: str | Path,
    compounds: str | Path | None = None,
    secondary_ids: str | Path | None = None,
    relations: str | Path | None = None,
    relation_types: str | Path | None = None,
    checked: bool = False,
) -> ChebiTables:
    """Read ChEBI's flat files; each may be gzipped, whatever its name says.

    Parameters
    ----------
    structures : str or Path
        ChEBI's structures.tsv, or a table of chebi_id, smiles, inchikey, source.
    compounds : str or Path, optional
        compounds.tsv: entries with a parent were merged into it.
    secondary_ids : str or Path, optional
        secondary_ids.tsv: further merged identifiers.
    relations : str or Path, optional
        relation.tsv; ``parents`` is empty without it.
    relation_types : str or Path, optional
        relation_type.tsv, which names the types of `relations` by number; without it only
        conjugate acids and bases are known, by `RELATIONS`.
    checked : bool
        Whether RDKit parses every SMILES and InChI checks its InChIKey (ten seconds for 30,000
        entries); a SMILES that RDKit refuses is then missing.

    Raises
    ------
    InputError
        If a file is missing, cut off or not of the expected layout.
    """
    findings = Findings()
    merged = _merged(compounds, secondary_ids, findings)
    frame = _structures(structures, merged, findings)
    if checked:
        frame = _check(frame, findings)
    parents = _relations(relations, relation_types, merged, findings)
    return ChebiTables(frame, merged, parents, findings.frame())


def _ids(source: TextTable, column: str) -> pd.Series:
    return PREFIX + source.integers(column, PREFIX).astype(str)


def _structures(path: str | Path, merged: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    header, _ = read_header(path)
    if "compound_id" in header:
        # the drawn molecule (molfile) of a row runs over many lines
        source = read_tsv(path, required=_LIVE, optional=(), quoted=True)
        texts = source.frame(["smiles", "standard_inchi_key", "default_structure"])
        frame = pd.DataFrame(
            {
                "chebi": _ids(source, "compound_id"),
                "smiles": texts["smiles"],
                "inchikey": texts["standard_inchi_key"],
                "source": "ChEBI",
                "default": texts["default_structure"].str.lower().isin(_TRUE),
            }
        )
    elif "chebi_id" in header:
        source = read_tsv(path, required=_SHORT, optional=())
        frame = source.frame(["smiles", "inchikey", "source"])
        frame.insert(0, "chebi", _ids(source, "chebi_id"))
        frame["default"] = True
    else:
        raise InputError(
            str(path),
            f"is no table of ChEBI structures (columns: {', '.join(header)[:200]})",
            "give structures.tsv.gz of ChEBI's flat files",
        )
    frame["inchikey"] = frame["inchikey"].str.removeprefix("InChIKey=")
    # CXSMILES: what follows the SMILES describes repeat units and R groups for drawing
    plain = frame["smiles"].str.split(" ", n=1).str[0]
    findings.add(
        "SMILES with an extension (repeat units, labelled R groups)",
        plain.ne(frame["smiles"]),
        "extension cut off",
    )
    frame["smiles"] = plain
    bare = frame["smiles"].eq("") & frame["inchikey"].eq("")
    findings.add("rows without SMILES and InChIKey (drawing only)", bare, "left out")
    frame = frame[~bare]
    malformed = frame["inchikey"].ne("") & ~frame["inchikey"].str.fullmatch(
        r"[A-Z]{14}-[A-Z]{10}-[A-Z]"
    )
    findings.add("malformed InChIKeys", malformed, "missing")
    frame["inchikey"] = frame["inchikey"].mask(malformed, "")

    primary = resolve(frame["chebi"], merged)
    moved = primary.ne(frame["chebi"])
    frame["chebi"], frame["moved"] = primary, moved
    # best row of an entry: its own and the default one; the sort is stable
    frame = frame.assign(order=range(len(frame))).sort_values(
        ["moved", "default"], ascending=[True, False], kind="stable"
    )
    again = frame["chebi"].duplicated()
    findings.add(
        "further structures of an entry",
        again & ~frame["moved"],
        "the default one, or else the first, is kept",
    )
    findings.add(
        "structures of merged entries whose primary entry has one",
        again & frame["moved"],
        "left out",
    )
    findings.add(
        "structures of merged entries whose primary entry has none",
        ~again & frame["moved"],
        "given to the primary entry",
    )
    frame = frame[~again].sort_values("order", ignore_index=True)
    findings.add("entries without SMILES", frame["smiles"].eq(""), "kept; smiles is missing")
    findings.add("entries without InChIKey", frame["inchikey"].eq(""), "kept; inchikey is missing")
    findings.add(
        "entries with an R group (*)", frame["smiles"].str.contains("*", regex=False), "kept"
    )
    for column in ("smiles", "inchikey"):
        frame[column] = missing_as_none(frame[column])
    return frame[["chebi", "smiles", "inchikey", "source"]]


def _check(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    from tqdm import tqdm

    from gemwright.sources.structures import inchikey

    refused = pd.Series(False, index=frame.index)
    other_skeleton = other_layer = 0
    drawn = frame[frame["smiles"].notna()]
    rows = zip(drawn.index, drawn["smiles"], drawn["inchikey"], strict=True)
    for row, smiles, given in tqdm(rows, total=len(drawn), desc="ChEBI structures", disable=None):
        try:
            found = inchikey(smiles)
        except ValueError:
            refused[row] = True
            continue
        if given and found and found != given:
            other_skeleton += found[:14] != given[:14]
            other_layer += found[:14] == given[:14]
    findings.add("SMILES that RDKit refuses", refused, "smiles is missing")
    findings.add(
        "entries whose InChIKey names another skeleton than their SMILES", other_skeleton, "kept"
    )
    findings.add(
        "entries whose InChIKey differs from their SMILES in stereo, isotopes or protons",
        other_layer,
        "kept",
    )
    checked = frame.copy()
    checked.loc[refused, "smiles"] = None
    return checked


def _merged(
    compounds: str | Path | None, secondary: str | Path | None, findings: Findings
) -> pd.DataFrame:
    pairs = []
    if compounds is not None:
        source = read_tsv(compounds, required=["id", "parent_id"], optional=(), quoted=True)
        ids = _ids(source, "id")
        parent = source.frame(["parent_id"])["parent_id"].str.removeprefix(PREFIX)
        has_parent = parent.ne("")
        source.refuse(has_parent & ~parent.str.fullmatch(r"\d{1,18}"), "parent_id is no number")
        pairs.append(pd.DataFrame({"secondary": ids, "chebi": PREFIX + parent})[has_parent])
    if secondary is not None:
        source = read_tsv(secondary, required=["compound_id", "secondary_id"], optional=())
        pairs.append(
            pd.DataFrame(
                {"secondary": _ids(source, "secondary_id"), "chebi": _ids(source, "compound_id")}
            )
        )
    merged = pd.concat([pd.DataFrame(columns=["secondary", "chebi"], dtype=object), *pairs])
    merged = merged.drop_duplicates()
    merged = merged[merged["secondary"].ne(merged["chebi"])]
    twice = merged["secondary"].duplicated()
    findings.add("merged identifiers with several primary ones", twice, "the first is kept")
    merged = merged[~twice]
    into = dict(zip(merged["secondary"], merged["chebi"], strict=True))
    chains, circles = 0, set()
    primary = []
    for start in merged["secondary"]:
        seen = {start}
        current = into[start]
        while current in into and current not in seen:
            seen.add(current)
            current = into[current]
        if current in seen:
            circles.add(start)
        chains += len(seen) > 1
        primary.append(current)
    merged = merged.assign(chebi=primary)
    findings.add(
        "merged identifiers that lead to a merged one", chains, "followed to the primary one"
    )
    findings.add("merged identifiers that lead back to themselves", len(circles), "left out")
    merged = merged[~merged["secondary"].isin(circles)].reset_index(drop=True)
    findings.add("merged identifiers", len(merged), "resolve() gives the primary ones")
    return merged


def _relations(
    path: str | Path | None, types: str | Path | None, merged: pd.DataFrame, findings: Findings
) -> pd.DataFrame:
    if path is None:
        return pd.DataFrame(columns=["chebi", "relation", "relative"], dtype=object)
    names = RELATIONS
    if types is not None:
        table = read_tsv(types, required=["id", "code"], optional=(), quoted=True).frame()
        names = {
            number: code
            for number, code in zip(table["id"], table["code"], strict=True)
            if code in _INVERSE
        }
    source = read_tsv(
        path, required=["relation_type_id", "init_id", "final_id"], optional=(), quoted=True
    )
    frame = pd.DataFrame(
        {
            "chebi": resolve(_ids(source, "init_id"), merged),
            "relation": source.strings("relation_type_id").map(names).astype(object),
            "relative": resolve(_ids(source, "final_id"), merged),
        }
    )
    other = frame["relation"].isna()
    findings.add("relations of other types (is_a, has_role, ...)", other, "left out")
    frame = frame[~other]
    circular = frame["chebi"].eq(frame["relative"])
    findings.add("relations of an entry with itself", circular, "left out")
    frame = frame[~circular]
    again = frame.duplicated()
    findings.add("repeated relations", again, "left out")
    frame = frame[~again].reset_index(drop=True)
    inverse = pd.DataFrame(
        {
            "chebi": frame["relative"],
            "relation": frame["relation"].map(_INVERSE),
            "relative": frame["chebi"],
        }
    )
    answered = frame.merge(inverse, how="left", indicator=True)["_merge"].eq("both")
    # conjugate acid and base are each other's inverse: if not, the numbers mean something else
    doubtful = types is None and len(frame) > 0 and float(answered.mean()) < 0.5
    if doubtful:
        logger.warning(
            "%s: only %.0f %% of the relations of types %s have their reverse, so they are not"
            " conjugate acids and bases; give relation_type.tsv.gz to use them",
            path,
            100 * answered.mean(),
            " and ".join(RELATIONS),
        )
    findings.add(
        "relations of a type in doubt (most have no reverse)",
        len(frame) if doubtful else 0,
        "left out; relation_type.tsv tells the types",
    )
    if doubtful:
        return frame.iloc[:0]
    findings.add("relations whose reverse is not listed", ~answered, "kept one way")
    return frame
