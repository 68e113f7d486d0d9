"""The conditional GAN: sizes, learning, resuming, repeating, transfer and failure."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gemwright.arrays import SingleArray

torch = pytest.importorskip("torch")

from gemwright.errors import InputError  # noqa: E402
from gemwright.learning.checkpoints import CHECKPOINT  # noqa: E402
from gemwright.rekindle.gan_options import BestRule, GanOptions, batch_size, learning_rate  # noqa: E402
from gemwright.rekindle.gan_training import (  # noqa: E402
    HISTORY_COLUMNS,
    GanRun,
    Sampler,
    collapsed,
    train_gan,
)
from gemwright.rekindle.generation import (  # noqa: E402
    TrainedGenerator,
    generate_features,
    save_generator,
)
from gemwright.rekindle.networks import (  # noqa: E402
    CriticShape,
    Discriminator,
    Generator,
    GeneratorShape,
    Guide,
    KerasBatchNorm,
)
from gemwright.rekindle.scaling import Scaling  # noqa: E402

SMALL = {
    "epochs": 6,
    "batch": 16,
    "checkpoint_every": 2,
    "device": "cpu",
    "discriminator_widths": (8,),
    "best": BestRule("goal"),
}
PRESETS = {
    "paper": {**SMALL, "noise": 5, "generator_widths": (8, 8)},
    "saturation": {**SMALL, "generator_widths": (8,), "guide_widths": (8,), "guide_epochs": 2},
}


def _toy(n: int = 96, seed: int = 0) -> tuple[SingleArray, np.ndarray]:
    """Points of a square; those of the left half have the condition -1."""
    features = np.random.default_rng(seed).uniform(-1, 1, (n, 2)).astype(np.float32)
    return features, np.where(features[:, 0] < 0, -1.0, 1.0)


def _monitor(epoch: int, sample: Sampler) -> dict[str, float]:
    return {"goal": -abs(epoch - 4.0), "mean": float(sample(50, -1.0, epoch).mean())}


def _train(preset: str, folder: Path, monitor=_monitor, start=None, **changes) -> GanRun:
    features, conditions = _toy()
    options = GanOptions.of(preset, **{**PRESETS[preset], **changes})
    return train_gan(features, conditions, options, folder, monitor, start)


def _same(first: GanRun, second: GanRun) -> bool:
    pairs = [(first.generator, second.generator), (first.discriminator, second.discriminator)]
    if first.guide is not None:
        pairs.append((first.guide, second.guide))
    return (
        all(
            torch.equal(value, b.state_dict()[name])
            for a, b in pairs
            for name, value in a.state_dict().items()
        )
        and first.history.equals(second.history)
        and first.monitored.equals(second.monitored)
    )


def _save(run: GanRun, path: Path) -> Path:
    features = run.generator.shape.features
    scaling = Scaling("saturation", 0.0, 1.0, (1.0,) * features)
    names = tuple(f"km_{k}" for k in range(features))
    save_generator(TrainedGenerator(run.generator, scaling, names, run.guide), path)
    return path


def trainable_parameters(network: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters() if weight.requires_grad)


def test_networks_have_the_sizes_of_the_paper() -> None:
    generator = Generator(GeneratorShape(259))
    assert trainable_parameters(generator) == 315_779
    assert trainable_parameters(Discriminator(CriticShape(259))) == 18_913
    assert generator(torch.zeros(3, 127), torch.ones(3, 1)).shape == (3, 259)
    kinds = [type(layer).__name__ for layer in generator.layers]
    assert kinds == ["Linear", "LeakyReLU", "KerasBatchNorm", "Dropout"] * 3 + ["Linear"]
    assert Guide(CriticShape(259, 2))(torch.ones(4, 259)).shape == (4, 2)


def test_networks_start_as_in_keras() -> None:
    layer = Generator(GeneratorShape(20)).layers[0]
    bound = np.sqrt(6 / (128 + 128))
    assert torch.all(layer.bias == 0)
    assert 0.95 * bound < layer.weight.abs().max() <= bound


def test_batch_norm_runs_as_in_keras() -> None:
    norm = KerasBatchNorm(1, eps=1e-3, momentum=0.2).train()
    normalised = norm(torch.tensor([[1.0], [3.0]]))
    # mean 2, variance 1 (over n, not n - 1)
    assert norm.running_mean.item() == pytest.approx(0.8 * 0 + 0.2 * 2)
    assert norm.running_var.item() == pytest.approx(0.8 * 1 + 0.2 * 1)
    assert normalised[1].item() == pytest.approx(1 / np.sqrt(1.001))
    loss = norm(torch.tensor([[1.0], [3.0]], requires_grad=True)).square().sum()
    loss.backward()


def test_a_residual_generator_starts_uniform() -> None:
    generator = Generator(GeneratorShape(3, noise=3, widths=(4,), residual=True)).eval()
    features = np.concatenate(list(generate_features(generator, 20_000, 1.0, 0)))
    quantiles = np.quantile(features, [0.25, 0.5, 0.75], axis=0)
    np.testing.assert_allclose(quantiles, np.array([[-0.5, 0, 0.5]] * 3).T, atol=0.02)
    with pytest.raises(ValueError, match="as much noise"):
        GeneratorShape(3, noise=2, residual=True)


def test_merged_batch_norms_change_nothing() -> None:
    torch.manual_seed(0)
    generator = Generator(GeneratorShape(6, 2, 5, (7, 8))).train()
    noise, conditions = torch.randn(64, 5), torch.randn(64, 2)
    for _ in range(5):
        generator(noise, conditions)
    generator.eval()
    with torch.no_grad():
        merged = generator.folded()(torch.cat([noise, conditions], dim=1))
        torch.testing.assert_close(merged, generator.displacement(noise, conditions))


@pytest.mark.parametrize(
    ("sets", "size"),
    [(10, 2), (50, 5), (100, 10), (500, 20), (1_000, 50), (72_000, 1_024), (5, 2), (10**6, 1_024)],
)
def test_batch_sizes_are_the_papers(sets: int, size: int) -> None:
    assert batch_size(sets) == size


def test_learning_rates_are_the_papers() -> None:
    paper = GanOptions.of("paper")
    rates = [learning_rate(n, True, paper) for n in (10, 100, 500, 1_000, 72_000)]
    assert rates == [2e-4, 2e-4, 1e-3, 1e-3, 2e-4]
    assert learning_rate(500, False, paper) == 2e-4
    assert learning_rate(500, True, GanOptions.of("paper", learning_rate=0.5)) == 0.5
    saturation = GanOptions.of("saturation")
    assert [learning_rate(500, transfer, saturation) for transfer in (False, True)] == [1e-3, 2e-4]


@pytest.mark.parametrize("preset", PRESETS)
def test_training_repeats_itself(preset: str, tmp_path: Path) -> None:
    first = _train(preset, tmp_path / "a")
    torch.manual_seed(99)
    second = _train(preset, tmp_path / "b")
    assert _same(first, second)
    assert (tmp_path / "a" / CHECKPOINT).read_bytes() == (tmp_path / "b" / CHECKPOINT).read_bytes()
    assert list(first.history.columns) == HISTORY_COLUMNS
    assert not _same(first, _train(preset, tmp_path / "c", seed=1))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("killed", [2, 4, 6])
def test_a_resumed_training_equals_a_straight_one(preset: str, killed: int, tmp_path: Path) -> None:
    def break_off(epoch: int, sample: Sampler) -> dict[str, float]:
        if epoch == killed:
            raise KeyboardInterrupt
        return _monitor(epoch, sample)

    with pytest.raises(KeyboardInterrupt):
        _train(preset, tmp_path / "a", break_off)
    resumed, straight = _train(preset, tmp_path / "a"), _train(preset, tmp_path / "b")
    assert _same(resumed, straight)
    assert resumed.checkpoint.read_bytes() == straight.checkpoint.read_bytes()
    # done: nothing is trained any more
    again = _train(preset, tmp_path / "a", break_off)
    assert _same(again, straight) and np.isnan(again.seconds)


def test_the_best_epoch_is_kept(tmp_path: Path) -> None:
    run = _train("paper", tmp_path / "a")
    assert run.best_epoch == 4
    assert run.monitored["epoch"].tolist() == [2, 4, 6]
    assert run.monitored["best"].tolist() == [True, True, False]
    short = _train("paper", tmp_path / "b", epochs=4)
    assert torch.equal(run.generator.layers[0].weight, short.generator.layers[0].weight)
    last = _train("paper", tmp_path / "c", monitor=None)
    assert last.best_epoch == 6 and last.monitored.empty


def test_rule_of_the_best_epoch() -> None:
    rule = BestRule("incidence", (("spread", 0.8), ("covered", 1.0)))
    good = rule.rank({"incidence": 0.9, "spread": 0.8, "covered": 1.0})
    better = rule.rank({"incidence": 0.95, "spread": 0.9, "covered": 1.0})
    narrow = rule.rank({"incidence": 1.0, "spread": 0.4, "covered": 1.0})
    narrower = rule.rank({"incidence": 1.0, "spread": 0.4, "covered": 0.5})
    assert narrower < narrow < good < better
    assert rule.rank({"incidence": float("nan"), "spread": 1, "covered": 1}) < good
    assert rule.describe() == ("largest incidence among epochs with spread >= 0.8 and covered >= 1")
    with pytest.raises(InputError, match="gives no 'covered'"):
        rule.rank({"incidence": 0.9, "spread": 0.8})


def test_a_collapsed_training_is_told() -> None:
    def history(accuracies: list[float]) -> pd.DataFrame:
        return pd.DataFrame({"accuracy": accuracies})

    assert collapsed(history([0.5] * 100 + [0.91] * 200))
    assert not collapsed(history([0.91] * 199))
    assert not collapsed(history([0.91] * 150 + [0.9] + [0.91] * 150))
    assert collapsed(history([0.5] + [0.95] * 3), epochs=3)
    assert not collapsed(history([0.91] * 3), epochs=3, accuracy=0.95)


def test_training_stops_when_it_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gemwright.rekindle.gan_training as module

    def impatient(history: pd.DataFrame) -> bool:
        return collapsed(history, epochs=3, accuracy=-1.0)

    monkeypatch.setattr(module, "collapsed", impatient)
    run = _train("paper", tmp_path)
    assert run.failed and len(run.history) == 3
    assert run.monitored["epoch"].tolist() == [2, 3]


def test_the_generator_follows_the_condition(tmp_path: Path) -> None:
    features, conditions = _toy(2_000)
    options = GanOptions.of(
        "saturation", epochs=30, batch=128, generator_widths=(32,), guide_widths=(32,),
        guide_epochs=30, device="cpu", best=BestRule("none"),
    )  # fmt: skip
    run = train_gan(features, conditions, options, tmp_path)
    for condition in (-1.0, 1.0):
        made = np.concatenate(list(generate_features(run.generator, 2_000, condition, 1)))
        assert np.mean(np.sign(made[:, 0]) == condition) > 0.95
        # the other feature is left as it was
        assert abs(made[:, 1].mean()) < 0.2 and made[:, 1].std() > 0.5
    assert run.guide_figures["accuracy_0"] > 0.95


def test_the_paper_preset_learns_too(tmp_path: Path) -> None:
    features, conditions = _toy(2_000)
    options = GanOptions.of(
        "paper", epochs=60, batch=64, noise=4, generator_widths=(16, 32), learning_rate=2e-3,
        generator_dropout=0.0, discriminator_dropout=0.0, discriminator_widths=(32, 32),
        device="cpu",
    )  # fmt: skip
    run = train_gan(features, conditions, options, tmp_path)
    for condition in (-1.0, 1.0):
        made = np.concatenate(list(generate_features(run.generator, 2_000, condition, 1)))
        assert np.mean(np.sign(made[:, 0]) == condition) > 0.8
    assert run.history["displacement"].isna().all()


def test_a_continuous_condition_is_followed(tmp_path: Path) -> None:
    features, _ = _toy(2_000)
    target = np.stack([features[:, 0], np.sign(features[:, 1])], axis=1)
    options = GanOptions.of(
        "saturation", epochs=40, batch=128, generator_widths=(32,), guide_widths=(32,),
        guide_epochs=30, guidance=10.0, device="cpu", best=BestRule("none"),
    )  # fmt: skip
    run = train_gan(features, target, options, tmp_path)
    wanted = np.stack([np.linspace(-0.8, 0.8, 1_000), np.tile([-1.0, 1.0], 500)], axis=1)
    made = np.concatenate(list(generate_features(run.generator, 1_000, wanted, 1)))
    assert np.corrcoef(made[:, 0], wanted[:, 0])[0, 1] > 0.9
    assert np.mean(np.sign(made[:, 1]) == wanted[:, 1]) > 0.9
    assert run.guide_figures["r2_0"] > 0.9


@pytest.mark.parametrize("preset", PRESETS)
def test_transfer_keeps_generator_and_guide(preset: str, tmp_path: Path) -> None:
    source = _save(_train(preset, tmp_path / "a"), tmp_path / "source.safetensors")
    first = _train(preset, tmp_path / "b", start=source, learning_rate=1e-12, seed=5, epochs=1)
    before = _train(preset, tmp_path / "a").generator.state_dict()
    for name, value in first.generator.state_dict().items():
        if "running" not in name and "tracked" not in name:
            torch.testing.assert_close(value, before[name], atol=1e-9, rtol=0)
    fresh = _train(preset, tmp_path / "c", learning_rate=1e-12, seed=5, epochs=1)
    assert not torch.equal(fresh.generator.layers[0].weight, first.generator.layers[0].weight)


def test_transfer_refuses_another_generator(tmp_path: Path) -> None:
    source = _save(_train("paper", tmp_path / "a"), tmp_path / "source.safetensors")
    with pytest.raises(InputError, match=r"source.safetensors.*the options ask for"):
        _train("paper", tmp_path / "b", start=source, generator_widths=(4,))
    with pytest.raises(InputError, match="does not exist"):
        _train("paper", tmp_path / "b", start=tmp_path / "none.safetensors")


def test_checkpoints_of_other_trainings_are_refused(tmp_path: Path) -> None:
    run = _train("paper", tmp_path)
    with pytest.raises(InputError, match="other data or options"):
        _train("paper", tmp_path, seed=1)
    # a damaged one counts as missing
    whole = run.checkpoint.read_bytes()
    run.checkpoint.write_bytes(whole[:500])
    assert _train("paper", tmp_path).checkpoint.read_bytes() == whole


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epochs": 0}, "'epochs' of GanOptions: 0 should be"),
        ({"batch": 1}, "'batch' of GanOptions: 1 should be"),
        ({"checkpoint_every": 0}, "'checkpoint_every'"),
        ({"stray": 0.1}, "'stray'"),
        ({"adversarial": 0.0}, "nothing teaches the generator"),
        ({"epoch": 3}, "'epoch' of GanOptions: is not known; did you mean 'epochs'"),
    ],
)
def test_senseless_options_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        GanOptions.of("paper", **changes)


def test_senseless_data_are_refused(tmp_path: Path) -> None:
    features, conditions = _toy()
    options = GanOptions.of("paper", **PRESETS["paper"])
    with pytest.raises(InputError, match=r"not all within \[-1, 1\]"):
        train_gan(features * 2, conditions, options, tmp_path)
    with pytest.raises(InputError, match=r"shape \(95,\) for 96 sets"):
        train_gan(features, conditions[1:], options, tmp_path)
    with pytest.raises(InputError, match="fewer than a batch of 16"):
        train_gan(features[:10], conditions[:10], options, tmp_path)
    with pytest.raises(InputError, match="GAN preset 'papers'"):
        GanOptions.of("papers")
