import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.kinetics.chemical_potentials import (
    check_no_loop,
    find_loop,
    read_energies,
    sample_energies,
)
from gemwright.kinetics.concentrations import (
    CENTRES,
    HIGHEST,
    LOWEST,
    read_concentrations,
    sample_concentrations,
)
from gemwright.kinetics.state import RT

# a -> b, b -> c, c -> a, and a -> d on the side
TRIANGLE = np.array([[-1, 0, 1, -1], [1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 0, 1.0]])
NAMES = ["AB", "BC", "CA", "AD"]


def test_a_loop_is_found_with_its_directions_and_numbers():
    loop, runs = find_loop(TRIANGLE, np.array([2.0, 1.0, 0.5, 3.0]))
    assert loop.tolist() == [0, 1, 2]
    assert runs == pytest.approx([1, 1, 1])
    loop, runs = find_loop(TRIANGLE, np.array([-2.0, -1.0, -0.5, 3.0]))
    assert runs == pytest.approx([-1, -1, -1])
    # 2 a -> b against a -> b/2, twice
    doubled = np.array([[-2, 1.0], [1, -0.5]])
    loop, runs = find_loop(doubled, np.array([1.0, 1.0]))
    assert runs == pytest.approx([1, 2])


def test_fluxes_in_a_row_are_no_loop():
    assert find_loop(TRIANGLE, np.array([1.0, 1.0, -1.0, 1.0])) is None
    assert find_loop(TRIANGLE, np.array([1.0, 1.0, 0.0, 1.0])) is None
    assert find_loop(TRIANGLE, np.zeros(4)) is None


def test_a_loop_is_named_in_one_message():
    with pytest.raises(
        InputError, match=r"loop .*\(AB forward, BC forward, CA forward\)"
    ) as caught:
        check_no_loop(NAMES, TRIANGLE, np.ones(4), "mine.tsv")
    assert "AD" not in str(caught.value)
    assert caught.value.where == "mine.tsv"
    with pytest.raises(InputError, match="AB forward"):
        sample_energies(NAMES, TRIANGLE, np.ones(4), 1, "mine.tsv")


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_either_a_loop_or_energies_that_drive_the_fluxes(seed):
    generator = np.random.default_rng(seed)
    matrix = np.zeros((5, 7))
    for column in range(7):
        rows = generator.choice(5, size=generator.integers(2, 5), replace=False)
        matrix[rows, column] = generator.choice([-2, -1, 1, 2], size=len(rows))
    fluxes = generator.choice([-1.0, 1.0], 7)
    names = [str(column) for column in range(7)]
    loop = find_loop(matrix, fluxes)
    if loop is not None:
        combined = matrix[:, loop[0]] @ loop[1]
        assert np.allclose(combined, 0, atol=1e-6)
        assert (np.sign(loop[1]) == fluxes[loop[0]]).all()
        return
    energies = sample_energies(names, matrix, fluxes, seed, "x", (0.01, 1000.0))[0]
    assert (energies * fluxes < 0).all()
    assert (np.abs(energies) <= 1000 + 1e-6).all()
    # they are differences of potentials
    potentials = np.linalg.lstsq(matrix.T, energies)[0]
    assert matrix.T @ potentials == pytest.approx(energies, abs=1e-6)


def test_the_walk_is_uniform_and_repeats_itself():
    # a -> b -> c and a -> c: x in (1, 9), y in (1, 9), x + y in (1, 9), a triangle
    matrix = np.array([[-1, 0, -1.0], [1, -1, 0], [0, 1, 1]])
    sampled = sample_energies(["1", "2", "3"], matrix, np.ones(3), 5, "x", (1.0, 9.0), 800)
    drives = -sampled
    assert drives[:, 0] + drives[:, 1] == pytest.approx(drives[:, 2])
    # the triangle's corners are (1, 1), (8, 1), (1, 8): its centroid, and its variance 7^2 / 18
    assert drives[:, :2].mean(axis=0) == pytest.approx([10 / 3, 10 / 3], abs=0.2)
    assert drives[:, :2].var(axis=0) == pytest.approx([49 / 18, 49 / 18], rel=0.2)
    lag = np.corrcoef(drives[:-1, 0], drives[1:, 0])[0, 1]
    assert abs(lag) < 0.12
    again = sample_energies(["1", "2", "3"], matrix, np.ones(3), 5, "x", (1.0, 9.0), 3)
    assert np.array_equal(sampled[:3], again)
    other = sample_energies(["1", "2", "3"], matrix, np.ones(3), 6, "x", (1.0, 9.0))
    assert not np.array_equal(sampled[:1], other)


def test_a_window_without_room_is_told_apart_from_a_loop():
    # a -> b -> c -> d in three steps and at once: 3 x 2 kcal/mol do not go into 5
    matrix = np.array([[-1, 0, 0, -1.0], [1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, 1]])
    with pytest.raises(InputError, match="although the fluxes have no loop"):
        sample_energies(NAMES, matrix, np.ones(4), 1, "x", (2.0, 5.0))
    with pytest.raises(InputError, match="empty or not positive"):
        sample_energies(NAMES, matrix, np.ones(4), 1, "x", (0.0, 5.0))


def test_energies_are_read_as_such_or_as_equilibrium_constants(tmp_path):
    table = tmp_path / "energies.tsv"
    table.write_text("reaction\tdG\tK_eq\nA\t-1.5\t\nB\t\t10\nC\t-2\t7\n")
    energies = read_energies(table, ["A", "B", "C", "X"], np.array([0.0, 1.0, 0.0, 0.0]), ["X"])
    assert energies[:3] == pytest.approx([-1.5, RT * (1.0 - np.log(10)), -2.0])
    assert energies[3] == -np.inf
    with pytest.raises(InputError, match=r"1 reactions that carry flux are missing \(X\)"):
        read_energies(table, ["A", "X"], np.zeros(2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reaction\tenergy\nA\t1\n", "lacks the column dG or K_eq"),
        ("name\tdG\nA\t1\n", "lacks the column.s. reaction"),
        ("reaction\tdG\nA\tabc\n", "reaction A: dG is 'abc'"),
        ("reaction\tdG\nA\tinf\n", "reaction A: dG is 'inf'"),
        ("reaction\tdG\nA\t1\nA\t2\n", "stands there twice"),
        ("reaction\tK_eq\nA\t-3\n", "K_eq is -3"),
    ],
)
def test_bad_tables_of_energies(tmp_path, text, message):
    table = tmp_path / "energies.tsv"
    table.write_text(text)
    with pytest.raises(InputError, match=message):
        read_energies(table, ["A"], np.zeros(1))


def test_concentrations_are_drawn_around_their_medians():
    names = ["atp"] * 4000 + ["unheard_of"] * 4000
    off = [False] * 8000
    drawn = sample_concentrations(names, off, off, off, seed=3) / 1e6
    assert np.median(drawn[:4000]) == pytest.approx(CENTRES["atp"], rel=0.1)
    assert np.log(drawn[4000:]).std() == pytest.approx(np.log(2), rel=0.1)
    assert drawn.min() >= LOWEST and drawn.max() <= HIGHEST * (1 + 1e-12)
    assert np.array_equal(drawn, sample_concentrations(names, off, off, off, seed=3) / 1e6)
    flat = sample_concentrations(["x", "x", "h2o"], [False, True, False], [True, True, False],
                                 [False, False, True], 1)  # fmt: skip
    assert flat == pytest.approx([10**-1.5, 0.1, 55.5e6])
    own = sample_concentrations(["x"], [False], [False], [False], 1, {"x": 2e-3}, 0.0)
    assert own == pytest.approx([2000.0])


def test_concentrations_are_read_in_molar(tmp_path):
    table = tmp_path / "concentrations.csv"
    table.write_text("species,concentration\na_c,1e-3\nb_c,0\n")
    assert read_concentrations(table, ["a_c"]) == pytest.approx([1000.0])
    with pytest.raises(InputError, match="species b_c: its concentration is 0 M"):
        read_concentrations(table, ["a_c", "b_c"])
    with pytest.raises(InputError, match=r"missing \(z_c\)"):
        read_concentrations(table, ["a_c", "z_c"])
