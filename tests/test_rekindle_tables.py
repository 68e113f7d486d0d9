"""The paper's printed figures beside ours, and the figures that are drawn of them."""

import numpy as np
import pandas as pd
import pytest

from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.rekindle.constraining import constraining_experiment
from gemwright.rekindle.costs import cost_at_scale, cost_table
from gemwright.rekindle.projection import project
from gemwright.rekindle.ranking import rank_parameters
from gemwright.rekindle.subpopulations import boundary_subpopulations, subpopulations
from gemwright.rekindle.transfer_tables import transfer_gain, transfer_summary
from gemwright.report.generator_figures import (
    plot_costs,
    plot_time_constants,
    plot_training_quality,
)
from gemwright.report.generator_tables import (
    controls_table,
    generators_table,
    physiology_table,
    times_table,
)
from gemwright.report.parameter_figures import (
    plot_boundary,
    plot_constraining,
    plot_projections,
    plot_ranking,
    plot_subpopulations,
)
from gemwright.report.parameter_tables import constraining_table, ranking_table
from gemwright.report.perturbation_figures import plot_perturbations
from gemwright.report.perturbation_tables import perturbation_table
from gemwright.report.rekindle_printed import (
    compare_with_printed,
    printed_text,
    read_contradictions,
    read_printed_figures,
)
from gemwright.report.style import save_figure
from gemwright.report.transfer_figures import plot_transfer, plot_transfer_features
from gemwright.report.transfer_tables import transfer_table

PRINTED = read_printed_figures("gemwright/resources/paper_rekindle_tables.tsv")
NUMBERS = {"fdp1": "1", "fdp2": "2", "fdp3": "3", "fdp4": "4"}


def quality():
    columns = ["physiology", "source", "seed", "sets", "failed", "judged"]
    columns += ["incidence", "spread", "coverage", "kl_mean", "kl_max"]
    return pd.DataFrame(
        [
            ("fdp1", "gan", 0, 300, False, True, 0.9, 0.8, 1.0, 0.1, 0.3),
            ("fdp1", "gan", 1, 300, True, True, 0.98, 0.1, 0.2, 2.0, 5.0),
            ("fdp1", "box", 0, 300, False, False, 0.97, 0.8, 0.7, 0.2, 0.2),
        ],
        columns=columns,
    )


def test_every_printed_figure_is_a_number_or_said_not_to_be_printed():
    known = PRINTED[PRINTED["printed"]]
    assert known["value"].notna().all()
    assert (known["upper"].isna() | (known["upper"] > known["value"])).all()
    missing = PRINTED.loc[~PRINTED["printed"], "place"].unique()
    assert set(missing) == {"Table 1", "Table 2", "Supplementary Fig. 4"}
    items = PRINTED.set_index(["item", "physiology"])["value"]
    assert items[("best incidence", "1")] == 0.977
    assert items[("share that returns, generated", "4")] == 83.79
    assert items[("share that returns, training", "1")] == 66.31


def test_the_printed_figures_are_checked(tmp_path):
    path = tmp_path / "printed.tsv"
    header = "place\titem\tphysiology\tvalue\tupper\tunit\tnote\n"
    path.write_text(header + "T\tan item\t\tmany\t\t\t\n")
    with pytest.raises(InputError, match="'many' is no number"):
        read_printed_figures(path)
    path.write_text(header + 2 * "T\tan item\t\t1\t\t\t\n")
    with pytest.raises(InputError, match="stands there twice"):
        read_printed_figures(path)


def test_contradictions_have_two_places_and_what_we_do():
    table = read_contradictions("gemwright/resources/rekindle_contradictions.tsv")
    assert (table != "").all(axis=None)
    assert table["topic"].is_unique
    told = " ".join(table["topic"])
    for topic in ("size of the model", "too slow", "doubling", "perturbations", "lower bound"):
        assert topic in told


def test_printed_figures_as_text():
    assert printed_text(0.39, 0.45) == "0.39 to 0.45"
    assert printed_text(0.977, float("nan")) == "0.977"
    assert printed_text(float("nan"), float("nan"), False) == "not printed"


def test_failed_trainings_stand_in_the_means_and_are_counted():
    row = generators_table(quality()).set_index("source").loc["gan"]
    assert row["incidence"] == pytest.approx(0.94)
    assert row["incidence_sd"] == pytest.approx(np.std([0.9, 0.98], ddof=1))
    assert (row["seeds"], row["failed"]) == (2, 1)
    # the best incidence is not told without the spread of the generator that has it
    assert (row["incidence_best"], row["spread_of_best"]) == (0.98, 0.1)
    with pytest.raises(InputError, match=r"lacks the column\(s\) kl_max"):
        generators_table(quality().drop(columns="kl_max"))


def test_table_1():
    fractions = pd.DataFrame(
        [
            ("fdp1", "1", "+", "+", 100, 0.591, 0.123, 0.286),
            ("fdp2", "2", "-", "+", 100, 0.548, 0.161, 0.291),
            ("textbook", "", "", "", 100, 0.48, 0.2, 0.32),
        ],
        columns=["physiology", "number", "tala", "icl", "sets", "relevant", "slow", "unstable"],
    )
    table = physiology_table(fractions, quality(), PRINTED).set_index("physiology")
    assert table.loc["fdp1", "not_relevant"] == pytest.approx(0.409)
    assert table.loc["fdp1", "best incidence: gan"] == 0.98
    assert table.loc["fdp1", "spread of the best: gan"] == 0.1
    assert table.loc["fdp1", "failed: gan"] == "1 of 2"
    assert table["paper: best incidence"].tolist() == ["0.977", "not printed", ""]
    assert table["paper: not relevant, of all four"].tolist() == ["0.39 to 0.45"] * 2 + [""]
    assert table["paper: relevant"].tolist() == ["not printed", "not printed", ""]


def costs():
    sources = pd.DataFrame(
        [("rejection", 0, 0, 100, 60, 1.0), ("gan", 1000, 600, 100, 98, 0.8)],
        columns=["source", "prepared", "prepared_verified", "labelled", "verified", "spread"],
    )
    return cost_table(sources, "rejection")


def test_generators_stand_beside_what_they_cost():
    table = controls_table(quality(), {"fdp1": costs()}).set_index("source")
    assert table.loc["gan", "labelled_per_1000"] == pytest.approx(1000 / 0.98)
    assert np.isnan(table.loc["box", "labelled_per_1000"])


def test_table_2():
    timings = pd.DataFrame(
        [
            ("fdp1", "sampling and labelling", 80_000, 10.0, "2 cores"),
            ("fdp1", "generation", 1_000_000, 9.0, "2 cores"),
            ("fdp1", "training", 72_000, 3600.0, "2 cores"),
            ("fdp1", "perturbation", 100, 8.0, "2 cores"),
        ],
        columns=["physiology", "step", "sets", "seconds", "machine"],
    )
    table = times_table(timings, PRINTED).set_index("step")
    assert table["seconds_per_million"].tolist()[:2] == [125, 9]
    assert np.isnan(table.loc["training", "seconds_per_million"])
    assert table["paper"].tolist() == [
        "18 to 24 h per million sets",
        "18 s per million sets",
        "40 min at 72,000 sets",
        "not printed",
    ]


def ranked():
    sets = np.random.default_rng(0).uniform(size=(900, 14))
    relevant = sets[:, 3] > 0.6
    inert = np.arange(14) > 10
    names = [f"km_{number}" for number in range(14)]
    return (
        sets,
        relevant,
        inert,
        names,
        rank_parameters(sets[relevant], sets[~relevant], names, inert),
    )


def test_the_highest_parameters_and_the_highest_inert_one():
    table = ranking_table({"fdp1": ranked()[-1]}, top=2)
    assert table["parameter"].iloc[0] == "km_3"
    assert table["inert"].tolist().count(True) >= 1
    assert set(table["physiology"]) == {"fdp1"}


def experiment():
    sets, _, _, _, ranking = ranked()

    def largest(saturations):
        return 30 * (0.6 - saturations[:, 3])

    return constraining_experiment(
        sets[sets[:, 3] < 0.6][:50], sets, ranking, largest, top=7, repeats=2
    )


def test_constraining_beside_the_paper():
    table = constraining_table({"fdp1": experiment(), "other": experiment()}, PRINTED, NUMBERS)
    rows = table.set_index(["physiology", "kind", "k"])
    assert rows.loc[("fdp1", "top", 1), "paper_relevant"] == 0.29
    assert rows.loc[("fdp1", "top", 7), ["paper_relevant", "paper_stable"]].tolist() == [0.6, 0.7]
    assert table["paper_relevant"].notna().sum() == 2
    assert rows.loc[("fdp1", "top", 7), "relevant"] > 0.7
    assert rows.loc[("fdp1", "inert", 1), "stable"] == 0


def returns():
    rows = [
        ("fdp4", source, model, run < limit, not (model == 1 and run == 9))
        for source, limit in (("training", 5), ("generated", 10))
        for model in (0, 1)
        for run in range(10)
    ]
    return pd.DataFrame(rows, columns=["physiology", "source", "model", "returned", "finished"])


def test_runs_that_return():
    table = perturbation_table(returns(), PRINTED, NUMBERS).set_index("source")
    assert table.loc["training", "returned"] == 0.5
    # a failed solver is not a return
    assert table.loc["generated", "returned"] == pytest.approx(19 / 20)
    assert table["failed"].tolist() == [1, 1]
    assert table.loc["generated", "models_always"] == 0.5
    assert table["paper"].tolist() == ["0.6105", "0.8379"]
    other = perturbation_table(returns().assign(physiology="x"), PRINTED, NUMBERS)
    assert set(other["paper"]) == {"not printed"}


def grid():
    rows = [
        (source, target, n_sets, repeat, "transfer", 0.7 + 0.1 * repeat, 0.5, 100, False)
        for source in ("fdp1", "fdp4")
        for target in ("fdp2", "fdp3")
        for n_sets in (10, 100)
        for repeat in (0, 1)
    ]
    rows += [
        ("", target, n_sets, repeat, "scratch", 0.1 if n_sets == 10 else 0.6, 0.9, 900, n_sets < 50)
        for target in ("fdp2", "fdp3")
        for n_sets in (10, 100)
        for repeat in (0, 1)
    ]
    rows.append(("fdp1", "fdp2", 0, 0, "untuned", 0.95, 0.5, 0, False))
    columns = ["source", "target", "n_sets", "repeat", "mode"]
    return pd.DataFrame(rows, columns=[*columns, "incidence", "spread", "epoch", "failed"])


def test_transfer_is_summarised_with_what_failed():
    table = transfer_summary(grid(), repeats=5).set_index(["mode", "source", "target", "n_sets"])
    row = table.loc[("transfer", "fdp1", "fdp2", 10)]
    assert row["incidence_mean"] == pytest.approx(0.75)
    assert row["incidence_sd"] == pytest.approx(np.std([0.7, 0.8], ddof=1))
    assert (row["runs"], row["failed"], row["missing"]) == (2, 0, 3)
    failed = table.loc[("scratch", "", "fdp2", 10)]
    assert (failed["failed"], failed["incidence_mean"]) == (2, 0.1)
    assert np.isnan(failed["incidence_mean_trained"])
    over_sources = transfer_summary(grid(), by=("mode", "target", "n_sets"))
    assert over_sources.set_index(["mode", "target", "n_sets"])["runs"].max() == 4
    gain = transfer_gain(grid()).set_index(["target", "n_sets"])["gain"]
    assert gain[("fdp3", 10)] == pytest.approx(0.65)


def test_transfer_beside_the_prose():
    table = transfer_table(grid(), PRINTED, NUMBERS, None)
    paper = table.set_index(["mode", "source", "target", "n_sets"])["paper"]
    assert paper[("transfer", "fdp1", "fdp2", 10)] == "0.82"
    assert paper[("transfer", "fdp1", "fdp3", 100)] == "1"
    assert paper[("transfer", "fdp4", "fdp2", 10)] == "0.6 to 0.8"
    assert paper[("transfer", "fdp4", "fdp3", 100)] == "1"
    assert paper[("scratch", "", "fdp2", 10)] == "not printed"
    assert set(transfer_table(grid(), PRINTED, {}, None)["paper"]) == {"not printed"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "tuned"}, "mode 'tuned' is unknown"),
        ({"repeat": 0}, "stands there twice"),
        ({"target": "fdp1", "mode": "transfer"}, "stands there twice"),
        ({"incidence": 1.2}, "not within 0 and 1"),
    ],
)
def test_grids_that_are_wrong(change, message):
    with pytest.raises(InputError, match=message):
        transfer_summary(grid().assign(**change))


def test_a_physiology_is_not_transferred_to_itself():
    with pytest.raises(InputError, match="fdp1 is transferred to itself"):
        transfer_summary(grid().head(1).assign(target="fdp1"))
    with pytest.raises(InputError, match=r"lacks the column\(s\) failed"):
        transfer_summary(grid().drop(columns="failed"))


def test_single_figures_beside_the_printed_ones():
    ours = [
        ("parameters", "", 411),
        ("reactions", "", 67),
        ("too slow sets in the training data", "", 0.5),
        ("training time at 1000 sets", "", 16),
    ]
    table = compare_with_printed(ours, PRINTED)
    assert len(table) == len(PRINTED)
    rows = table[table["ours"].notna()].set_index("item")
    assert rows["agrees"].to_dict() == {
        "parameters": True,
        "reactions": True,  # within 5 %: the contradictions tell the difference
        "too slow sets in the training data": False,
        "training time at 1000 sets": True,
    }
    assert table.loc[table["ours"].isna(), "agrees"].isna().all()
    with pytest.raises(InputError, match="'zz' is no item"):
        compare_with_printed([("zz", "", 1.0)], PRINTED)


def drawn():
    sets, relevant, inert, names, ranking = ranked()
    values = 30 * (0.3 - sets[:, 3])
    history = pd.DataFrame(
        {
            **{"seed": [0, 0, 1, 1], "epoch": [0, 10, 0, 10]},
            **{"kl_mean": [1.0, 0.2, 0.9, 0.3], "incidence": [0.1, 0.9, 0.2, 0.8]},
            **{"spread": [0.1, 0.7, 0.1, 0.8], "failed": [False, False, True, True]},
        }
    )
    returned = perturbation_table(returns(), PRINTED, NUMBERS)
    courses = pd.DataFrame(
        {
            **{"run": [0, 0, 1, 1], "returned": [True, True, False, False]},
            **{"time": [0, 1, 0, 1], "component_1": [0.0, 1, 0, 2]},
            "component_2": [0.0, 1, 0, 3],
        }
    )
    constrained = constraining_table({"fdp1": experiment()}, PRINTED, NUMBERS)
    scores = pd.DataFrame(
        [("all", "generated", 0.9)], columns=["parameters", "source", "auc_squares"]
    )
    clouds = project({"training": sets[:50], "generated": sets[50:90]})
    slices = boundary_subpopulations(sets, values, names, inert, fewest=5)
    yield plot_training_quality(history, 0.59)
    yield plot_time_constants({"training": values, "generated": values - 5})
    yield plot_perturbations(returned, courses, np.array([0.85, 0.12]))
    yield plot_perturbations(returned)
    yield plot_ranking(ranking, sets[relevant], sets[~relevant])
    yield plot_constraining(constrained)
    yield plot_subpopulations(subpopulations(sets, values, names, names[:5]))
    yield plot_boundary(slices)
    yield plot_boundary(slices, normalised=True)
    yield plot_transfer(grid())
    yield plot_transfer_features(returned, {"transfer": values, "scratch": values - 5})
    yield plot_projections({"all": clouds}, scores)
    yield plot_costs(cost_at_scale(costs()))


def test_figures_have_fixed_bytes(tmp_path):
    sums = []
    for turn in range(2):
        paths = []
        for number, figure in enumerate(drawn()):
            paths.append(tmp_path / f"{turn}_{number}.svg")
            save_figure(figure, paths[-1], tmp_path / f"{turn}_{number}.png")
        sums.append([sha256_file(path) for path in paths])
    assert sums[0] == sums[1]
    assert len(set(sums[0])) == 13
