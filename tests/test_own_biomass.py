"""Biomass and maintenance that users hand in."""

import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.inputs.biomass import read_biomass
from gemwright.inputs.organism import prepare_organism
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.tables import read_parquet

KNOWN = {"ala__L_c", "atp_c", "adp_c", "murein5px4p_p", "h2o_c", "h2o_e"}


def table(tmp_path, *rows, header="species\tcoefficient", name="mine.tsv"):
    path = tmp_path / name
    path.write_text("\n".join([header, *("\t".join(row) for row in rows)]) + "\n")
    return str(path)


def test_a_table_is_read_however_species_are_written(tmp_path):
    rows = ("M_ala__L_c", "-0.5"), ("atp", "-54.1"), ("h2o[c]", "-48"), ("adp_c", "53.95")
    path = table(tmp_path, *rows, ("quinone_c", "-1e-4"), header="metabolite\tcoefficient")
    assert read_biomass(path, KNOWN) == {
        "ala__L_c": -0.5, "atp_c": -54.1, "h2o_c": -48.0, "adp_c": 53.95, "quinone_c": -1e-4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("ala__L_c", "-1"), ("ala_L", "-1"), ("zzz_c", "-1")],
         "1 of 3 are known species.*line 3 'ala_L'.*did you mean 'ala__L_c'.*line 4 'zzz_c'"),
        ([("ala__L_c", "-1"), ("ala__L", "-2")], "line 3: the biomass names ala__L_c twice"),
        ([("ala__L_c", "0.5")], "growth takes nothing: no coefficient is negative"),
        ([("ala__L_c", "-0,5")], "write -0.5, with a point"),
        ([("ala__L_c", "0")], "the coefficient of ala__L_c is 0"),
        ([("ala__L_c", "")], "the coefficient of ala__L_c is missing"),
        ([("", "-1")], "line 2: names no species"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_told(tmp_path, rows, message):
    with pytest.raises(InputError, match=f"(?s){message}"):
        read_biomass(table(tmp_path, *rows), KNOWN)


def test_unknown_species_may_be_left_out(tmp_path, caplog):
    path = table(tmp_path, ("ala__L_c", "-1"), ("zzz_c", "-1"))
    assert read_biomass(path, KNOWN, 0.5) == {"ala__L_c": -1.0}
    assert "'zzz_c'" in caplog.text


@pytest.mark.parametrize("rows", [[("zzz_c", "-1")], [("adp_c", "1"), ("zzz_c", "-1")]])
def test_growth_takes_something_that_is_known(tmp_path, rows):
    with pytest.raises(InputError, match="growth takes nothing: no coefficient is negative"):
        read_biomass(table(tmp_path, *rows), KNOWN, 0.0)


def sheet(tmp_path, **cells):
    (tmp_path / "p.faa").write_text(">g\nMKT\n")
    row = {"id": "mine", "proteome": str(tmp_path / "p.faa"), "universe": "gramneg", **cells}
    path = tmp_path / "sheet.tsv"
    path.write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
    return path


def test_the_sheet_names_biomass_and_maintenance(tmp_path):
    mine = table(tmp_path, ("ala__L_c", "-1"))
    own = read_organisms(sheet(tmp_path, biomass=mine, gam="75.4", ngam="0"))["mine"]
    assert (own.biomass, own.own_biomass, own.gam, own.ngam) == (mine, mine, 75.4, 0.0)
    assert mine in own.own_files
    kind = read_organisms(sheet(tmp_path, biomass="wall_less"))["mine"]
    assert (kind.biomass, kind.own_biomass, kind.gam, kind.ngam) == ("wall_less", "", None, None)
    plain = read_organisms(sheet(tmp_path))["mine"]
    assert (plain.biomass, plain.own_biomass) == ("", "")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"biomass": "wall-less"}, "line 2: biomass: 'wall-less' is no kind.*'wall_less'"),
        ({"biomass": "lost.tsv"}, "biomass: the file 'lost.tsv' does not exist"),
        ({"gam": "-1"}, "gam is -1; give a number that is not negative"),
        ({"ngam": "much"}, "ngam is 'much'"),
    ],
)
def test_what_is_wrong_in_the_sheet_is_told(tmp_path, cells, message):
    with pytest.raises(InputError, match=f"(?s){message}"):
        read_organisms(sheet(tmp_path, **cells))


def test_a_table_without_a_number_ends_with_the_sheet(tmp_path):
    mine = table(tmp_path, ("ala__L_c", "x"))
    with pytest.raises(InputError, match="coefficient is 'x'"):
        read_organisms(sheet(tmp_path, biomass=mine))


def test_what_was_checked_is_written(tmp_path):
    species = pd.DataFrame({"species": ["ala__L_c"], "metabolite": ["ala__L"]})
    paths = [tmp_path / f"{name}.parquet" for name in ("p", "m", "media", "biomass")]
    for cells, rows in (({}, []), ({"biomass": "b"}, [["ala__L_c", -1.0]])):
        if cells:
            cells = {"biomass": table(tmp_path, ("ala__L", "-1"))}
        own = read_organisms(sheet(tmp_path, media="M9", **cells))["mine"]
        prepare_organism(own, species, *paths[:3], biomass=paths[3])
        written = read_parquet(paths[3])
        assert written.to_numpy().tolist() == rows
        assert list(written.columns) == ["species", "coefficient"]
