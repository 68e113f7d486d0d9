"""From saturations to the features that the networks see, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from gemwright.arrays import FloatArray, SingleArray
from gemwright.errors import InputError, require_known
from gemwright.kinetics.parameters import check_saturations, clipped, ln_michaelis_constants

Preset = Literal["paper", "saturation"]
PRESETS: tuple[Preset, ...] = get_args(Preset)


@dataclass(frozen=True)
class Scaling:
    """A map between saturations and features in [-1, 1].

    Parameters
    ----------
    preset : {'paper', 'saturation'}
        ``paper``: features are ln K_M (K_M in uM), mapped to [-1, 1] with one minimum and one
        maximum for all parameters, as the released code of REKINDLE does. ``saturation``: features
        are the saturations, the bounds of their sampling mapped to [-1, 1]; 2 sigma - 1 for the
        bounds 0 and 1.
    low, high : float
        What becomes -1 and 1: ln K_M, or a saturation.
    concentrations : tuple of float
        Reference concentration of each parameter's species, uM.
    """

    preset: Preset
    low: float
    high: float
    concentrations: tuple[float, ...]

    @classmethod
    def fit(
        cls,
        preset: Preset,
        saturations: FloatArray,
        concentrations: FloatArray | Sequence[float],
        bounds: Sequence[float] = (0.0, 1.0),
    ) -> "Scaling":
        """Find the scaling of training sets.

        Parameters
        ----------
        preset : {'paper', 'saturation'}
            See `Scaling`.
        saturations : numpy.ndarray
            Of the training sets, shape (sets, parameters).
        concentrations : array of float
            Of each parameter's species, uM, shape (parameters,).
        bounds : pair of float
            Between which the saturations were sampled; only ``saturation`` uses them.

        Raises
        ------
        InputError
            If the preset is unknown, the shapes do not fit, a saturation lies outside (0, 1), or
            all training sets are alike.
        """
        require_known("scaling preset", preset, PRESETS)
        levels = np.asarray(concentrations, dtype=np.float64)
        _check_shape(saturations, len(levels), "training sets")
        check_saturations(saturations, "training sets")
        low, high = map(float, bounds)
        if preset == "paper":
            values = ln_michaelis_constants(saturations, levels)
            low, high = float(values.min()), float(values.max())
        if not low < high:
            raise InputError(
                "training sets",
                f"their features all lie between {low:g} and {high:g}",
                "give sets that differ",
            )
        return cls(preset, low, high, tuple(levels.tolist()))

    def features(self, saturations: FloatArray) -> SingleArray:
        """Features of sets, float32, shape as `saturations` (sets, parameters)."""
        _check_shape(saturations, len(self.concentrations), "parameter sets")
        values = saturations
        if self.preset == "paper":
            values = ln_michaelis_constants(saturations, np.asarray(self.concentrations))
        scaled = (values - self.low) * (2.0 / (self.high - self.low)) - 1.0
        return np.asarray(scaled, dtype=np.float32)

    def saturations(self, features: SingleArray) -> FloatArray:
        """Saturations of features, float64 in [1e-12, 1 - 1e-12], shape (sets, parameters)."""
        _check_shape(features, len(self.concentrations), "generated features")
        half = (self.high - self.low) / 2.0
        middle: float | FloatArray = self.low + half
        if self.preset == "paper":
            middle = middle - np.log(self.concentrations)
        # in place: a million sets are 2 GB
        values = features.astype(np.float64)
        values *= half
        values += middle
        if self.preset == "paper":
            # ln(K_M / S) -> 1 / (1 + K_M / S)
            np.exp(values, out=values)
            values += 1.0
            np.reciprocal(values, out=values)
        return clipped(values)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Scaling":
        """Rebuild from its fields; KeyError, TypeError or ValueError if that is no scaling."""
        preset = values["preset"]
        if preset not in PRESETS:
            raise ValueError(f"unknown scaling preset {preset!r}")
        levels = tuple(float(value) for value in values["concentrations"])
        return cls(preset, float(values["low"]), float(values["high"]), levels)


def _check_shape(sets: npt.NDArray[Any], parameters: int, source: str) -> None:
    if sets.ndim != 2 or sets.shape[1] != parameters:
        raise InputError(
            source,
            f"their shape is {sets.shape}, and the model has {parameters} Michaelis constants",
            "give one row for each set and one column for each K_M of this model",
        )
