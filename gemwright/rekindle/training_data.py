"""What the generators of one physiology learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.kinetics.parameters import term_concentrations
from gemwright.kinetics.physiology import ParameterSets, Physiology, read_physiology, read_sets
from gemwright.rekindle.scaling import Scaling

_TRAINING_SHARE = 0.9  # the rest is never seen by a network (the paper's 9:1)
Bounds = tuple[float, float]


@dataclass(frozen=True)
class TrainingData:
    """What generators of one physiology learn from.

    Parameters
    ----------
    physiology : Physiology
        Model and state.
    sets : ParameterSets
        Training sets.
    held : ParameterSets
        Sets that no network sees: generated ones are compared with the relevant ones of them.
    bounds : (float, float)
        Range that their saturations were sampled from.
    """

    physiology: Physiology
    sets: ParameterSets
    held: ParameterSets
    bounds: Bounds

    @classmethod
    def read(
        cls, model: str | Path, state: str | Path, sets: str | Path, bounds: Sequence[float]
    ) -> "TrainingData":
        """Read a physiology and its labelled sets; see `TrainingData.of`."""
        physiology = read_physiology(model, state)
        return cls.of(physiology, read_sets(sets, physiology.model), bounds)

    @classmethod
    def of(
        cls, physiology: Physiology, sets: ParameterSets, bounds: Sequence[float]
    ) -> "TrainingData":
        """Take the first nine tenths of labelled sets to learn from."""
        low, high = bounds
        cut = int(_TRAINING_SHARE * len(sets.relevant))
        held = sets.rows(slice(cut, None))
        if not held.relevant.any():
            raise InputError(
                f"parameter sets of {physiology.name}",
                f"none of the {len(held.relevant)} that are held out is relevant",
                "raise kinetics.sets, or change kinetics.slowest",
            )
        return cls(physiology, sets.rows(slice(cut)), held, (low, high))

    @property
    def labelled(self) -> int:
        """Sets that were labelled, held out ones included."""
        return len(self.sets.relevant) + len(self.held.relevant)

    @property
    def reference(self) -> FloatArray:
        """Saturations of the relevant sets that were held out."""
        return self.held.saturations[self.held.relevant]

    def scaling(self, preset: str) -> Scaling:
        """Scaling of a preset, fitted to the training sets."""
        levels = term_concentrations(self.physiology.model, self.physiology.state)
        return Scaling.fit(preset, self.sets.saturations, levels, self.bounds)  # type: ignore[arg-type]
