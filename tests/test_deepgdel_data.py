"""Strategies as a matrix, folds without leaks, scored genes, counts of Tables VI and VII."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror
from scipy.stats import rankdata

from gemwright.deepgdel.dataset import (
    DUMMY_SMILES,
    DeletionData,
    from_tables,
    read_deletion_data,
    write_deletion_data,
)
from gemwright.deepgdel.folds import group_folds, make_folds, stratified_folds, target_groups
from gemwright.deepgdel.scored import predetermined_genes, scored_genes
from gemwright.deepgdel.tabulation import data_counts
from gemwright.errors import InputError
from gemwright.io.fasta import PLACEHOLDER
from gemwright.sources.deepgdel import DeepGDelPaths, read_deepgdel

# printed in Table VI (pre-determined) and Table VII
PRINTED = {
    "e_coli_core": (137, 71, 41, 136, 1, 4932, 685),
    "iMM904": (905, 850, 105, 889, 16, 85070, 9955),
    "iML1515": (1516, 1483, 443, 1513, 3, 603368, 68220),
}
ITEMS = (
    "#Genes",
    "#Pre-determined genes",
    "#Deletion strategies",
    "#AA Seq. terms",
    "#Dummy AA Seq. terms",
    "#Balanced train/val samples",
    "#Balanced test samples",
)


def small_tables():
    labels = pd.DataFrame(
        [
            ("m", "b_c", "g2", 0),
            ("m", "b_c", "g1", 1),
            ("m", "a_e", "g1", 0),
            ("m", "a_e", "g2", 1),
            ("other", "z_c", "g9", 1),
        ],
        columns=["model", "target", "gene", "remains"],
    )
    sequences = pd.DataFrame(
        [("m", "g2", "MKL", False), ("m", "g1", PLACEHOLDER, True), ("m", "g7", "MA", False)],
        columns=["model", "gene", "sequence", "placeholder"],
    )
    targets = pd.DataFrame(
        [("m", "b_c", "CCO", True), ("m", "a_e", "c", False)],
        columns=["model", "target", "smiles", "readable"],
    )
    return labels, sequences, targets


def data_of(remains, smiles=None, known=None, targets=None):
    remains = np.array(remains, np.int8)
    n, m = remains.shape
    return DeletionData(
        "m",
        targets or tuple(f"t{row:03d}_c" for row in range(n)),
        tuple(f"g{column:03d}" for column in range(m)),
        remains,
        tuple(smiles or ["C" * (row + 1) for row in range(n)]),
        ("MA",) * m,
        np.ones(n, bool) if known is None else np.array(known),
        np.ones(m, bool),
    )


@st.composite
def deletion_data(draw):
    n, m = draw(st.integers(4, 14)), draw(st.integers(2, 5))
    cells = draw(st.lists(st.integers(0, 1), min_size=n * m, max_size=n * m))
    smiles = draw(st.lists(st.sampled_from(["C", "CC", "OCC", "CCO", "c"]), min_size=n, max_size=n))
    return data_of(np.reshape(cells, (n, m)), smiles, [text != "c" for text in smiles])


# --- the matrix ---------------------------------------------------------------------------------


def test_tables_are_joined_by_identifier():
    data = from_tables("m", *small_tables())
    assert (data.targets, data.genes) == (("a_e", "b_c"), ("g1", "g2"))
    assert data.remains.tolist() == [[0, 1], [1, 0]]
    assert data.smiles == (DUMMY_SMILES, "CCO")
    assert data.known_smiles.tolist() == [False, True]
    assert data.sequences == (PLACEHOLDER, "MKL")
    assert data.known_sequences.tolist() == [False, True]


def test_what_is_not_known_gets_a_dummy():
    labels, sequences, targets = small_tables()
    data = from_tables("m", labels, sequences.iloc[:0], targets.iloc[:1])
    assert data.smiles == (DUMMY_SMILES, "CCO")
    assert data.sequences == (PLACEHOLDER, PLACEHOLDER)
    assert not data.known_sequences.any()


def test_files_give_back_the_data_and_repeat(tmp_path):
    data = from_tables("m", *small_tables())
    write_deletion_data(data, tmp_path / "a")
    back = read_deletion_data(tmp_path / "a")
    for name, value in vars(data).items():
        other = getattr(back, name)
        assert np.array_equal(value, other) if isinstance(value, np.ndarray) else value == other
    assert back.remains.dtype == np.int8
    write_deletion_data(back, tmp_path / "b")
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lab, seq, tar: (lab.rename(columns={"remains": "Deleted"}), seq, tar), "remains"),
        (lambda lab, seq, tar: (lab, seq.drop(columns="placeholder"), tar), "placeholder"),
        (lambda lab, seq, tar: (lab, seq, tar.drop(columns="smiles")), "smiles"),
        (lambda lab, seq, tar: (lab.iloc[1:], seq, tar), "'g2' has no state"),
        (lambda lab, seq, tar: (lab.assign(remains=2), seq, tar), "a state is"),
        (lambda lab, seq, tar: (pd.concat([lab, lab]), seq, tar), "two states"),
        (lambda lab, seq, tar: (lab[lab["target"] != "b_c"], seq, tar), "'b_c'.*has no label"),
        (lambda lab, seq, tar: (lab.iloc[:0], seq, tar), "there are none"),
        (lambda lab, seq, tar: (lab, pd.concat([seq, seq]), tar), "'g2'.*comes twice"),
        (lambda lab, seq, tar: (lab, seq, pd.concat([tar, tar])), "'b_c'.*comes twice"),
    ],
)
def test_wrong_tables_are_told(change, message):
    with pytest.raises(InputError, match=message):
        from_tables("m", *change(*small_tables()))


def test_wrong_files_are_told(tmp_path):
    with pytest.raises(InputError, match=r"labels\.parquet"):
        read_deletion_data(tmp_path)
    write_deletion_data(from_tables("m", *small_tables()), tmp_path)
    from gemwright.io.tables import read_parquet, write_parquet

    labels = read_parquet(tmp_path / "labels.parquet")
    write_parquet(labels.rename(columns={"remains": "Deleted"}), tmp_path / "labels.parquet")
    with pytest.raises(InputError, match=r"labels\.parquet.*remains"):
        read_deletion_data(tmp_path)
    two = pd.concat([labels, labels.assign(model="n")])
    write_parquet(two, tmp_path / "labels.parquet")
    with pytest.raises(InputError, match="2 models"):
        read_deletion_data(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"targets": ("b_c", "a_e")},
        {"remains": np.array([[0, 2], [1, 0]], np.int8)},
        {"smiles": ("C",)},
        {"sequences": ("MA",)},
    ],
)
def test_data_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match=r"ha(s|ve) to be|needed"):
        replace(from_tables("m", *small_tables()), **wrong)


# --- folds --------------------------------------------------------------------------------------


@given(deletion_data(), st.sampled_from(["paper", "grouped"]), st.integers(0, 3))
@settings(max_examples=60)
def test_folds_are_a_partition_that_splits_no_group(data, protocol, seed):
    groups = target_groups(data)
    count = min(3, len(np.unique(groups)) if protocol == "grouped" else 3)
    if count < 2:
        with pytest.raises(InputError, match="groups of targets"):
            make_folds(data, protocol, seed, 2)
        return
    folds = make_folds(data, protocol, seed, count)
    everything = np.arange(len(data.targets))
    assert np.array_equal(np.sort(np.concatenate([fold.test for fold in folds])), everything)
    for fold, again in zip(folds, make_folds(data, protocol, seed, count), strict=True):
        assert len(fold.test)
        assert np.array_equal(np.union1d(fold.train, fold.test), everything)
        assert np.array_equal(fold.test, again.test)
        if protocol == "paper":
            assert abs(len(fold.test) - len(everything) / count) < 1
        else:
            assert not np.isin(groups[fold.test], groups[fold.train]).any()
            train = {data.remains[row].tobytes() for row in fold.train}
            assert not any(data.remains[row].tobytes() in train for row in fold.test)


@given(st.lists(st.integers(0, 9), min_size=10, max_size=40), st.integers(0, 5))
@example([0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1], 5)
def test_strata_are_dealt_evenly(sizes, seed):
    number = stratified_folds(np.array(sizes), seed, 5)
    ranks = rankdata(sizes)  # equal sizes are dealt at random
    for fold in range(5):
        assert abs((number == fold).sum() - len(sizes) / 5) < 1
        # one of every five in the order of sizes: the mean rank is close to that of all
        assert abs(ranks[number == fold].mean() - ranks.mean()) <= 5


def test_groups_balance_the_folds():
    number = group_folds(np.array([0] * 6 + [1] * 3 + [2] * 3 + [3, 4, 5]), 0, 3)
    assert sorted(np.bincount(number)) == [4, 5, 6]
    assert len(set(number[:6])) == 1


def test_groups_are_chains_of_one_structure_or_strategy():
    data = data_of(
        [[0, 1, 1], [1, 0, 1], [1, 0, 1], [1, 1, 0], [0, 0, 1], [0, 1, 0], [1, 1, 1]],
        ["CCO", "OCC", "C", "c", "c", "c", "N"],
        [True, True, True, False, False, False, True],
        ("a_c", "b_c", "d_c", "x_c", "x_e", "y_c", "z_c"),
    )
    # ethanol twice, then one strategy twice; x in two compartments; the dummy of y is no structure
    assert target_groups(data).tolist() == [0, 0, 0, 1, 1, 2, 3]
    assert target_groups(data, np.array([0, 2, 5])).tolist() == [0, 1, 2]


def test_unknown_protocol_and_too_many_folds_are_told():
    data = data_of(np.eye(4))
    with pytest.raises(InputError, match=r"'leaky'.*paper, grouped"):
        make_folds(data, "leaky", 0)
    with pytest.raises(InputError, match="4 targets cannot be dealt to 10 folds"):
        make_folds(data, "paper", 0)
    with pytest.raises(InputError, match="'leaky'"):
        scored_genes(data, np.arange(3), "leaky")


# --- scored genes and counts --------------------------------------------------------------------


def test_predetermined_genes_by_share():
    remains = np.ones((20, 4), np.int8)
    remains[0, 1] = remains[:2, 2] = remains[:10, 3] = 0
    assert predetermined_genes(remains).tolist() == [True, False, False, False]
    assert predetermined_genes(remains, 0.9).tolist() == [True, True, False, False]
    with pytest.raises(InputError, match=r"0\.3"):
        predetermined_genes(remains, 0.3)
    with pytest.raises(InputError, match="no strategy"):
        predetermined_genes(remains[:0])


@given(deletion_data(), st.sampled_from(["paper", "grouped"]))
@settings(max_examples=30)
def test_scored_genes_do_not_depend_on_test_strategies(data, protocol):
    train = np.arange(len(data.targets) - 2)
    changed = data.remains.copy()
    changed[-2:] = 1 - changed[-2:]
    try:
        scored = scored_genes(data, train, protocol)
    except InputError:
        return
    assert np.array_equal(scored, scored_genes(replace(data, remains=changed), train, protocol))
    varying = data.remains[train].min(axis=0) < data.remains[train].max(axis=0)
    assert not (scored & ~varying).any()


def test_no_scored_gene_is_told():
    with pytest.raises(InputError, match="no gene's state differs"):
        scored_genes(data_of(np.ones((4, 2))), np.arange(3), "grouped")


@needs_mirror
@pytest.mark.parametrize("model", sorted(PRINTED))
def test_counts_of_tables_6_and_7(model):
    base = next((MIRROR / "raw.githubusercontent.com/MetNetComp/DeepGDel").glob("*/Data")) / model
    tables = read_deepgdel(
        {
            model: DeepGDelPaths(
                base / "Label/Label.zip",
                base / "Gene_AA/Gene_AA.zip",
                base / "Target metabolites_smile.csv",
            )
        }
    )
    data = from_tables(model, tables.labels, tables.sequences, tables.targets)
    counted = data_counts(data).set_index("item")["value"]
    assert tuple(counted[list(ITEMS)]) == PRINTED[model]
    dummies = counted["#Dummy SMILES terms"], counted["#Dummy SMILES terms, water as hydroxide"]
    # Table VII prints 0, 6 and 18: iMM904 has four dummies, and six waters written as hydroxide
    assert dummies == {"e_coli_core": (0, 0), "iMM904": (4, 6), "iML1515": (18, 0)}[model]
