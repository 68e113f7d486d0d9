"""The sampling step of ORACLE as one job: parameter sets drawn and labelled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tqdm import tqdm

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError
from gemwright.io.plugins import load
from gemwright.kinetics.labelling import Kernel, Labeller, TimeWindow
from gemwright.kinetics.physiology import Criteria, ParameterSets, Physiology
from gemwright.kinetics.sampling import sample_saturations


@dataclass(frozen=True)
class Labelling:
    """How sets are labelled.

    Parameters
    ----------
    window : TimeWindow
        Dynamics that count as relevant.
    kernel : str
        Of the eigenvalues, ``compiled`` or ``numpy``.
    criteria : callable, optional
        A user's function: sets have to meet it as well; see `gemwright.io.plugins.load`.
    threads : int
        Of the compiled kernel.
    criteria_name : str
        What the criteria are called and which version they are.
    """

    window: TimeWindow = field(default_factory=TimeWindow)
    kernel: Kernel = "compiled"
    criteria: Criteria | None = None
    threads: int = 1
    criteria_name: str = ""

    @classmethod
    def of(cls, options: Mapping[str, Any], threads: int = 1) -> "Labelling":
        """Read the options ``window``, ``kernel``, ``criteria`` and ``criteria_digest``."""
        place = options["criteria"]
        return cls(
            TimeWindow(**options["window"]),
            options["kernel"],
            load(place) if place else None,
            threads,
            f"{place} {options.get('criteria_digest', '')}" if place else "",
        )

    def facts(self) -> dict[str, str]:
        """Name what labels depend on, for a file's metadata."""
        return {
            "slowest": f"{self.window.slowest:g}",
            "fastest": "none" if self.window.fastest is None else f"{self.window.fastest:g}",
            "kernel": self.kernel,
            "criteria": self.criteria_name,
        }

    def of_physiology(self, physiology: Physiology) -> Callable[[FloatArray], ParameterSets]:
        """Prepare the labelling of a physiology's sets.

        Parameters
        ----------
        physiology : Physiology
            Whose.

        Returns
        -------
        callable
            Saturations (sets, terms) to labelled sets; raises an InputError if the user's function
            does not return one bool for each set.
        """
        labeller = Labeller(physiology.model, physiology.state, self.kernel, self.threads)

        def label(saturations: FloatArray) -> ParameterSets:
            with tqdm(total=len(saturations), desc="labelled sets", unit="set", leave=False) as bar:
                extremes = labeller.extremes(saturations, bar.update)
            relevant = self.window.admits(extremes)
            if self.criteria is not None:
                relevant &= self._verdict(saturations, extremes)
            return ParameterSets(saturations, extremes, relevant)

        return label

    def _verdict(self, saturations: FloatArray, extremes: FloatArray) -> BoolArray:
        """Ask the user's function."""
        assert self.criteria is not None
        verdict = np.asarray(self.criteria(saturations, extremes))
        if verdict.shape != (len(saturations),) or verdict.dtype != bool:
            raise InputError(
                "kinetics.criteria",
                f"the function returned {verdict.dtype} of shape {verdict.shape} for"
                f" {len(saturations)} sets",
                "return an array of bool, one for each set",
            )
        return verdict


def sample_labelled_sets(
    physiology: Physiology, n_sets: int, seed: int, bounds: Sequence[float], labelling: Labelling
) -> ParameterSets:
    """Draw saturations uniformly between bounds and label them."""
    low, high = bounds
    saturations = sample_saturations(n_sets, len(physiology.model.terms), seed, (low, high))
    return labelling.of_physiology(physiology)(saturations)


def shares_of(largest: FloatArray, relevant: BoolArray) -> dict[str, float]:
    """Count sets, and the shares that are relevant, slow and unstable.

    Parameters
    ----------
    largest : numpy.ndarray
        Largest real part of each set's eigenvalues, 1/h.
    relevant : numpy.ndarray of bool
        Labels. Slow are all stable sets that are not relevant.
    """
    # what has no eigenvalue is not known to be stable
    unstable = ~(largest < 0) & ~relevant
    return {
        "sets": len(largest),
        "relevant": float(relevant.mean()),
        "slow": float((~unstable & ~relevant).mean()),
        "unstable": float(unstable.mean()),
    }
