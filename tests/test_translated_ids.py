"""Metabolites and genes by other names: translated, counted, and all that are unknown told."""

import functools
import sqlite3
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.inputs.checks import _hint, check_genes, check_metabolome
from gemwright.inputs.gene_ids import STYLES, match_genes, match_names, read_aliases
from gemwright.inputs.metabolite_ids import MetaboliteNames
from gemwright.inputs.organism import metabolite_names, prepare_organism
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.fasta import read_fasta
from gemwright.io.tables import read_parquet, read_results, write_delimited
from gemwright.io.user_tables import read_user_table
from gemwright.sources.bigg_snapshot import read_media, read_universe
from gemwright.sources.compound_names import NAMESPACES
from gemwright.sources.registry import locate
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import read_essentiality
from gemwright.validation.tables import prepare_validation


@functools.cache
def names():
    """Of the Gram-negative universe, which is read in a second."""
    universe = read_universe("gramneg")
    return metabolite_names(universe.species, universe)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("glc__D", "BiGG id"),
        *((text, "BiGG id in another spelling") for text in (
            "glc__D_e", "M_glc__D_e", "glc-D[e]", "glc_D_e", "glc-D", "glc_DASH_D_e",
            "M_glc__45__D_c", "glc__D[c0]", "bigg.metabolite:glc__D",
        )),
        *((text, "KEGG") for text in ("C00031", "cpd:C00031", "kegg:C00031",
            "KEGG:C00031", "KEGG.compound:C00031",
            "https://identifiers.org/kegg.compound/C00031")),
        *((text, "ChEBI") for text in ("CHEBI:17634", "chebi:17634",
            "http://identifiers.org/chebi/CHEBI:17634")),
        ("MNXM41", "MetaNetX"),
        *((text, "ModelSEED") for text in (
            "cpd00027", "ModelSEED:cpd00027", "cpd00027_e0", "cpd00027[c0]",
        )),
        *((text, "HMDB") for text in ("HMDB0000122", "HMDB00122")),
        ("WQZGKKKJIJFFOK-GASJEMHNSA-N", "InChIKey"),
        *((text, "name") for text in ("D-Glucose", "D-glucose", "glucose", "Dextrose")),
    ],
)  # fmt: skip
def test_one_metabolite_by_many_names(text, kind):
    found = names().find(text)
    assert (found.metabolites, found.kind) == (("glc__D",), kind)


def test_of_several_ids_the_one_that_is_exchanged_is_meant():
    assert names().find("cpd00013").metabolites == ("nh4",)
    # without a universe it is told
    plain = MetaboliteNames.of_ids(["nh3", "nh4", "pi"])
    assert plain.find("cpd00013").metabolites == ("nh3", "nh4")
    assert plain.find("cpd00009").metabolites == ("pi",)


def test_abbreviations_of_one_database_are_no_names():
    known = MetaboliteNames.of_ids(["malon"])
    assert known.find("maln").metabolites == ()
    assert known.find("malonate").metabolites == ("malon",)


@functools.cache
def identifiers():
    """BiGG metabolites of the universe to their ids in other databases, from the package's file."""
    from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH

    with sqlite3.connect(MINI_COMPOUND_CACHE_PATH) as base:
        rows = base.execute(
            "SELECT compound_id, namespace, accession FROM compound_identifiers i"
            " JOIN registries r ON r.id = i.registry_id"
        ).fetchall()
    compounds, others = {}, defaultdict(list)
    for compound, namespace, accession in rows:
        if namespace == "bigg.metabolite":
            compounds.setdefault(accession.removeprefix("M_"), set()).add(compound)
        elif namespace in NAMESPACES and namespace != "metacyc.compound":
            others[compound].append(accession)
    return {
        name: [text for compound in compounds[name] for text in others[compound]]
        for name in compounds.keys() & set(names().species["metabolite"])
    }, compounds


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_ids_of_the_snapshot_go_to_other_databases_and_back(data):
    others, compounds = identifiers()
    metabolite = data.draw(st.sampled_from(sorted(others)))
    spelt = [metabolite, f"M_{metabolite}_c", f"{metabolite}_e", f"{metabolite}[p]"]
    assert names().find(data.draw(st.sampled_from(spelt))).metabolites == (metabolite,)
    if others[metabolite]:
        found = names().find(data.draw(st.sampled_from(others[metabolite]))).metabolites
        # BiGG has some compounds under two ids
        same = [name for name in found if compounds.get(name, set()) & compounds[metabolite]]
        assert metabolite in found or same


@pytest.mark.case("32-metabolome-ids")
def test_a_metabolome_in_foreign_ids_is_translated(tmp_path):
    path = tmp_path / "names.tsv"
    path.write_text("bigg_id\tsource\nD-Glucose\tpaper\nC00025\tpaper\nCHEBI:30089\tpaper\n")
    told = []
    table = check_metabolome(path, names(), translated=told)
    assert list(table["metabolite"]) == ["glc__D", "glu__L", "ac"]
    assert [tuple(row)[1:5] for row in told] == [
        ("line 2", "D-Glucose", "name", "glc__D"),
        ("line 3", "C00025", "KEGG", "glu__L"),
        ("line 4", "CHEBI:30089", "ChEBI", "ac"),
    ]
    # three names of one metabolite are one row
    path.write_text("bigg_id\tsource\nD-Glucose\tpaper\nC00031\tpaper\nCHEBI:17634\tpaper\n")
    assert list(check_metabolome(path, names())["metabolite"]) == ["glc__D"]


@pytest.mark.case("32-metabolome-ids")
def test_all_unknown_metabolites_are_told_at_once_with_their_lines(tmp_path, caplog):
    path = tmp_path / "blank_lines.tsv"
    text = "bigg_id\tsource\n\nglc__D\tp\n\n\nXXX\tp\n# note\nglcD\tp\n17634\tp\n2-Sep\tp\n"
    path.write_text(text)
    with pytest.raises(InputError) as told:
        check_metabolome(path, names())
    message = str(told.value)
    assert message.startswith(f"{path}: 1 of 5 are known metabolites, such as 'glc__D'; unknown:")
    for part in (
        "line 6 'XXX'",
        "line 8 'glcD' (did you mean glc__D",
        "line 9 '17634' (did you mean CHEBI:17634, glc__D?)",
        "line 10 '2-Sep' (Excel may have made this of a name)",
    ):
        assert part in message
    path.write_text("bigg_id\tsource\n\nglc__D\tp\n\n\nXXX\tp\n")
    with pytest.raises(InputError, match=r"tsv, line 6: 'XXX' is not known.*\(1 of 2 are"):
        check_metabolome(path, names())
    # above the stated share they are left out, and told
    assert list(check_metabolome(path, names(), 0.5)["metabolite"]) == ["glc__D"]
    assert "1 of 2 are known metabolites" in caplog.text
    assert "line 6 'XXX'" in caplog.text


def test_an_ambiguous_name_is_told_with_its_meanings(tmp_path):
    path = tmp_path / "m.tsv"
    path.write_text("bigg_id\tsource\ncpd00013\tp\n")
    with pytest.raises(InputError, match=r"'cpd00013' is not known \(it may be nh3 or nh4\)"):
        check_metabolome(path, {"nh3", "nh4"})


PROTEOME = [f"BSU{number:05d}" for number in range(10, 400, 10)]


@pytest.mark.parametrize(
    "style",
    [
        "BSU_{:05d}", "bsu{:05d}", "gene:BSU{:05d}", "BSU{:05d}.1", "bsu:BSU{:05d}", "G_BSU{:05d}",
        "224308.BSU{:05d}", "gene-BSU_{:05d}", "BSU{:05d}.0", "lcl|bsu_{:05d}.2",
    ],
)  # fmt: skip
def test_genes_in_another_style_are_matched(style):
    given = [style.format(number) for number in range(10, 300, 10)]
    matches, used = match_genes(given, PROTEOME, 0.5)
    assert matches == dict(zip(given, PROTEOME, strict=False))
    assert used


@pytest.mark.parametrize(
    ("header", "accession", "given"),
    [
        ("sp|P{:05d}|NAME_ECOLI", "P{:05d}", "P{:05d}"),
        ("tr|A0A{:05d}|A0A_BACSU", "A0A{:05d}", "a0a{:05d}"),
        ("gi|16{:05d}|ref|NP_4{:05d}.1|", "NP_4{:05d}.1", "NP_4{:05d}"),
        ("lcl|NC_000913.3_prot_NP_4{:05d}.1_7", "NP_4{:05d}.1", "NP_4{:05d}.1"),
        ("lcl|NZ_CP0_1.1_cds_WP_0{:05d}.1_12", "WP_0{:05d}.1", "WP_0{:05d}.1"),
    ],
)
def test_accessions_inside_of_headers_are_found(header, accession, given):
    def written(form):
        return [form.format(*[number] * form.count("{")) for number in range(10, 300, 10)]

    matches, used = match_genes(written(given), written(header), 0.5)
    assert matches == dict(zip(written(given), written(header), strict=True))
    assert "accession" in used
    matches, _ = match_genes(written(header), written(accession), 0.5)
    assert matches == dict(zip(written(header), written(accession), strict=True))


def test_a_fitting_table_is_taken_as_it_is():
    given = ["PA0527", "PA0527.1", "PA0528"]
    assert match_genes(given, ["PA0527", "PA0528"], 0.5) == (
        {"PA0527": "PA0527", "PA0528": "PA0528"},
        (),
    )
    # of two ids that would be one, neither is taken
    matches, _ = match_genes(["pa1.1", "pa1.2", "pa2.1"], ["PA1", "PA2"], 0.3)
    assert matches == {"pa2.1": "PA2"}


def test_a_name_of_many_lines_is_spelt_once_in_each_style(monkeypatch):
    spelt = []
    monkeypatch.setitem(STYLES, "capitals", lambda text: spelt.append(text) or text.upper())
    assert match_names(["q"] * 1000, ["g1"], 1.0, {}) == ({}, ())
    # capitals are in half of the 32 combinations
    assert sorted(spelt) == ["g1"] * 16 + ["q"] * 16


@pytest.mark.case("08-essentiality-other-ids")
def test_essential_genes_in_new_tags_are_those_in_old_ones(tmp_path, caplog):
    old = locate("essentiality_bsub").read_text()
    path = tmp_path / "essentiality_new_tags.tsv"
    path.write_text(old.replace("BSU", "BSU_"))
    proteome = read_fasta(locate("proteome_bsub"))
    told = []
    table = read_essentiality(path, lambda rows: check_genes(rows, "bigg_id", proteome, 0.5, told))
    plain = read_essentiality(locate("essentiality_bsub"))
    kept = [rows[rows["gene"].isin(proteome)].sort_values("gene") for rows in (table, plain)]
    assert kept[0].values.tolist() == kept[1].values.tolist()
    assert "another style than in the proteome ('BSU_00090' for 'BSU00090'): 605 matched" in (
        caplog.text
    )
    assert "605 of 606" in caplog.text
    assert told[0].kind == "gene in another style (underscore)"


@pytest.mark.case("08-essentiality-other-ids")
def test_genes_that_nobody_has_are_one_message(tmp_path):
    path = tmp_path / "e.tsv"
    path.write_text("bigg_id\tphenotype\n\nb0001\tE\n\nb0002\tNE\n")
    table = read_user_table(path, ("bigg_id",))
    message = (
        r"e\.tsv: 0 of 2 are genes of the proteome, which has ids such as 'BSU00010'; 50% have to"
        r" be \(inputs\.known_genes\); unknown: line 3 'b0001', line 5 'b0002'; write genes as"
    )
    with pytest.raises(InputError, match=message):
        check_genes(table, "bigg_id", PROTEOME, 0.5)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("unobtainium", ""),
        ("adamantium", ""),
        ("nonsense", ""),
        ("Potasium", " (did you mean potassium?)"),
        ("glcD", " (did you mean glc__D?)"),
        ("pyruvat", " (did you mean pyruvate?)"),
        ("succx", " (did you mean succ?)"),
    ],
)
def test_only_what_is_close_is_suggested(text, hint):
    known = {"k": "potassium", "glc__D": "D-Glucose", "succ": "Succinate", "pyr": "Pyruvate"}
    known |= {"mg2": "magnesium", "cd2": "Cadmium", "ins": "Inosine", "aprut": "N-Acetylputrescine"}
    names = MetaboliteNames(pd.DataFrame(known.items(), columns=["metabolite", "name"]))
    assert _hint(text, names.find(text), names) == hint


def test_prepared_observations_are_translated_and_listed(tmp_path):
    sheet = tmp_path / "o.tsv"
    for name, text in {
        "p.faa": ">BSU00010\nMKVLW\n>BSU00020\nMKVLA\n",
        "m.tsv": "bigg_id\tsource\nCHEBI:17634\tme\n",
        "c.tsv": "bigg_id\tcompound\tgrowth\nD-Glucose\tg\t++\nac_e\ta\t−\nnone\tx\t+\n",
        "e.tsv": "bigg_id\tphenotype\nbsu_00010\tE\nbsu_00020\tNE\n",
        "medium.csv": "compounds,name,maxFlux\ncpd00027,D-Glucose,5\ncpd00013,NH3,100\n",
    }.items():
        (tmp_path / name).write_text(text)
    row = ["mini", "", *(str(tmp_path / name) for name in ("p.faa", "m.tsv")), "gramneg"]
    row += [str(tmp_path / "medium.csv"), f"C={tmp_path / 'c.tsv'}", str(tmp_path / "e.tsv")]
    columns = ["id", "name", "proteome", "metabolome", "universe", "media", "biolog"]
    sheet.write_text("\t".join([*columns, "essentiality"]) + "\n" + "\t".join(row) + "\n")
    own = read_organisms(sheet)["mini"]
    known = ["glc__D", "ac", "nh4", "nh3", *read_media()["compound"]]
    species = pd.DataFrame({"metabolite": known})
    out = {name: tmp_path / name for name in ("p", "m", "media", "b", "e")}
    out |= {name: tmp_path / f"{name}.csv" for name in ("t", "u")}
    prepare_organism(own, species, *(out[name] for name in ("p", "m", "media", "t")))
    media = read_parquet(out["media"])
    assert media.values.tolist() == [
        [own.media[0], "glc__D", 5.0], [own.media[0], "nh4", 100.0],
    ]  # fmt: skip
    listed = pd.read_csv(out["t"])
    assert list(listed["given"]) == ["CHEBI:17634", "cpd00027", "cpd00013"]
    assert list(listed["meant"]) == ["glc__D", "glc__D", "nh4"]
    genes = read_parquet(out["p"])["protein"]
    prepare_validation(own, out["b"], out["e"], out["u"], species, genes)
    assert list(read_parquet(out["b"])["metabolite"]) == ["glc__D", "ac", "none"]
    assert list(read_parquet(out["e"])["gene"]) == ["BSU00010", "BSU00020"]
    assert len(pd.read_csv(out["u"])) == 4


ANNOTATED = (
    "gene,old_locus_tag,protein_id,symbol\n"
    'N_001,"A1;A1b",WP_1.1,dnaA\nN_002,A2,WP_2.1,007\nN_003,A3,WP_2.1,NA\nN_004,A4,,x\n'
)


@pytest.mark.parametrize(
    ("given", "genes", "kind"),
    [
        (["A1", "A2", "A3"], ["N_001", "N_002", "N_003"], "old_locus_tag"),
        (["a_1", "a_2", "a_3"], ["N_001", "N_002", "N_003"], "old_locus_tag"),
        (["WP_1.1", "A1b", "N_003"], ["N_001", "N_001", "N_003"], "protein_id"),
        (["dnaA", "007", "NA"], ["N_001", "N_002", "N_003"], "symbol"),
        # several genes have that protein, and the last has none
        (["N_001", "WP_2.1", "A4"], ["N_001", "WP_2.1", "A4"], None),
    ],
)
def test_genes_by_what_an_annotation_calls_them(tmp_path, given, genes, kind):
    (tmp_path / "genes.csv").write_text(ANNOTATED)
    known = {"N_001", "N_002", "N_003"}
    aliases = read_aliases(tmp_path / "genes.csv", known)
    path = tmp_path / "e.tsv"
    path.write_text("bigg_id\tphenotype\n" + "".join(f"{name}\tE\n" for name in given))
    told = []
    table = read_user_table(path, ("bigg_id",))
    assert check_genes(table, "bigg_id", known, 0.3, told, aliases) == genes
    assert {item.meant for item in told} == {
        gene for name, gene in zip(given, genes, strict=True) if gene != name
    }
    assert (kind in {item.kind for item in told}) if kind else not told


def test_a_table_of_genes_without_a_column_is_told(tmp_path):
    (tmp_path / "genes.csv").write_text(ANNOTATED.replace("protein_id", "protein"))
    with pytest.raises(InputError, match=r"table of genes lacks the column.s. protein_id"):
        read_aliases(tmp_path / "genes.csv", {"N_001"})


@given(st.lists(st.sampled_from(PROTEOME), unique=True), st.floats(0.1, 1))
def test_without_aliases_names_are_matched_as_before(given, least):
    given = [name.lower() for name in given] + ["q"]
    plain, style = match_genes(given, PROTEOME, least)
    matches, used = match_names(given, PROTEOME, least, {})
    assert {name: alias.gene for name, alias in matches.items()} == plain
    assert used == style


def test_exchanges_and_greek_letters_name_metabolites():
    names = MetaboliteNames(
        pd.DataFrame(
            {
                "metabolite": ["glc__D", "nh4", "akg", "EX_odd"],
                "name": ["D-Glucose", "Ammonium", "alpha-Ketoglutarate", "Odd"],
            }
        )
    )
    for text in ("EX_glc__D_e", "R_EX_glc__D_e", "EX_glc-D(e)", "EX_cpd00027_e0"):
        assert names.find(text).metabolites == ("glc__D",), text
    for text in ("α-ketoglutarate", "Α-Ketoglutarate", "alpha-ketoglutarate"):
        assert names.find(text).metabolites == ("akg",), text
    assert names.find("EX_odd").metabolites == ("EX_odd",)
    assert not names.find("EX_").metabolites


def test_rows_that_contradict_each_other_are_told(tmp_path, caplog):
    (tmp_path / "e.tsv").write_text("bigg_id\tphenotype\na\tE\na\tNE\nb\tNE\nc\tE\nc\tE\n")
    assert read_essentiality(tmp_path / "e.tsv").values.tolist() == [
        ["a", True], ["b", False], ["c", True],
    ]  # fmt: skip
    assert "E and NE for one gene, of which E counts: a" in caplog.messages[-1]
    (tmp_path / "c.tsv").write_text(
        "bigg_id\tcompound\tgrowth\nx\tx\t++\nx\tx\t-\ny\ty\t+\ny\ty\t++\n"
    )
    table = read_biolog({"C": tmp_path / "c.tsv"})
    assert table["observed"].tolist() == [False, True]
    assert caplog.messages[-1].endswith("the last row counts: x")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("~/p.faa", ""), "write the whole path"),
        (("$HOME/p.faa", ""), "write the whole path"),
        (("C:\\data\\p.faa", ""), "write the path with '/'"),
        (("https://x.org/p.faa", ""), "nothing is fetched for the sheet"),
        (("{}", "C={};C={}"), "biolog: C has two tables"),
    ],
)
def test_paths_of_other_places_in_the_sheet(tmp_path, cells, message):
    (tmp_path / "p.faa").write_text(">a\nMKV\n")
    proteome, biolog = (cell.replace("{}", str(tmp_path / "p.faa")) for cell in cells)
    (tmp_path / "o.tsv").write_text(f"id\tproteome\tbiolog\na\t{proteome}\t{biolog}\n")
    with pytest.raises(InputError, match=message) as caught:
        read_organisms(tmp_path / "o.tsv")
    assert "line 2" in caught.value.where


def test_names_in_tables_of_results_stay_as_they_are(tmp_path):
    table = pd.DataFrame(
        {
            "target": ["NA", "007"],
            "rank": pd.array([1, None], "Int64"),
            "gene_names": ["null", "1"],
            "genes": ["01", "1;2"],
            "reactions": [3, 4],
        }
    )
    write_delimited(table, tmp_path / "a.csv")
    again = read_results(tmp_path / "a.csv", texts=["genes"], integers=["rank"])
    # elsewhere genes and reactions are counted
    assert again["reactions"].sum() == 7
    assert again["target"].tolist() == ["NA", "007"]
    write_delimited(again, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
