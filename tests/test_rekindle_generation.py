"""Scaling of features, generators on disk, and generated sets."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from gemwright.errors import InputError  # noqa: E402
from gemwright.rekindle.generation import (  # noqa: E402
    BLOCK,
    TrainedGenerator,
    generate,
    generate_features,
    load_generator,
    save_generator,
)
from gemwright.rekindle.networks import CriticShape, Generator, GeneratorShape, Guide  # noqa: E402
from gemwright.rekindle.scaling import Scaling  # noqa: E402

LEVELS = np.array([1.0, 10.0, 1000.0])


def _sets(n: int = 50) -> np.ndarray:
    return np.random.default_rng(0).uniform(0.01, 0.99, (n, 3))


def _trained() -> TrainedGenerator:
    torch.manual_seed(1)
    scaling = Scaling.fit("paper", _sets(), LEVELS)
    generator = Generator(GeneratorShape(3, 1, 4, (5, 6))).train()
    generator(torch.randn(32, 4), torch.ones(32, 1))
    guide = Guide(CriticShape(3, widths=(4,)))
    return TrainedGenerator(generator.eval(), scaling, ("a", "b", "c"), guide, {"digest": "x"})


def test_the_paper_scaling_has_one_minimum_and_maximum() -> None:
    sigma = np.array([[0.5, 0.5], [0.5, 0.2]])
    scaling = Scaling.fit("paper", sigma, [1.0, 2.0])
    # K_M: 1, 2; 1, 8
    assert (scaling.low, scaling.high) == pytest.approx((0.0, np.log(8)))
    np.testing.assert_allclose(scaling.features(sigma), [[-1, -1 / 3], [-1, 1]], rtol=1e-6)


def test_the_saturation_scaling_is_linear() -> None:
    scaling = Scaling.fit("saturation", _sets(), LEVELS)
    sigma = np.array([[0.25, 0.5, 1.0 - 1e-9]])
    features = scaling.features(sigma)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, [[-0.5, 0.0, 1.0]], atol=1e-7)
    bounded = Scaling.fit("saturation", _sets(), LEVELS, bounds=(0.2, 0.8))
    np.testing.assert_allclose(
        bounded.features(np.array([[0.2, 0.5, 0.8]])), [[-1, 0, 1]], atol=1e-6
    )
    with pytest.raises(InputError, match="all lie between"):
        Scaling.fit("saturation", _sets(), LEVELS, bounds=(0.2, 0.2))


@given(st.sampled_from(["paper", "saturation"]), st.integers(0, 2**32 - 1))
def test_scaling_goes_back(preset: str, seed: int) -> None:
    sigma = np.random.default_rng(seed).uniform(1e-4, 1 - 1e-4, (20, 3))
    scaling = Scaling.from_dict(json.loads(json.dumps(asdict(Scaling.fit(preset, sigma, LEVELS)))))
    features = scaling.features(sigma)
    assert np.abs(features).max() <= 1 + 1e-6
    # float32 over a range of ln K_M of up to 30
    np.testing.assert_allclose(scaling.saturations(features), sigma, atol=2e-6)


def test_saturations_are_clipped() -> None:
    scaling = Scaling("saturation", 0.0, 1.0, (1.0,))
    made = scaling.saturations(np.array([[-1.5], [1.5]], dtype=np.float32))
    assert made.dtype == np.float64
    assert made.ravel().tolist() == [1e-12, 1 - 1e-12]


def test_scaling_refuses_strange_input() -> None:
    with pytest.raises(InputError, match="preset 'log'"):
        Scaling.fit("log", _sets(), LEVELS)
    with pytest.raises(InputError, match=r"\(50, 3\).* 2 Michaelis"):
        Scaling.fit("paper", _sets(), LEVELS[:2])
    with pytest.raises(InputError, match=r"outside \(0, 1\)"):
        Scaling.fit("paper", _sets() + 0.5, LEVELS)
    with pytest.raises(InputError, match="give sets that differ"):
        Scaling.fit("paper", np.full((3, 2), 0.5), [1.0, 1.0])


def test_a_generator_comes_back_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "generator.safetensors"
    trained = _trained()
    save_generator(trained, path)
    loaded = load_generator(path, ["a", "b", "c"])
    assert (loaded.names, loaded.facts, loaded.scaling) == (
        trained.names, {"digest": "x"}, trained.scaling
    )  # fmt: skip
    assert loaded.generator.shape == trained.generator.shape
    assert loaded.guide is not None
    for name, value in trained.guide.state_dict().items():
        assert torch.equal(value, loaded.guide.state_dict()[name])
    args = (100, -1.0, 3)
    np.testing.assert_array_equal(
        generate(loaded.generator, loaded.scaling, *args),
        generate(trained.generator, trained.scaling, *args),
    )
    save_generator(loaded, tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "generator.safetensors"
    with pytest.raises(InputError, match="does not exist"):
        load_generator(path)
    path.write_bytes(b"nonsense")
    with pytest.raises(InputError, match="no readable generator"):
        load_generator(path)
    save_file({"a": torch.ones(1)}, path, {"gemwright": json.dumps({"tower": {}})})
    with pytest.raises(InputError, match="no readable generator"):
        load_generator(path)
    save_generator(_trained(), path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="no readable generator"):
        load_generator(path)


def test_a_generator_of_another_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "generator.safetensors"
    save_generator(_trained(), path)
    with pytest.raises(InputError, match=r"are not the 2 of the model \(for example c\)"):
        load_generator(path, ["a", "b"])
    with pytest.raises(InputError, match="in their order"):
        load_generator(path, ["b", "a", "c"])


def test_generating_repeats_itself_and_needs_no_dropout() -> None:
    trained = _trained()
    first = generate(trained.generator, trained.scaling, 300, -1.0, 7)
    assert first.shape == (300, 3) and first.dtype == np.float64
    assert ((first > 0) & (first < 1)).all()
    np.testing.assert_array_equal(first, generate(trained.generator, trained.scaling, 300, -1.0, 7))
    assert not np.array_equal(first, generate(trained.generator, trained.scaling, 300, -1.0, 8))
    assert not np.array_equal(first, generate(trained.generator, trained.scaling, 300, 1.0, 7))
    trained.generator.train()
    np.testing.assert_array_equal(first, generate(trained.generator, trained.scaling, 300, -1.0, 7))


def test_the_first_sets_do_not_depend_on_how_many_are_asked_for() -> None:
    generator = _trained().generator
    many = np.concatenate(list(generate_features(generator, BLOCK + 10, -1.0, 7)))
    few = np.concatenate(list(generate_features(generator, 100, -1.0, 7)))
    np.testing.assert_allclose(many[:100], few, atol=1e-6)
    assert len(many) == BLOCK + 10 and np.abs(many).max() < 1
    assert not np.allclose(many[BLOCK:], many[:10])


def test_conditions_of_a_block_or_of_each_set() -> None:
    torch.manual_seed(2)
    generator = Generator(GeneratorShape(3, 2, 4, (5,))).eval()
    scaling = Scaling("saturation", 0.0, 1.0, (1.0,) * 3)
    rows = np.repeat([[0.0, 1.0], [1.0, 0.0]], 5, axis=0)
    each = generate(generator, scaling, 10, rows, 1)
    np.testing.assert_allclose(each[:5], generate(generator, scaling, 10, [0.0, 1.0], 1)[:5])
    np.testing.assert_allclose(each[5:], generate(generator, scaling, 10, [1.0, 0.0], 1)[5:])
    for wrong in (1.0, [1.0, 1.0, 1.0], rows[:4]):
        with pytest.raises(InputError, match="2 condition column"):
            generate(generator, scaling, 10, wrong, 1)
    with pytest.raises(InputError, match="finite"):
        generate(generator, scaling, 10, [0.0, np.nan], 1)
