"""MNXref of both layouts: namespaces, cross-references, equations."""

import functools

import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.sources.metanetx import bigg_to_rhea, read_metanetx

NOTE = "### MetaNetX/MNXref reconciliation ###\n#VERSION:\t4.4\n#\n"
LIVE = {
    "chem_prop": NOTE
    + "#ID\tname\treference\tformula\tcharge\tmass\tInChI\tInChIKey\tSMILES\n"
    "BIOMASS\tBIOMASS\tmnx:BIOMASS\t\t\t\t\t\t\n"
    "MNXM1\tH(+)\tmnx:PROTON\tH\t1\t1.00794\tInChI=1S/p+1"
    "\tInChIKey=GPRLSGONYQIRFK-UHFFFAOYSA-N\t[H+]\n"
    "WATER\tH2O\tmnx:WATER\tH2O\t0\t18.01530\tInChI=1S/H2O/h1H2\t\t[H]O[H]\n"
    "MNXM9\todd\tx:1\tR\tsome\theavy\t\t\t*C\n",
    "chem_xref": NOTE
    + "#source\tID\tdescription\n"
    "BIOMASS\tBIOMASS\tBIOMASS\n"
    "mnx:WATER\tWATER\tH2O\n"
    "CHEBI:15377\tWATER\tH2O||water\n"
    "chebi:10743\tWATER\tsecondary/obsolete/fantasy identifier\n"
    "chebi:15377\tWATER\tH2O||water\n"
    "biggM:M_h2o\tWATER\tsecondary/obsolete/fantasy identifier\n"
    "biggM:h2o\tWATER\tH2O H2O\n"
    "bigg.metabolite:h2o\tWATER\tH2O H2O\n"
    "keggC:C00001\tWATER\tH2O\n"
    "kegg.compound:C00001\tWATER\tH2O\n"
    "seedM:cpd00001\tWATER\tH2O\n"
    "newdb:w:1\tMNXM77\tH2O\n",
    "reac_prop": NOTE
    + "#ID\tmnx_equation\treference\tclassifs\tis_balanced\tis_transport\n"
    "EMPTY\t = \tmnx:EMPTY\t\tB\t\n"
    "MNXR02\t1 MNXM1@MNXD1 = 1 MNXM1@MNXD2\tmnx:MNXR02\t\tB\tT\n"
    "MNXR9\t2 WATER@MNXD1 + (n-1) MNXM9@MNXD1 = 0.5 MNXM1@MNXD1\trheaR:10000"
    "\t1.1.1.1;2.2.2.-\t\t\n",
    "reac_xref": NOTE
    + "#source\tID\tdescription\n"
    "EMPTY\tEMPTY\tempty\n"
    "biggR:DM_x\tEMPTY\tdemand\n"
    "rheaR:99999\tEMPTY\tempty\n"
    "biggR:R_ABC\tMNXR9\tsecondary/obsolete/fantasy identifier\n"
    "biggR:ABC\tMNXR9\tabc\n"
    "bigg.reaction:ABC\tMNXR9\tabc\n"
    "rheaR:10000\tMNXR9\tr\n"
    "rhea:10000\tMNXR9\tr\n"
    "rhea:10001\tMNXR9\tr\n"
    "keggR:R00001\tMNXR9\tr\n",
}  # fmt: skip
OLD = {
    "chem_prop": "#MNX_ID\tDescription\tFormula\tCharge\tMass\tInChI\tSMILES\tSource\n"
    "MNXM2\tH2O\tH2O\t0\t18.0153\tInChI=1S/H2O/h1H2\t[H]O[H]\tchebi:15377\n"
    "MNXM3\tx\tH2O\t-10.0\t\t\t\tchebi:1\n",
    "chem_xref": "#XREF\tMNX_ID\nbigg:h2o\tMNXM2\nbigg:R_3hdcoa\tMNXM3\nchebi:15377\tMNXM2\n"
    "kegg:C00001\tMNXM2\nkegg:D00001\tMNXM2\nkegg:G00001\tMNXM3\nkegg:X1\tMNXM3\n",
    "reac_prop": "#MNX_ID\tEquation\tDescription\tBalance\tEC\tSource\n"
    "MNXR1\t1 MNXM2 = 1 MNXM2\t1 `H2O` = 1 `H2O`\ttrue\t\tbigg:H2Ot\n"
    "MNXR2\t1 MNXM2 = (n) MNXM3\tx\tfalse\t1.1.1.1\tbigg:Z\n",
    "reac_xref": "#XREF\tMNX_ID\nbigg:H2Ot\tMNXR1\nrhea:29667\tMNXR1\nbigg:Z\tMNXR2\n",
}  # fmt: skip


def read(folder, texts, **changes):
    paths = {}
    for name, text in {**texts, **changes}.items():
        paths[name] = folder / name
        paths[name].write_text(text, encoding="utf-8")
    return read_metanetx(**paths)


def count(tables, item):
    rows = tables.findings[tables.findings["item"].eq(item)]
    assert len(rows) == 1, tables.findings["item"].tolist()
    return rows["count"].iloc[0]


def test_the_current_layout(tmp_path):
    tables = read(tmp_path, LIVE)
    chemicals = tables.chemicals.set_index("mnx")
    assert chemicals["charge"].tolist() == [pd.NA, 1, 0, pd.NA]
    assert chemicals.loc["WATER", "inchikey"] == "XLYOFNOQVPJJNP-UHFFFAOYSA-N"
    assert chemicals.loc["MNXM1", "inchikey"] == "GPRLSGONYQIRFK-UHFFFAOYSA-N"
    assert chemicals.loc["BIOMASS", "smiles"] is None
    assert tables.chemical_xrefs.values.tolist() == [
        ["metanetx.chemical", "WATER", "WATER", False],
        ["chebi", "CHEBI:15377", "WATER", False],
        ["chebi", "CHEBI:10743", "WATER", True],
        ["bigg.metabolite", "h2o", "WATER", False],
        ["kegg.compound", "C00001", "WATER", False],
        ["seed.compound", "cpd00001", "WATER", False],
        ["newdb", "w:1", "MNXM77", False],
    ]
    reactions = tables.reactions.set_index("mnx")
    assert reactions["balanced"].tolist() == [True, True, pd.NA]
    assert reactions["transport"].tolist() == [False, True, False]
    assert reactions.loc["MNXR9", "ec"] == "1.1.1.1;2.2.2.-"
    found = {
        "charges that are no whole number": 1,
        "masses that are no number": 1,
        "chemicals with an InChI and no InChIKey": 1,
        "chemicals with an R group (*)": 1,
        "reactions with an empty side": 1,
        "reactions whose balance is unknown": 1,
        "chem_xref: MNXref's own identifiers without a namespace": 1,
        "chem_xref: namespaces that are not known by name": 1,
        "chem_xref: BiGG identifiers as in SBML (M_, R_)": 1,
        "chem_xref: identifiers listed under several prefixes": 4,
        "chem_xref: secondary or obsolete identifiers": 1,
        "chem_xref: rows whose MNXref entry has no properties": 1,
        "reac_xref: BiGG identifiers as in SBML (M_, R_)": 1,
    }
    assert {item: count(tables, item) for item in found} == found
    pairs = bigg_to_rhea(tables)
    assert pairs.values.tolist() == [["ABC", 10000], ["ABC", 10001]]
    assert pairs["rhea_id"].dtype == "int64"


def test_the_old_layout_and_parquet(tmp_path):
    tables = read(tmp_path, OLD)
    assert tables.chemicals["charge"].tolist() == [0, -10]
    assert tables.chemicals["inchikey"].tolist() == ["XLYOFNOQVPJJNP-UHFFFAOYSA-N", None]
    xrefs = tables.chemical_xrefs
    assert xrefs["namespace"].tolist() == [
        "bigg.metabolite", "bigg.metabolite", "chebi", "kegg.compound", "kegg.drug", "kegg.glycan",
        "kegg",
    ]  # fmt: skip
    # a name that only looks like SBML's prefix of a reaction
    assert xrefs["identifier"].tolist()[:3] == ["h2o", "R_3hdcoa", "CHEBI:15377"]
    assert tables.reactions["balanced"].tolist() == [True, False]
    assert tables.reactions["transport"].isna().all()
    assert bigg_to_rhea(tables).values.tolist() == [["H2Ot", 29667]]
    for name, frame in tables.tables().items():
        write_parquet(frame, tmp_path / f"{name}.parquet")
        assert len(read_parquet(tmp_path / f"{name}.parquet")) == len(frame)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"chem_prop": "#ID\tname\nX\ty\n"}, "chem_prop: has the columns ID name, not"),
        ({"chem_xref": "source\tID\n"}, "chem_xref: does not start with a '#' header line"),
        ({"reac_xref": "#XREF\tMNX_ID\na:b\tMNXR1\nc\n"}, "reac_xref, line 3: has 1 cells"),
        (
            {"reac_prop": OLD["reac_prop"].replace(" = ", " -> ")},
            "reac_prop, line 2: the equation has no ' = '",
        ),
    ],
)
def test_malformed_files_are_told(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, OLD, **changes)


@functools.cache
def mnxref_of_the_mirror():
    folder = MIRROR / "www.metanetx.org/cgi-bin/mnxget/mnxref"
    return read_metanetx(
        *(
            folder / f"{name}.tsv.gz"
            for name in ("chem_prop", "chem_xref", "reac_prop", "reac_xref")
        )
    )


@needs_mirror
def test_the_mirror_has_its_known_size():
    tables = mnxref_of_the_mirror()
    # the manifest counts the header line as well
    assert len(tables.chemicals) + 1 == 9_479
    assert len(tables.chemical_xrefs) + 1 == 231_378
    assert len(tables.reactions) + 1 == 31_528
    assert len(tables.reaction_xrefs) + 1 == 107_815
    atp = tables.chemicals.set_index("mnx").loc["MNXM3"]
    assert atp["charge"] == -4
    assert atp["inchikey"] == "ZKHQWZAMYRWXGA-KQYNXXCUSA-J"
    assert tables.reactions["balanced"].sum() == 20_734


@needs_mirror
def test_hexokinase_leads_from_bigg_to_rhea():
    pairs = bigg_to_rhea(mnxref_of_the_mirror())
    assert set(pairs.loc[pairs["bigg_reaction"] == "HEX1", "rhea_id"]) == {
        17825, 17826, 17827, 17828,
    }  # fmt: skip
    assert not pairs.duplicated().any()
