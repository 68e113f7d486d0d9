"""Designs of strains: envelopes by hand, ranking, SBML, verification and users' own strategies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from networks import consistency_errors, tables

from gemwright.errors import InputError
from gemwright.gem.gpr import format_gpr
from gemwright.gem.load import read_model
from gemwright.inputs.gene_ids import match_genes
from gemwright.inputs.unknown_names import HINTED
from gemwright.io.files import sha256_file
from gemwright.report.strain_figures import plot_envelopes, plot_solved
from gemwright.report.style import save_figure
from gemwright.strain_design.designs import design_envelopes, mask_of, rank_designs
from gemwright.strain_design.envelope import production_envelope
from gemwright.strain_design.models import bundled_e_coli_core
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.strain_sbml import designed_model, write_best_designs, write_design
from gemwright.strain_design.strategy_table import gene_splitter
from gemwright.strain_design.summaries import success_summary
from gemwright.strain_design.user_strategies import judge_user_strategies, read_user_strategies
from gemwright.strain_design.verification import candidate_strategies, verify_predictions

# deleting these couples succinate in e_coli_core: three fumarases, gnd, and both pta
SUCCINATE = ("b1611", "b1612", "b4122", "b2029", "b2297", "b2458")


@pytest.fixture
def strain():
    """Growth g from food (at most 10) by DIRECT alone, or by HALF with as much p.

    The largest production of p at growth g is min(g, 10 - g); without DIRECT it is exactly g,
    and growth is at most 5. g6's SIDE is a dead end; g7's loss changes one of two isozymes.
    """
    network = tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "At": (0, 1000, {"a_e": -1, "a_c": 1}),
            "DIRECT": (0, 1000, {"a_c": -1, "d_c": 1}),
            "HALF": (0, 1000, {"a_c": -1, "d_c": 0.5, "p_c": 0.5}),
            "SIDE": (-1000, 1000, {"a_c": -1, "x_c": 1}),
            "USE": (0, 1000, {"y_c": -1, "a_c": 1}),
            "DM_p_c": (0, 1000, {"p_c": -1}),
            "Growth": (0, 1000, {"d_c": -1}),
        },
        rules={
            "DIRECT": "g1 or g5", "HALF": "(g2 and g3) or (g2 and g7)", "At": "g4", "SIDE": "g6",
        },
        identifier="half",
    )  # fmt: skip
    return StrainModel(network)


@pytest.fixture(scope="module")
def core():
    return StrainModel(bundled_e_coli_core())


def test_the_envelope_of_the_wild_type_and_of_a_strain(strain):
    wild = production_envelope(strain, "p_c")
    growth = wild["growth_rate"].to_numpy()
    np.testing.assert_allclose(growth, np.linspace(0, 10, 21), atol=1e-9)
    np.testing.assert_allclose(wild["production_min"], 0, atol=1e-9)
    np.testing.assert_allclose(wild["production_max"], np.minimum(growth, 10 - growth), atol=1e-7)
    deleted = strain.gene_mask(["g1", "g5"])
    coupled = production_envelope(strain, "p_c", deleted)
    assert coupled["growth_rate"].iloc[-1] == pytest.approx(5)
    for column in ("production_min", "production_max"):
        np.testing.assert_allclose(coupled[column], coupled["growth_rate"], atol=1e-7)
    dead = production_envelope(strain, "p_c", strain.gene_mask(["g4"]))
    assert dead.to_numpy().tolist() == [[0, 0, 0]]
    with pytest.raises(ValueError, match="two points"):
        production_envelope(strain, "p_c", points=1)


def test_an_envelope_ends_at_what_the_judge_says(core):
    deleted = core.gene_mask(SUCCINATE)
    verdict = core.judge("succ_e", deleted)
    envelope = production_envelope(core, "succ_e", deleted)
    last = envelope.iloc[-1]
    assert len(envelope) == 21
    assert verdict.coupled
    assert last["growth_rate"] == pytest.approx(verdict.growth_rate, abs=1e-9)
    assert last["production_min"] == pytest.approx(verdict.production_rate, abs=1e-6)
    assert (envelope["production_max"] >= envelope["production_min"] - 1e-7).all()
    # bounds are left as they were
    assert core.flux.growth() == pytest.approx(core.wild_growth, abs=1e-8)


def test_designs_are_ranked_and_told(strain):
    given = strain.gene_mask(["g1", "g5", "g7"])
    table = rank_designs(
        strain,
        "p_c",
        [("predicted", strain.gene_mask(["g1"])), ("known", given), ("computed", given)],
        {"g1": "dirA"},
    )
    assert table["coupled"].tolist() == [True, True, True, False]
    assert table["rank"].tolist()[:3] == [1, 2, 3]
    assert table["rank"].isna().tolist() == [False, False, False, True]
    assert table["deletions"].tolist() == [2, 3, 4, 1]
    assert table["form"].tolist() == ["minimal", "as given", "maximal", "as given"]
    assert table["origin"].tolist() == ["known, computed"] * 3 + ["predicted"]
    first = table.iloc[0]
    assert (first["genes"], first["gene_names"]) == (("g1", "g5"), ("dirA", "g5"))
    assert (first["reactions"], first["reaction_names"]) == (("DIRECT",), ("name of DIRECT",))
    assert table.loc[2, "genes"] in (("g1", "g5", "g6", "g7"), ("g1", "g3", "g5", "g6"))
    for column in ("growth_rate", "production_guaranteed", "production_best"):
        assert first[column] == pytest.approx(5)
    # p is CH4, food C6H12O6
    assert first["carbon_source"] == "a"
    assert first["yield_guaranteed"] == pytest.approx(0.5)
    assert first["carbon_yield_guaranteed"] == pytest.approx(5 / 60)
    assert mask_of(strain, first).tolist() == strain.gene_mask(["g1", "g5"]).tolist()


def test_the_file_of_a_strain_gives_its_rates(core, tmp_path):
    # xu5p__D_c has no export: one is added
    for target, genes in (("succ_e", SUCCINATE), ("xu5p__D_c", ["b0767", "b3386", "b4301"])):
        deleted = core.gene_mask(genes)
        verdict = core.judge(target, deleted)
        assert verdict.coupled
        path = tmp_path / f"{target}.xml"
        write_design(core, target, deleted, path, {"b1611": "fumC"})
        assert consistency_errors(path) == []
        again = StrainModel(read_model(path))
        back = again.judge(target, np.zeros(len(again.genes), np.bool_))
        assert back.growth_rate == pytest.approx(verdict.growth_rate, abs=1e-8)
        assert back.production_rate == pytest.approx(verdict.production_rate, abs=1e-6)
        write_design(core, target, deleted, tmp_path / "twice.xml", {"b1611": "fumC"})
        assert sha256_file(tmp_path / "twice.xml") == sha256_file(path)


def test_deleted_genes_leave_the_rules_of_what_remains(strain):
    model, notes = designed_model(strain, "p_c", strain.gene_mask(["g1", "g5", "g7"]))
    rules = {reaction: format_gpr(rule) for reaction, rule in model.rules.items()}
    assert rules == {"DIRECT": "g1 or g5", "HALF": "g2 and g3", "At": "g4", "SIDE": "g6"}
    closed = model.reactions.set_index("reaction").loc["DIRECT"]
    assert (closed["lower_bound"], closed["upper_bound"]) == (0, 0)
    assert notes["R_DIRECT"] == ["switched off: by the deleted genes, bounds before 0 and 1000"]
    assert notes["R_HALF"] == ["gene rule before: (g2 and g3) or (g2 and g7)"]
    assert "deleted genes: g1; g5; g7" in notes[""]
    # a further loss in the strain's own model is as in the model it came from
    again = StrainModel(model)
    assert again.judge("p_c", again.gene_mask(["g3"])).growth_rate == 0
    assert strain.judge("p_c", strain.gene_mask(["g1", "g5", "g3"])).growth_rate == pytest.approx(5)


def test_best_designs_are_written(strain, tmp_path):
    table = rank_designs(strain, "p_c", [("known", strain.gene_mask(["g1", "g5"]))])
    assert len(table) > 1
    write_best_designs(strain, table.assign(rank=pd.NA), tmp_path)
    assert list(tmp_path.iterdir()) == []
    write_best_designs(strain, table, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["p_c_1.xml"]
    assert read_model(tmp_path / "p_c_1.xml").identifier == "half_p_c_1"


def test_candidates_are_different_and_nearest_first():
    remains = np.array([0.05, 0.3, 0.45, 0.62, 0.99])
    found = candidate_strategies(remains, 15)
    assert found[0][0] == 0.5
    assert found[0][1].tolist() == [True, True, True, False, False]
    changed = [int((mask ^ found[0][1]).sum()) for _, mask in found]
    assert changed == sorted(changed)
    assert len({mask.tobytes() for _, mask in found}) == len(found)
    assert len(candidate_strategies(remains, 1)) == 1


@dataclass(frozen=True)
class Genes:
    genes: tuple[str, ...]


def test_predictions_are_applied_judged_and_repaired(strain):
    genes = Genes(("g5", "g1", "g2", "g3", "g4", "g6"))  # another order, and g7 not at all
    predictions = np.array(
        [
            [0.1, 0.2, 0.9, 0.9, 0.9, 0.4],  # right
            [0.1, 0.6, 0.9, 0.9, 0.9, 0.9],  # right with another threshold
            [0.1, 0.2, 0.9, 0.9, 0.04, 0.9],  # wrong, and no threshold helps: g4 is essential
        ]
    )
    table = verify_predictions(
        strain, genes, predictions, ["p_c"] * 3, repair=True, method="ours", candidates=15
    )
    assert table["verified_as_predicted"].tolist() == [True, False, False]
    assert table["verified"].all()
    assert table.loc[0, ["deletions", "changed", "how"]].tolist() == [3, 0, "as predicted"]
    assert table.loc[1, "how"].startswith("threshold 0.")
    assert table.loc[1, "changed"] == 1
    assert table.loc[1, "deleted"] == ("g1", "g5")
    assert table.loc[2, "how"].startswith("repair: ")
    assert table.loc[2, "changed"] == 1
    assert table.loc[2, "deleted"] == ("g1", "g5")
    for row in table.itertuples():
        verdict = strain.judge("p_c", strain.gene_mask(list(row.deleted)))
        assert verdict.coupled
        assert row.production_rate == pytest.approx(verdict.production_rate)
    bare = verify_predictions(
        strain, genes, predictions, ["p_c"] * 3, repair=False, method="bare", candidates=1
    )
    assert bare["verified"].tolist() == [True, False, False]
    assert bare["how"].tolist() == ["as predicted", "failed", "failed"]
    summary = success_summary(pd.concat([bare, table]))
    assert summary["method"].tolist() == ["ours", "bare"]
    assert summary["share_solved"].tolist() == pytest.approx([1, 1 / 3])
    assert summary["share_as_predicted"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert summary["repaired"].tolist() == [1, 0]
    assert summary["searched"].tolist() == [0, 0]
    with pytest.raises(InputError, match=r"gene 'other' .* is not in model 'half'"):
        verify_predictions(strain, Genes(("other",)), np.ones((1, 1)), ["p_c"])


def test_a_users_strategies(core, tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("target\tdeleted\tnote\n\nsucc_e\tfumC;b1612 b4122, b2029 pta;eutD\tx\n")
    names = {"b1611": "fumC", "b2297": "pta", "b2458": "eutD"}
    strategies = read_user_strategies(path, core, names)
    assert [item.line for item in strategies] == [3]
    table = judge_user_strategies(core, strategies)
    assert list(table.loc[0, "deleted"]) == sorted(SUCCINATE)
    assert table.loc[0, "coupled"]
    assert table.loc[0, "deletions"] == 6


def test_equal_strategies_of_a_user_are_judged_once(strain, tmp_path, monkeypatch):
    path = tmp_path / "mine.tsv"
    path.write_text("target\tdeleted\n" + "p_c\tg1;g5\n" * 50)
    asked = []
    judge = strain.judge
    monkeypatch.setattr(strain, "judge", lambda *what: asked.append(what) or judge(*what))
    table = judge_user_strategies(strain, read_user_strategies(path, strain))
    assert table["line"].tolist() == list(range(2, 52))
    assert table["coupled"].all()
    assert len(asked) == 2


def test_only_the_first_unknown_genes_are_looked_for(core, tmp_path, monkeypatch):
    looked = []
    looks = "gemwright.strain_design.user_strategies.match_genes"
    monkeypatch.setattr(looks, lambda *what: looked.append(what) or match_genes(*what))
    path = tmp_path / "mine.tsv"
    lines = [f"succ_e\tB{number}\n" for number in range(2000)]
    path.write_text("target\tdeleted\n" + "".join(lines))
    with pytest.raises(InputError) as caught:
        read_user_strategies(path, core)
    assert caught.value.what.startswith("2000 things are wrong")
    assert len(looked) == HINTED


def test_separators_within_the_ids_of_genes():
    known = {"a;1", "a", "b c", "b", "x,y;z"}
    split = gene_splitter(known)
    assert split("a;1;a b c, b;x,y;z") == ["a;1", "a", "b c", "b", "x,y;z"]
    assert split(" ;a; ;q,, b;") == ["a", "q", "b"]
    assert gene_splitter({"a"})("a;1") == ["a", "1"]
    assert gene_splitter(set())("a") == ["a"]


def test_a_strategy_may_delete_thousands_of_genes():
    # each of them was once looked for in all that follows: hours
    genes = [f"b{number:04}" for number in range(20_000)]
    assert gene_splitter({*genes})(";".join(genes)) == genes


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("succ_e\tb1611;b9999", r"line 2, gene 'b9999': is not in model"),
        ("succ_e\tB1611;b1612", r"line 2, gene 'B1611': is not in model.*write 'b1611'"),
        ("succ_e\tb2779 b1611", r"line 2, gene 'b2779': is essential"),
        ("succ_e\t;", "line 2: names no gene"),
        ("\tb1611", "line 2: names no target"),
        ("succ_x\tb1611", r"line 2, target 'succ_x': is no species"),
        ("mal__L_e\tb1611", r"line 2: 'mal__L_e' (has no producing reaction|cannot be produced)"),
        ("coa_c\tb1611", r"line 2: 'coa_c' cannot be produced on this medium"),
    ],
)
def test_a_users_mistakes_are_named(core, tmp_path, line, message):
    path = tmp_path / "mine.tsv"
    path.write_text(f"target\tdeleted\n{line}\n")
    with pytest.raises(InputError, match=message):
        read_user_strategies(path, core)


def test_a_users_table_with_other_columns(core, tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("target\tgenes\nsucc_e\tb1611\n")
    with pytest.raises(InputError, match="lacks the column\\(s\\) deleted"):
        read_user_strategies(path, core)
    path.write_text("target\tdeleted\n")
    with pytest.raises(InputError, match="has no strategy"):
        read_user_strategies(path, core)


def test_figures_are_the_same_bytes_twice(strain, tmp_path):
    designs = rank_designs(strain, "p_c", [("known", strain.gene_mask(["g1", "g5"]))])
    envelopes = design_envelopes(strain, "p_c", designs)
    assert list(envelopes) == ["wild type", "1: 2 deletions"], "equal envelopes are told once"
    summary = pd.DataFrame(
        {
            "model": ["a", "a", "b"],
            "method": ["x", "y", "x"],
            "share_as_predicted": [0.5, 0.2, 0.0],
            "share_solved": [0.9, 0.2, 1.0],
        }
    )
    for number in (1, 2):
        for name, figure in (
            ("envelope", plot_envelopes({"p_c": envelopes})),
            ("solved", plot_solved(summary)),
        ):
            save_figure(figure, tmp_path / f"{name}{number}.svg", tmp_path / f"{name}{number}.png")
    for name in ("envelope", "solved"):
        for suffix in ("svg", "png"):
            files = [tmp_path / f"{name}{number}.{suffix}" for number in (1, 2)]
            assert sha256_file(files[0]) == sha256_file(files[1])


def test_all_mistakes_in_a_users_strategies_are_told_at_once(core, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "target,deleted\nsucc_e,b1611;b9999\nsuc_e,gene:b1612\n\nsucc_e,2-Sep b0001x\nac_e,\n"
    )
    with pytest.raises(InputError) as caught:
        read_user_strategies(path, core)
    what = caught.value.what
    assert caught.value.where == str(path)
    assert what.startswith("6 things are wrong in the strategies: line 2, gene 'b9999' is not in")
    for told in ("line 3, target 'suc_e'", "line 3, gene 'gene:b1612'", "line 5, gene '2-Sep'"):
        assert told in what
    assert "did you mean succ_e" in what
    assert "Excel may have made this" in what
    assert "line 6 names no gene" in what
    assert "write 'b1612' if you mean that" in caught.value.cure
    path.write_text("target,deleted\nsucc_e,b2779\ncoa_c,b1611\ncoa_c,b1612\nsucc_e,b2779 b1611\n")
    with pytest.raises(InputError, match="3 things are wrong") as caught:
        read_user_strategies(path, core)
    assert "line 3 'coa_c' cannot be" in caught.value.what
    assert "line 5, gene 'b2779' is essential" in caught.value.what
