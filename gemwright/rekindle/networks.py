"""The networks of REKINDLE: conditional generator, discriminator, and guide.

Sizes and activations are those of the released code (Keras), so that its 315,779 and 18,913
trainable parameters come out for 259 Michaelis constants. A condition is any number of columns:
-1 for relevant and +1 for not relevant in the paper, or a scaled time constant.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_SLOPE = 0.2  # of LeakyReLU below zero
# Keras keeps 0.8 of the running mean and variance at each update; torch takes the share of the new
_MOMENTUM = 0.2
_EPSILON = 1e-3
_INNER = 1 - 1e-6  # erfinv is infinite at 1


@dataclass(frozen=True)
class GeneratorShape:
    """Sizes of a generator.

    Parameters
    ----------
    features : int
        Parameters generated.
    conditions : int
        Columns of the condition.
    noise : int
        Normal random numbers it starts from.
    widths : tuple of int
        Units of the hidden layers.
    dropout : float
        After each hidden layer, in training only.
    batch_norm : bool
        Whether hidden layers are normalised over the batch.
    residual : bool
        Whether the network gives a displacement of the noise rather than the features: features
        are erf((z + f(z, condition)) / sqrt 2), so that without a displacement each is uniform
        over [-1, 1]. Needs as much noise as features.
    """

    features: int
    conditions: int = 1
    noise: int = 127
    widths: tuple[int, ...] = (128, 256, 512)
    dropout: float = 0.5
    batch_norm: bool = True
    residual: bool = False

    def __post_init__(self) -> None:
        if self.residual and self.noise != self.features:
            raise ValueError("a residual generator needs as much noise as features")


@dataclass(frozen=True)
class CriticShape:
    """Sizes of a discriminator or guide.

    Parameters
    ----------
    features : int
        Parameters it sees.
    conditions : int
        Columns of the condition: seen by a discriminator, predicted by a guide.
    widths : tuple of int
        Units of the hidden layers.
    dropout : float
        After each hidden layer, in training only.
    """

    features: int
    conditions: int = 1
    widths: tuple[int, ...] = (32, 64, 128)
    dropout: float = 0.4


class KerasBatchNorm(nn.BatchNorm1d):
    """Batch normalisation whose running variance is the batch's own, not the unbiased estimate.

    The difference is a factor of 2 for the batches of 2 sets of transfer learning.
    """

    def forward(self, values: Tensor) -> Tensor:
        """Normalise values of shape (sets, units)."""
        running = self.running_var
        if not self.training or running is None:
            return super().forward(values)
        estimate = running.clone()
        normalised = nn.functional.batch_norm(
            values, self.running_mean, estimate, self.weight, self.bias, True, _MOMENTUM, self.eps
        )
        with torch.no_grad():
            # estimate = 0.8 running + 0.2 n / (n - 1) own
            share = (len(values) - 1) / len(values)
            running.mul_((1 - _MOMENTUM) * (1 - share)).add_(estimate, alpha=share)
        return normalised


class Generator(nn.Module):
    """From noise and condition to features in [-1, 1].

    Parameters
    ----------
    shape : GeneratorShape
        Its sizes.
    """

    def __init__(self, shape: GeneratorShape) -> None:
        super().__init__()
        self.shape = shape
        self.layers = _network(
            (shape.noise + shape.conditions, *shape.widths, shape.features),
            shape.dropout,
            _leaky,
            shape.batch_norm,
        )
        if shape.residual:
            nn.init.zeros_(self.layers[-1].get_parameter("weight"))

    def displacement(self, noise: Tensor, conditions: Tensor) -> Tensor:
        """Output of the last layer, before tanh or erf, shape (sets, features)."""
        moved: Tensor = self.layers(torch.cat([noise, conditions], dim=1))
        return moved

    def squash(self, noise: Tensor, displacement: Tensor) -> Tensor:
        """Features of a displacement."""
        if self.shape.residual:
            return torch.erf((noise + displacement) * math.sqrt(0.5))
        return torch.tanh(displacement)

    def forward(self, noise: Tensor, conditions: Tensor) -> Tensor:
        """Generate features.

        Parameters
        ----------
        noise : torch.Tensor
            Normal, shape (sets, noise).
        conditions : torch.Tensor
            Shape (sets, conditions).

        Returns
        -------
        torch.Tensor
            Shape (sets, features), in [-1, 1].
        """
        return self.squash(noise, self.displacement(noise, conditions))

    def folded(self) -> nn.Sequential:
        """Merge batch norms into the layers after them, for generating.

        Exact but for rounding, without dropout.
        """
        layers: list[nn.Module] = []
        norm: KerasBatchNorm | None = None
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                merged = nn.Linear(layer.in_features, layer.out_features)
                with torch.no_grad():
                    scale, shift = _affine(norm, layer.in_features)
                    merged.weight.copy_(layer.weight * scale)
                    merged.bias.copy_(layer.bias + layer.weight @ shift)
                layers.append(merged)
                norm = None
            elif isinstance(layer, KerasBatchNorm):
                norm = layer
            elif isinstance(layer, nn.LeakyReLU):
                layers.append(nn.LeakyReLU(_SLOPE, inplace=True))
        return nn.Sequential(*layers).eval()


def _affine(norm: KerasBatchNorm | None, units: int) -> tuple[Tensor, Tensor]:
    """Scale and shift that a batch norm comes to in inference."""
    if norm is None or norm.running_var is None or norm.running_mean is None:
        return torch.ones(units), torch.zeros(units)
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - scale * norm.running_mean


class Discriminator(nn.Module):
    """From features and condition to the logit of being real.

    Parameters
    ----------
    shape : CriticShape
        Its sizes.
    """

    def __init__(self, shape: CriticShape) -> None:
        super().__init__()
        self.shape = shape
        self.layers = _network(
            (shape.features + shape.conditions, *shape.widths, 1), shape.dropout, _leaky
        )

    def forward(self, features: Tensor, conditions: Tensor) -> Tensor:
        """Logits, shape (sets, 1)."""
        logits: Tensor = self.layers(torch.cat([features, conditions], dim=1))
        return logits


class Guide(nn.Module):
    """From features to the condition: what the generator is to reach, learned beforehand.

    Its layers are smooth, since the generator climbs its gradient.

    Parameters
    ----------
    shape : CriticShape
        Its sizes.
    """

    def __init__(self, shape: CriticShape) -> None:
        super().__init__()
        self.shape = shape
        self.layers = _network(
            (2 * shape.features, *shape.widths, shape.conditions), shape.dropout, nn.SiLU
        )

    def forward(self, features: Tensor) -> Tensor:
        """Logits of +1 for conditions of -1 and +1, else the condition; (sets, conditions).

        Besides the features it sees their normal scores, in which saturations close to 0 and 1
        differ as much as K_M do.
        """
        scores = math.sqrt(2) * torch.erfinv(features.clamp(-_INNER, _INNER))
        predicted: Tensor = self.layers(torch.cat([features, scores], dim=1))
        return predicted


def _dense(inputs: int, units: int) -> nn.Linear:
    """Fully connected layer that starts as Keras' Dense: Glorot-uniform weights, zero biases."""
    layer = nn.Linear(inputs, units)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _leaky() -> nn.Module:
    return nn.LeakyReLU(_SLOPE)


def _network(
    widths: Sequence[int],
    dropout: float,
    activation: Callable[[], nn.Module],
    batch_norm: bool = False,
) -> nn.Sequential:
    """Layers from the first width, the inputs, to the last one, the outputs, as they come out."""
    *hidden, last = itertools.pairwise(widths)
    layers: list[nn.Module] = []
    for inputs, units in hidden:
        layers += [_dense(inputs, units), activation()]
        if batch_norm:
            layers.append(KerasBatchNorm(units, eps=_EPSILON, momentum=_MOMENTUM))
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, _dense(*last))
