"""The rules' work on deletion data: folds, predictions, evaluation, new targets, own strategies."""

import numpy as np
import pandas as pd
import pytest

from gemwright.deepgdel.computed_data import data_of_strategies
from gemwright.deepgdel.dataset import DUMMY_SMILES, DeletionData
from gemwright.deepgdel.evaluation import GENE_SETS, evaluate_runs
from gemwright.deepgdel.folds import fold_table, read_fold
from gemwright.deepgdel.predictions import read_predictions, write_predictions
from gemwright.deepgdel.proposals import with_targets
from gemwright.deepgdel.verification import held_out_predictions
from gemwright.errors import InputError
from gemwright.io.fasta import PLACEHOLDER


def small_data(targets=12, genes=6, seed=0):
    generator = np.random.default_rng(seed)
    remains = generator.integers(0, 2, (targets, genes)).astype(np.int8)
    return DeletionData(
        "tiny",
        tuple(f"m{number:02d}_c" for number in range(targets)),
        tuple(f"g{number}" for number in range(genes)),
        remains,
        tuple("C" * (number + 1) for number in range(targets)),
        tuple("MA" + "K" * number for number in range(genes)),
        np.ones(targets, np.bool_),
        np.ones(genes, np.bool_),
    )


def test_folds_are_kept_and_read_back():
    data = small_data()
    table = fold_table(data, "paper", [1, 2], 3)
    assert len(table) == 2 * len(data.targets)
    for seed in (1, 2):
        tested = [read_fold(table, data, seed, number) for number in range(3)]
        assert sorted(np.concatenate([fold.test for fold in tested])) == list(range(12))
        for fold in tested:
            assert not set(fold.train) & set(fold.test)
            assert len(fold.train) + len(fold.test) == 12


def test_predictions_come_back_in_the_order_asked_for(tmp_path):
    path = tmp_path / "scores.parquet"
    values = np.array([[0.25, 0.5], [0.75, 1.0]])
    write_predictions(path, {"one": values, "two": 1 - values}, ["b_c", "a_c"], ["y", "x"])
    back = read_predictions(path, ["a_c", "b_c"], ["x", "y"])
    assert list(back) == ["one", "two"]
    np.testing.assert_array_equal(back["one"], values[::-1, ::-1])
    first = path.read_bytes()
    write_predictions(path, {"one": values, "two": 1 - values}, ["b_c", "a_c"], ["y", "x"])
    assert path.read_bytes() == first


def run_files(folder, data, table):
    """Files of a perfect and of an inverted method for seed 1; the second on one fold only."""
    runs = []
    for number in range(3):
        fold = read_fold(table, data, 1, number)
        truth = data.remains[fold.test].astype(float)
        for kind, values in (("perfect", truth), ("inverted", 1 - truth)):
            if kind == "inverted" and number:
                continue
            path = folder / f"{kind}{number}.parquet"
            names = [data.targets[row] for row in fold.test]
            write_predictions(path, {kind: values}, names, data.genes)
            runs.append((1, number, path))
    return runs


def test_every_method_is_scored_on_the_folds_that_it_ran(tmp_path):
    data = small_data()
    table = fold_table(data, "grouped", [1], 3)
    runs = run_files(tmp_path, data, table)
    rows = evaluate_runs(data, "grouped", table, runs)
    assert set(rows["genes"]) == set(GENE_SETS["grouped"])
    assert rows.groupby("method")["fold"].nunique().to_dict() == {"perfect": 3, "inverted": 1}
    shown = rows[rows["metric"].isin(["accuracy", "auc"])]
    assert (shown.loc[shown["method"] == "perfect", "value"] == 1).all()
    assert (shown.loc[shown["method"] == "inverted", "value"] == 0).all()


def test_held_out_predictions_cover_each_target_once(tmp_path):
    data = small_data()
    table = fold_table(data, "grouped", [1], 3)
    gathered = held_out_predictions(data, table, run_files(tmp_path, data, table))
    targets, values = gathered["perfect"]
    assert sorted(targets) == list(data.targets)
    rows = [data.targets.index(target) for target in targets]
    np.testing.assert_array_equal(values, data.remains[rows])
    assert len(gathered["inverted"][0]) == len(read_fold(table, data, 1, 0).test)


def test_targets_without_a_strategy_are_put_in_their_place():
    data = small_data(3)
    wider, known = with_targets(data, ["m01_c", "a_e", "zz_c"], {"a": "OCC"})
    assert wider.targets == ("a_e", "m00_c", "m01_c", "m02_c", "zz_c")
    assert known.tolist() == [False, True, True, True, False]
    np.testing.assert_array_equal(wider.remains[known], data.remains)
    assert wider.smiles[0] == "OCC"
    assert wider.smiles[4] == DUMMY_SMILES
    assert wider.known_smiles.tolist() == [True, True, True, True, False]


def strategy_rows(states):
    return pd.DataFrame(
        [(target, gene, kept) for target, row in states.items() for gene, kept in row.items()],
        columns=["target", "gene", "remains"],
    )


def test_computed_strategies_take_structures_by_metabolite_and_sequences_by_gene():
    strategies = strategy_rows({"b_e": {"g1": 1, "g2": 0}, "b_c": {"g1": 0, "g2": 0}})
    structures = pd.DataFrame({"bigg_id": ["b", "other"], "smiles": ["CO", "C"]})
    sequences = pd.DataFrame({"gene": ["g1", "g1", "g9"], "sequence": ["MK", "MA", "ML"]})
    data = data_of_strategies("tiny", strategies, structures, sequences)
    assert data.targets == ("b_c", "b_e")
    assert data.smiles == ("CO", "CO")
    assert data.sequences == ("MK", PLACEHOLDER)
    assert data.known_sequences.tolist() == [True, False]
    assert data.remains.tolist() == [[0, 0], [1, 0]]


def test_no_strategy_at_all_is_told():
    empty = strategy_rows({})
    with pytest.raises(InputError, match="nothing to learn from"):
        data_of_strategies("tiny", empty, empty, empty)
