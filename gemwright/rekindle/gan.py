"""The networks of a conditional GAN, and how they learn from one batch after another."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gemwright.arrays import SingleArray
from gemwright.errors import InputError
from gemwright.learning.loop import Part
from gemwright.rekindle.gan_guide import condition_loss
from gemwright.rekindle.gan_options import GanOptions, learning_rate
from gemwright.rekindle.generation import TrainedGenerator
from gemwright.rekindle.networks import (
    CriticShape,
    Discriminator,
    Generator,
    GeneratorShape,
    Guide,
)

_EPSILON = 1e-7  # of Keras' Adam


class Gan:
    """The networks of a training, and what they learn from.

    Parameters
    ----------
    features, conditions : numpy.ndarray of float32, shape (sets, parameters), (sets, conditions)
        Of the training sets.
    options : GanOptions
        How the networks are built and learn.
    batch : int
        Sets in a batch.
    device : torch.device
        Where the networks are.
    start : TrainedGenerator or None
        Generator to go on from; its guide is taken if both are guided.
    source : str
        Its file, for messages.

    Raises
    ------
    InputError
        If the start's networks are not those of the options.
    """

    def __init__(
        self,
        features: SingleArray,
        conditions: SingleArray,
        options: GanOptions,
        batch: int,
        device: torch.device,
        start: TrainedGenerator | None,
        source: str,
    ) -> None:
        self.features = torch.from_numpy(np.ascontiguousarray(features)).to(device)
        self.conditions = torch.from_numpy(conditions).to(device)
        self.labels = [bool(np.isin(column, (-1.0, 1.0)).all()) for column in conditions.T]
        self.options, self.batch, self.device = options, batch, device
        self.guide: Guide | None = None
        n_features, n_conditions = self.features.shape[1], self.conditions.shape[1]
        shape = GeneratorShape(
            n_features,
            n_conditions,
            n_features if options.noise is None else options.noise,
            options.generator_widths,
            options.generator_dropout,
            options.batch_norm,
            options.residual,
        )
        guide_shape = CriticShape(
            n_features, n_conditions, options.guide_widths, options.guide_dropout
        )
        self.generator = Generator(shape)
        if options.guidance:
            self.guide = Guide(guide_shape)
        if start is not None:
            own = start.generator.shape
            if replace(own, dropout=shape.dropout) != shape:
                raise InputError(
                    source,
                    f"its generator is {own}, and the options ask for {shape}",
                    "train with the preset and options of the generator to start from",
                )
            self.generator.load_state_dict(start.generator.state_dict())
            if self.guide is not None and start.guide is not None:
                if replace(start.guide.shape, dropout=guide_shape.dropout) != guide_shape:
                    raise InputError(
                        source,
                        f"its guide is {start.guide.shape}, and the options ask for {guide_shape}",
                        "train with the guide's options of the generator to start from",
                    )
                self.guide.load_state_dict(start.guide.state_dict())
        self.discriminator = Discriminator(
            CriticShape(
                n_features,
                n_conditions,
                options.discriminator_widths,
                options.discriminator_dropout,
            )
        )
        for network in (self.generator, self.discriminator, self.guide):
            if network is not None:
                network.to(self.device)
        rate = learning_rate(len(self.features), start is not None, options)
        trained = {"generator": self.generator, "discriminator": self.discriminator}
        self.optimizers = {
            name: torch.optim.Adam(
                network.parameters(),
                lr=rate,
                betas=(options.beta1, 0.999),
                eps=_EPSILON,
                fused=True,
            )
            for name, network in trained.items()
        }
        #: all that has a state, by name
        self.parts: dict[str, Part] = {
            **trained,
            **{f"{name}_optimizer": optimizer for name, optimizer in self.optimizers.items()},
        }
        if self.guide is not None:
            self.parts["guide"] = self.guide

    def steps(self) -> Iterator[Tensor]:
        """Train on each batch once.

        Yields
        ------
        Tensor, shape (9,)
            Losses of the discriminator on real and generated sets, shares of either and of both
            that it told right, and losses of the generator: in all, by the discriminator, by the
            guide, and its displacement; NaN for what it lacks.
        """
        batch, half = self.batch, self.batch // 2
        for start in range(0, len(self.features) - batch + 1, batch):
            chosen = torch.randint(start, start + batch, (half,), device=self.device)
            conditions = self.conditions[chosen]
            self.generator.eval()
            with torch.no_grad():
                fakes = self.generator(self._noise(half), conditions)
            self.discriminator.train()
            real_loss, real_right = self._teach(self.features[chosen], conditions, True)
            fake_loss, fake_right = self._teach(fakes, conditions, False)
            own = self._teach_generator()
            right = torch.stack([real_right, fake_right, (real_right + fake_right) / 2])
            yield torch.cat([torch.stack([real_loss, fake_loss]), right, own])

    def _noise(self, rows: int) -> Tensor:
        return torch.randn(rows, self.generator.shape.noise, device=self.device)

    def _teach(self, features: Tensor, conditions: Tensor, real: bool) -> tuple[Tensor, Tensor]:
        """Update the discriminator; its loss and share of right verdicts."""
        logits = self.discriminator(features, conditions)
        loss = softplus(-logits if real else logits).mean()
        self._update("discriminator", loss)
        return loss.detach(), ((logits > 0) == real).float().mean()

    def _teach_generator(self) -> Tensor:
        """Update the generator; its loss and the parts of it."""
        options = self.options
        conditions = self._drawn_conditions()
        noise = self._noise(self.batch)
        self.generator.train()
        moved = self.generator.displacement(noise, conditions)
        fakes = self.generator.squash(noise, moved)
        unknown = torch.tensor(math.nan, device=self.device)
        parts = [unknown, unknown, unknown]
        loss = torch.zeros((), device=self.device)
        if options.adversarial:
            with _frozen(self.discriminator):
                verdict = softplus(-self.discriminator(fakes, conditions)).mean()
            parts[0] = verdict
            loss = loss + options.adversarial * verdict
        if self.guide is not None:
            parts[1] = condition_loss(self.guide(fakes), conditions, self.labels)
            loss = loss + options.guidance * parts[1]
        if options.residual:
            parts[2] = moved.square().sum(dim=1).mean()
            loss = loss + options.stray * parts[2]
        self._update("generator", loss)
        return torch.stack([loss, *parts]).detach()

    def _drawn_conditions(self) -> Tensor:
        """Conditions for a batch: both labels alike, or those of training sets."""
        if self.labels == [True]:
            draws = torch.randint(0, 2, (self.batch, 1), device=self.device)
            return 2.0 * draws - 1.0
        drawn = torch.randint(0, len(self.conditions), (self.batch,), device=self.device)
        return self.conditions[drawn]

    def _update(self, name: str, loss: Tensor) -> None:
        optimizer = self.optimizers[name]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    """Hold the weights of a network; gradients still flow through it."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
