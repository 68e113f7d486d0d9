"""MetaNetX/MNXref: chemicals and reactions of many databases under one identifier.

Source: Moretti et al., MetaNetX/MNXref: unified namespace for metabolites and biochemical
reactions in the context of metabolic models, Nucleic Acids Research 2021.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from gemwright.errors import InputError
from gemwright.io.text_tables import (
    TextTable,
    missing_as_none,
    nullable_integers,
    read_header,
    read_tsv,
)
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

# the columns of each layout (current, releases before 4.0), under the names of the tables here
_CHEMICALS = (
    {
        "ID": "mnx", "name": "name", "formula": "formula", "charge": "charge", "mass": "mass",
        "InChI": "inchi", "InChIKey": "inchikey", "SMILES": "smiles", "reference": "reference",
    },
    {
        "MNX_ID": "mnx", "Description": "name", "Formula": "formula", "Charge": "charge",
        "Mass": "mass", "InChI": "inchi", "SMILES": "smiles", "Source": "reference",
    },
)  # fmt: skip
_REACTIONS = (
    {
        "ID": "mnx", "mnx_equation": "equation", "is_balanced": "balanced", "classifs": "ec",
        "reference": "reference", "is_transport": "transport",
    },
    {
        "MNX_ID": "mnx", "Equation": "equation", "Balance": "balanced", "EC": "ec",
        "Source": "reference",
    },
)  # fmt: skip
_XREFS = ({"source": "source", "ID": "mnx"}, {"XREF": "source", "MNX_ID": "mnx"})

#: Namespaces of identifiers.org for the prefixes of chem_xref; MNXref lists most twice.
CHEMICAL_NAMESPACES = {
    "bigg": "bigg.metabolite", "biggm": "bigg.metabolite", "bigg.metabolite": "bigg.metabolite",
    "chebi": "chebi",
    "kegg.compound": "kegg.compound", "keggc": "kegg.compound",
    "kegg.drug": "kegg.drug", "keggd": "kegg.drug",
    "kegg.glycan": "kegg.glycan", "keggg": "kegg.glycan",
    "kegg.environ": "kegg.environ", "kegge": "kegg.environ",
    "metacyc": "metacyc.compound", "metacycm": "metacyc.compound",
    "metacyc.compound": "metacyc.compound",
    "seed": "seed.compound", "seedm": "seed.compound", "seed.compound": "seed.compound",
    "sabiork": "sabiork.compound", "sabiorkm": "sabiork.compound",
    "sabiork.compound": "sabiork.compound",
    "reactome": "reactome", "reactomem": "reactome",
    "hmdb": "hmdb", "lipidmaps": "lipidmaps", "lipidmapsm": "lipidmaps",
    "slm": "slm", "swisslipids": "slm",
    "vmhm": "vmhmetabolite", "vmhmetabolite": "vmhmetabolite",
    "envipath": "envipath", "envipathm": "envipath",
    "rheag": "rhea.generic", "rheap": "rhea.polymer",
    "umbbd": "umbbd.compound", "upa": "unipathway.compound", "biopath": "biopath.molecule",
    "mnx": "metanetx.chemical",
}  # fmt: skip
#: The same for reac_xref.
REACTION_NAMESPACES = {
    "bigg": "bigg.reaction", "biggr": "bigg.reaction", "bigg.reaction": "bigg.reaction",
    "kegg": "kegg.reaction", "keggr": "kegg.reaction", "kegg.reaction": "kegg.reaction",
    "metacyc": "metacyc.reaction", "metacycr": "metacyc.reaction",
    "metacyc.reaction": "metacyc.reaction",
    "rhea": "rhea", "rhear": "rhea",
    "seed": "seed.reaction", "seedr": "seed.reaction", "seed.reaction": "seed.reaction",
    "sabiork": "sabiork.reaction", "sabiorkr": "sabiork.reaction",
    "sabiork.reaction": "sabiork.reaction",
    "reactome": "reactome", "reactomer": "reactome",
    "vmhr": "vmhreaction", "vmhreaction": "vmhreaction",
    "upa": "unipathway.reaction", "biopath": "biopath.reaction",
    "mnx": "metanetx.reaction",
}  # fmt: skip
#: KEGG entries of the old layout, distinguished by their first letter.
_KEGG_LETTERS = {
    "C": "kegg.compound", "D": "kegg.drug", "G": "kegg.glycan", "E": "kegg.environ",
}  # fmt: skip
_BALANCED = {"true": True, "B": True, "false": False}
_SECONDARY = "secondary/obsolete/fantasy identifier"


@dataclass(frozen=True)
class MetaNetXTables(ParsedTables):
    """MNXref as tables.

    Attributes
    ----------
    chemicals : pandas.DataFrame
        mnx, name, formula, charge (Int64), mass (float64, Da), inchi, inchikey, smiles,
        reference; ``None`` where unknown.
    chemical_xrefs : pandas.DataFrame
        namespace (`CHEMICAL_NAMESPACES`), identifier (``CHEBI:15377`` in ``chebi``), mnx,
        secondary (bool: an obsolete identifier that another one replaced).
    reactions : pandas.DataFrame
        mnx, equation, balanced (boolean), ec (joined by ``;``), reference, transport (boolean,
        missing in the old layout).
    reaction_xrefs : pandas.DataFrame
        namespace (`REACTION_NAMESPACES`), identifier, mnx, secondary.
    findings : pandas.DataFrame
        item, count, treatment.
    """

    chemicals: pd.DataFrame
    chemical_xrefs: pd.DataFrame
    reactions: pd.DataFrame
    reaction_xrefs: pd.DataFrame
    findings: pd.DataFrame


def read_metanetx(
    chem_prop: str | Path, chem_xref: str | Path, reac_prop: str | Path, reac_xref: str | Path
) -> MetaNetXTables:
    """Read the four files of MNXref, of release 4 or older, gzipped or not.

    Raises
    ------
    InputError
        If a file is missing, cut off or of another layout.
    """
    findings = Findings()
    chemicals = _chemicals(chem_prop, findings)
    reactions = _reactions(reac_prop, findings)
    return MetaNetXTables(
        chemicals=chemicals,
        chemical_xrefs=_xrefs(chem_xref, CHEMICAL_NAMESPACES, chemicals["mnx"], findings),
        reactions=reactions,
        reaction_xrefs=_xrefs(reac_xref, REACTION_NAMESPACES, reactions["mnx"], findings),
        findings=findings.frame(),
    )


def _read(
    path: str | Path,
    layouts: tuple[dict[str, str], ...],
    optional: Sequence[str] | None = (),
    matches: Mapping[str, str] | None = None,
) -> tuple[TextTable, dict[str, str]]:
    header, _ = read_header(path, comment="#")
    for layout in layouts:
        if set(layout) <= set(header):
            source = read_tsv(path, list(layout), comment="#", optional=optional, matches=matches)
            return source, layout
    expected = " or ".join(" ".join(layout) for layout in layouts)
    raise InputError(
        str(path),
        f"has the columns {' '.join(header)[:200]}, not {expected}",
        "delete the file and run again; if that does not help, MetaNetX has changed its layout",
    )


def _properties(
    path: str | Path, layouts: tuple[dict[str, str], ...], findings: Findings
) -> tuple[TextTable, pd.DataFrame]:
    source, layout = _read(path, layouts)
    frame = source.frame(list(layout)).rename(columns=layout)
    source.refuse(frame["mnx"].eq(""), "has no identifier")
    twice = frame["mnx"].duplicated()
    findings.add(f"{Path(path).name}: repeated identifiers", twice, "the first is kept")
    return source, frame[~twice].reset_index(drop=True)


def _chemicals(path: str | Path, findings: Findings) -> pd.DataFrame:
    frame = _properties(path, _CHEMICALS, findings)[1]
    frame["charge"], bad_charge = nullable_integers(frame["charge"])
    mass = pd.to_numeric(frame["mass"], errors="coerce").astype("float64")
    findings.add("charges that are no whole number", bad_charge, "missing")
    findings.add("masses that are no number", mass.isna() & frame["mass"].ne(""), "missing")
    frame["mass"] = mass
    if "inchikey" in frame:
        frame["inchikey"] = frame["inchikey"].str.removeprefix("InChIKey=")
    else:
        frame["inchikey"] = ""
    computed = frame["inchikey"].eq("") & frame["inchi"].ne("")
    if computed.any():
        from rdkit import Chem

        from gemwright.sources.structures import quiet_rdkit

        # RDKit's wrapper carries no types
        key_of: Callable[[str], str] = Chem.InchiToInchiKey
        with quiet_rdkit():
            keys = frame["inchi"].map(key_of)
        frame["inchikey"] = frame["inchikey"].mask(computed, keys)
    findings.add("chemicals with an InChI and no InChIKey", computed, "computed from InChI")
    findings.add(
        "InChIs that have no InChIKey",
        frame["inchikey"].eq("") & frame["inchi"].ne(""),
        "inchikey is missing",
    )
    findings.add("chemicals without a SMILES", frame["smiles"].eq(""), "smiles is missing")
    findings.add(
        "chemicals with an R group (*)", frame["smiles"].str.contains("*", regex=False), "kept"
    )
    for column in ("name", "formula", "inchi", "inchikey", "smiles", "reference"):
        frame[column] = missing_as_none(frame[column])
    columns = list(_CHEMICALS[0].values())
    return frame[columns]


def _reactions(path: str | Path, findings: Findings) -> pd.DataFrame:
    source, frame = _properties(path, _REACTIONS, findings)
    balanced = frame["balanced"].map(_BALANCED).astype("boolean")
    findings.add("reactions not balanced", ~balanced.fillna(True), "kept; balanced is false")
    findings.add("reactions whose balance is unknown", balanced.isna(), "kept; balanced is missing")
    frame["balanced"] = balanced
    if "transport" in frame:
        frame["transport"] = frame["transport"].eq("T").astype("boolean")
    else:
        frame["transport"] = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    sides = frame["equation"].str.partition(" = ")
    one_sided = sides[0].str.strip().eq("") | sides[2].str.strip().eq("")
    findings.add("reactions with an empty side", one_sided, "kept")
    if len(frame) and not sides[1].ne("").any():
        source.refuse(pd.Series([True]), "the equation has no ' = '")
    for column in ("ec", "reference"):
        frame[column] = missing_as_none(frame[column])
    columns = list(_REACTIONS[0].values())
    return frame[columns]


def _xrefs(
    path: str | Path, namespaces: dict[str, str], known: pd.Series, findings: Findings
) -> pd.DataFrame:
    name = Path(path).name
    frame = _split_sources(path, findings)
    prefix, identifier = frame["prefix"], frame["identifier"]
    namespace = prefix.map(namespaces)
    if namespaces is CHEMICAL_NAMESPACES:
        kegg = prefix.eq("kegg")
        namespace = namespace.mask(kegg, identifier.str[:1].map(_KEGG_LETTERS))
        identifier = identifier.mask(namespace.eq("chebi"), "CHEBI:" + identifier)
    unknown = namespace.isna()
    findings.add(
        f"{name}: namespaces that are not known by name",
        int(prefix[unknown].nunique()),
        "kept as written, in lower case",
    )
    model_style = namespace.str.startswith("bigg.", na=False) & identifier.str.match(
        "M_" if namespaces is CHEMICAL_NAMESPACES else "R_"
    )
    findings.add(f"{name}: BiGG identifiers as in SBML (M_, R_)", model_style, "prefix removed")
    frame = pd.DataFrame(
        {
            "namespace": namespace.where(~unknown, prefix),
            "identifier": identifier.where(~model_style, identifier.str[2:]),
            "mnx": frame["mnx"],
            "secondary": frame["secondary"],
        }
    )
    # of an identifier that is listed as current and as secondary, the current row is kept
    order = frame["secondary"].sort_values(kind="stable").index
    again = frame.loc[order].duplicated(["namespace", "identifier", "mnx"]).reindex(frame.index)
    findings.add(f"{name}: identifiers listed under several prefixes", again, "merged")
    frame = frame[~again].reset_index(drop=True)
    findings.add(f"{name}: secondary or obsolete identifiers", frame["secondary"], "kept, marked")
    findings.add(
        f"{name}: rows whose MNXref entry has no properties", ~frame["mnx"].isin(known), "kept"
    )
    several = frame.groupby(["namespace", "identifier"])["mnx"].size()
    findings.add(
        f"{name}: identifiers that lead to several MNXref entries", several.gt(1), "all kept"
    )
    return frame


def _split_sources(path: str | Path, findings: Findings) -> pd.DataFrame:
    """Read a file of cross-references: prefix (lower case), identifier, mnx, secondary."""
    # descriptions are most of the file; only whether they say "secondary" is kept
    marks = {"description": _SECONDARY, "Description": _SECONDARY}
    source, layout = _read(path, _XREFS, optional=(), matches=marks)
    columns = {role: name for name, role in layout.items()}
    mark = next((name for name in marks if name in source.table.column_names), None)
    texts = pc.utf8_trim_whitespace(source.table.column(columns["source"]))
    # in Arrow, because Python strings of millions of rows would fill the memory
    parts = pc.extract_regex(texts, r"^(?P<prefix>[^:]*):(?P<identifier>.*)$")
    prefix = pc.utf8_lower(pc.struct_field(parts, "prefix")).to_pandas()
    frame = pd.DataFrame(
        {
            "prefix": prefix,
            "identifier": pc.struct_field(parts, "identifier").to_pandas(),
            "mnx": source.strings(columns["mnx"]),
            "secondary": source.table.column(mark).to_pandas() if mark else False,
        }
    )
    bare = frame["prefix"].isna()
    findings.add(
        f"{Path(path).name}: MNXref's own identifiers without a namespace", bare, "left out"
    )
    return frame[~bare]


def bigg_to_rhea(tables: MetaNetXTables) -> pd.DataFrame:
    """Pair the reactions of BiGG and Rhea that MNXref holds for the same.

    Parameters
    ----------
    tables : MetaNetXTables
        As `read_metanetx` returns them.

    Returns
    -------
    pandas.DataFrame
        bigg_reaction, rhea_id (int64, of any of a reaction's four identifiers), sorted; a
        reaction may have several partners. MNXref's entry for empty equations pairs nothing.
    """
    xrefs = tables.reaction_xrefs
    xrefs = xrefs[xrefs["mnx"].ne("EMPTY")]
    bigg = xrefs.loc[xrefs["namespace"].eq("bigg.reaction"), ["identifier", "mnx"]]
    rhea = xrefs.loc[
        xrefs["namespace"].eq("rhea") & xrefs["identifier"].str.fullmatch(r"\d{1,9}"),
        ["identifier", "mnx"],
    ]
    pairs = bigg.merge(rhea, on="mnx", suffixes=("_bigg", "_rhea"))
    frame = pd.DataFrame(
        {
            "bigg_reaction": pairs["identifier_bigg"],
            "rhea_id": pairs["identifier_rhea"].astype("int64"),
        }
    )
    return frame.drop_duplicates().sort_values(["bigg_reaction", "rhea_id"], ignore_index=True)
