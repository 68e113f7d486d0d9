"""Media of the user's own: one medium of a library, uptake limits, columns with a meaning."""

import math

import pandas as pd
import pytest
from networks import tables

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.medium import medium_bounds, uptake_limits, without
from gemwright.inputs.media import media_table, read_medium, table_of
from gemwright.inputs.organism import media_of
from gemwright.io.tables import read_parquet, write_parquet

LIBRARY = (
    "medium\tdescription\tcompound\tname\n"
    "TSB\tx\tglc__D\tGlucose\nTSB\tx\tnh4\tAmmonium\n"
    "ABM\ty\tac\tAcetate\nABM\ty\tso4\tSulfate\n"
)


def written(folder, text, name="library.tsv"):
    path = folder / name
    path.write_text(text)
    return str(path)


@pytest.mark.case("11-medium-library")
def test_a_library_never_becomes_the_union_of_its_media(tmp_path):
    path = written(tmp_path, LIBRARY)
    message = r"library\.tsv: holds 2 media; choose one in the organism sheet: .*\[TSB\], .*\[ABM\]"
    with pytest.raises(InputError, match=message):
        read_medium(path)
    assert read_medium(f"{path}[TSB]") == ["glc__D", "nh4"]
    assert read_medium(f"{path}[ABM]") == ["ac", "so4"]
    with pytest.raises(InputError, match=r"has no medium 'tsb'; choose one"):
        read_medium(f"{path}[tsb]")
    # one medium needs no choice; a name may have brackets itself
    one = written(tmp_path, LIBRARY.split("ABM")[0].replace("TSB", "M9[succ]"), "one.csv")
    assert read_medium(one) == read_medium(f"{one}[M9[succ]]") == ["glc__D", "nh4"]
    plain = written(tmp_path, "compound\nnh4\n", "plain.tsv")
    with pytest.raises(InputError, match=r"has no column 'medium' to choose 'A' by"):
        read_medium(f"{plain}[A]")


def test_nitrate_takes_the_place_of_oxygen():
    assert set(read_medium("M9[-O2,+NO3]")) == {*read_medium("M9"), "no3"} - {"o2"}
    # those of the snapshot stay what they are
    assert "o2" in read_medium("M9")
    assert not {"o2", "no3"} & set(read_medium("M9[-O2]"))


def test_the_sheet_names_a_table_and_a_medium():
    assert table_of("M9[succ]") == ("", "")
    assert table_of("a.tsv") == ("a.tsv", "")
    assert table_of("b/a.TSV.gz[M9[succ]]") == ("b/a.TSV.gz", "M9[succ]")
    assert table_of("a.xls[x]") == ("a.xls", "x")


GAPSEQ = "compounds,name,maxFlux\ncpd00027,D-Glucose,5\ncpd00013,NH3,100\ncpd00007,O2,12.5\n"


def meant(table):
    ids = {"cpd00027": "glc__D", "cpd00013": "nh4", "cpd00007": "o2", "leave": ""}
    return [ids[name] for name in table.frame["compound"]]


@pytest.mark.parametrize("column", ["maxFlux", "uptake", "max_uptake"])
def test_limits_of_a_medium_are_the_bounds(tmp_path, column):
    path = written(tmp_path, GAPSEQ.replace("maxFlux", column), "gapseq.csv")
    medium = read_medium(path, meant)
    assert medium == {"glc__D": 5, "nh4": 100, "o2": 12.5}
    model = medium_model("glc__D", "nh4", "o2", "ac")
    bounds = medium_bounds(model, medium)
    assert bounds == {
        "EX_glc__D_e": (-5, 1000), "EX_nh4_e": (-100, 1000), "EX_o2_e": (-12.5, 1000),
        "EX_ac_e": (0, 1000),
    }  # fmt: skip
    assert without(medium, {"glc__D"}) == {"nh4": 100, "o2": 12.5}
    # an empty cell takes the limit of the configuration
    path = written(tmp_path, GAPSEQ.replace(",5\n", ",\n"), "gapseq.csv")
    medium = read_medium(path, meant)
    assert math.isnan(medium["glc__D"])
    limits = uptake_limits(model, medium, MediumOptions(max_uptake=7.0))
    assert limits == {"glc__D": 7, "nh4": 100, "o2": 12.5}


def medium_model(*compounds):
    formulas = {
        "glc__D": "C6H12O6",
        "nh4": "H4N",
        "o2": "O2",
        "ac": "C2H3O2",
        "so4": "O4S",
        "h2s": "H2S",
    }
    formulas |= {"co2": "CO2", "hco3": "CHO3", "thm": "C12H17N4OS", "cl": "Cl", "hidden": None}
    reactions = {f"EX_{name}_e": (0, 1000, {f"{name}_e": -1}) for name in compounds}
    model = tables({**reactions, "PFK": (0, 1000, {"glc__D_e": -1})}, "PFK")
    model.species["formula"] = model.species["metabolite"].map(formulas)
    return model


def test_only_what_feeds_carbon_is_limited():
    compounds = ["glc__D", "nh4", "o2", "so4", "h2s", "co2", "hco3", "thm", "cl", "hidden"]
    model = medium_model(*compounds)
    assert uptake_limits(model, compounds) == {
        "glc__D": 10, "nh4": 1000, "o2": 1000, "so4": 1, "h2s": 1, "co2": 1000, "hco3": 1000,
        "thm": 0.01, "cl": 1000, "hidden": 10,
    }  # fmt: skip
    old = MediumOptions(protocol="all_limited", max_uptake=7.0)
    assert uptake_limits(model, compounds, old) == dict.fromkeys(compounds, 7)
    # a medium in which sulfate is respired says so
    assert uptake_limits(model, {"so4": 20.0, "thm": math.nan}) == {"so4": 20, "thm": 0.01}


def test_media_go_through_their_table(tmp_path):
    media = {"M9": ["glc__D", "o2"], "mine": {"ac": 3.0, "o2": math.nan}}
    write_parquet(media_table(media), tmp_path / "media.parquet")
    back = media_of(read_parquet(tmp_path / "media.parquet"), ("M9", "mine"))
    assert back["M9"] == ["glc__D", "o2"]
    assert back["mine"]["ac"] == 3
    assert math.isnan(back["mine"]["o2"])
    # without limits the table is as it was
    assert list(media_table({"M9": ["o2"]})) == ["medium", "compound"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("compound\tconcentration\nac\t1\n", "a column 'concentration', which is not used"),
        ("compound\tminFlux\tmaxFlux\nac\t-5\t5\n", "a column 'minFlux', which is not used"),
        ("compound\tlower_bound\nac\t-5\n", "a column 'lower_bound', which is not used"),
        ("compound\tuptake\tmaxFlux\nac\t5\t5\n", "uptake limits in 2 columns: uptake, maxFlux"),
        ("compound\tup_take\nac\t5\n", "did you mean 'uptake'"),
        ("compound\tmedum\nac\tx\n", "did you mean 'medium'"),
        ("compound\tunit\nac\tmM\n", "a column 'unit', which is not read"),
        ("compound\tuptake\nac\t-5\n", r"line 2: the uptake is -5; give a number that is not neg"),
        ("compound\tuptake\nac\t5,5\n", r"line 2: the uptake is '5,5'; write 5.5, with a point"),
        ("compound\tuptake\nac\t5\n\nac\t6\n", r"line 4: ac stands there twice with other uptakes"),
        ("compound\tmedia\nac\tM9\n", "a column 'media', which may say which rows count"),
        ("compound\tmedium_name\nac\tM9\n", "a column 'medium_name', which may say which"),
        ("compound\tpresent\nac\t0\n", "a column 'present', which may say which rows count"),
        ("compound\tmedium\nac\tM9\no2\t\n", "line 3: names no medium, and others do; fill"),
        ("compound\tname\n\tGlucose\n", r"line 2: names no compound"),
        ("name\nGlucose\n", r"lacks the column\(s\) compound \(it has: name\)"),
    ],
)
def test_what_a_medium_cannot_say_is_refused_by_name(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_medium(written(tmp_path, text))


def test_limits_are_kept_by_the_validation_and_the_model(tmp_path):
    from networks import branched

    from gemwright.validation.biolog import run_biolog

    data = pd.DataFrame(
        {"source": ["C"], "metabolite": ["a"], "compound": ["A"], "observed": [True]}
    )
    model = branched()
    few = run_biolog(model, data, {"q": 1.0})["growth_rate"][0]
    assert few == run_biolog(model, data, ["q"])["growth_rate"][0]
    bounds = model.on_medium({"a": 2.5}).reactions.set_index("reaction")["lower_bound"]
    assert bounds["EX_a_e"] == -2.5
