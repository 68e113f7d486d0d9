"""Own strategies for a reconstruction, checked before its model is there."""

from functools import cache

import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.inputs.unknown_names import read_translations, write_translations
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.strain_design import strategy_checks
from gemwright.strain_design.models import bundled_e_coli_core
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strategy_checks import check_strategies
from gemwright.strain_design.user_strategies import read_user_strategies

PROTEOME = ("b1611", "b1612", "b4122", "b2029", "b2297", "b2458")
SPECIES = pd.DataFrame({"metabolite": ["succ", "ac", "glc__D"], "name": ["Succinate", "", ""]})


@pytest.fixture(autouse=True, scope="module")
def universe_read_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strategy_checks, "read_universe", cache(read_universe))
        yield


def check(tmp_path, lines, **options):
    path = tmp_path / "mine.tsv"
    path.write_text("target\tdeleted\n" + lines)
    return check_strategies(path, "", SPECIES, PROTEOME, **options)


def test_what_a_proteome_and_bigg_have_passes(tmp_path):
    assert check(tmp_path, "succ_e\tb1611;b4122, b2029\nac_c\tb2297\n") == []


def test_all_that_nobody_has_is_told_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        check(tmp_path, "succ_e\tb1611;b9999\n\nsuc_e\tB1611 b1612\nsucc\t2-Sep\nac_e\t;\n")
    told = caught.value
    assert told.where == str(tmp_path / "mine.tsv")
    assert told.what.startswith("3 things are wrong in the strategies: line 6 names no gene; ")
    assert (
        "2 of 5 are genes of the proteome, which has ids such as 'b1611'; unknown: line 2 'b9999',"
        " line 4 'B1611' (did you mean b1611?), line 5 '2-Sep' (Excel may have made this of a name)"
    ) in told.what
    assert "2 of 4 are known targets, such as 'succ_e'; unknown: line 4 'suc_e'" in told.what
    assert "line 5 'succ' (did you mean succ_c or succ_e" in told.what
    assert "write genes as the headers" in told.cure
    assert "name a species with its compartment" in told.cure


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("succ_e\tb9999", r"mine\.tsv, line 2: 'b9999' is not known .*0 of 1 are genes of the"),
        ("succ_q\tb1611", r"mine\.tsv, line 2: 'succ_q' is not known \(did you mean succ_"),
        ("sucrate_e\tb1611", r"line 2: 'sucrate_e' is not known"),
        ("\tb1611", r"line 2: '' is not known \(the cell is empty\)"),
        ("succ_e\t", "line 2: names no gene"),
    ],
)
def test_one_mistake_is_told_with_its_line(tmp_path, line, message):
    with pytest.raises(InputError, match=message):
        check(tmp_path, line + "\n")


def test_what_is_written_otherwise_is_judged_as_what_it_means(tmp_path):
    lines = "succ[e]\tgene:b1611;gene:b1612 gene:b4122\nC00042_e\tgene:b2029;gene:b2297\n"
    told = check(tmp_path, lines)
    write_translations(told, tmp_path / "translated.csv")
    meant = read_translations(tmp_path / "translated.csv")
    assert meant["succ[e]"] == meant["C00042_e"] == "succ_e"
    assert meant["gene:b1611"] == "b1611"
    core = StrainModel(bundled_e_coli_core())
    first, second = read_user_strategies(tmp_path / "mine.tsv", core, meant=meant)
    assert (first.target, core.names(first.deleted)) == ("succ_e", ["b1611", "b1612", "b4122"])
    assert (second.target, core.names(second.deleted)) == ("succ_e", ["b2029", "b2297"])


def test_genes_by_what_an_annotation_calls_them(tmp_path):
    genes = "gene,old_locus_tag,protein_id,symbol\nb1611,JW1603,,fumC\nb1612,,,fumA\n"
    (tmp_path / "genes.csv").write_text(genes)
    told = check(tmp_path, "succ_e\tfumC;JW1603;b1612\n", called=tmp_path / "genes.csv")
    assert {(item.given, item.kind, item.meant) for item in told} == {
        ("fumC", "symbol", "b1611"), ("JW1603", "old_locus_tag", "b1611"),
    }  # fmt: skip


def test_a_gene_that_looks_like_another_is_no_other(tmp_path):
    # most are known as they are: the version of one is no habit of the table
    with pytest.raises(InputError, match=r"2 of 3 are genes .*unknown|'b4122\.1' is not known"):
        check(tmp_path, "succ_e\tb1611;b1612;b4122.1\n")
