"""A physiology on disk: a kinetic model, its reference state, and labelled parameter sets."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray, IndexArray
from gemwright.errors import InputError
from gemwright.io.tables import read_metadata, read_parquet, write_parquet
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.parameters import check_saturations
from gemwright.kinetics.skimpy_yaml import read_skimpy_yaml, write_skimpy_yaml
from gemwright.kinetics.state import KineticState, check_state

Criteria = Callable[[FloatArray, FloatArray], BoolArray]
_UNITS = {"flux": "uM/h", "concentration": "uM", "displacement": "1"}
_SATURATION = "saturation."
_EIGENVALUES = ("largest_eigenvalue", "smallest_eigenvalue")


@dataclass(frozen=True)
class Physiology:
    """A kinetic model around one state.

    Parameters
    ----------
    name : str
        Its name in the config.
    model, state : KineticModel, KineticState
        The network and its reference state.
    """

    name: str
    model: KineticModel
    state: KineticState


def write_physiology(physiology: Physiology, model: str | Path, state: str | Path) -> None:
    """Write a physiology: the model as SKiMpy's YAML, the state as Parquet (kind, name, value)."""
    names = [reaction.name for reaction in physiology.model.reactions]
    columns = {
        "flux": (names, physiology.state.fluxes),
        "concentration": (physiology.model.species, physiology.state.concentrations),
        "displacement": (names, physiology.state.displacements),
    }
    frames = [
        pd.DataFrame({"kind": kind, "name": list(items), "value": values, "unit": _UNITS[kind]})
        for kind, (items, values) in columns.items()
    ]
    write_skimpy_yaml(physiology.model, model)
    write_parquet(pd.concat(frames, ignore_index=True), state, {"physiology": physiology.name})


def read_physiology(model: str | Path, state: str | Path) -> Physiology:
    """Read what `write_physiology` wrote.

    Raises
    ------
    InputError
        If the state misses something of the model, or does not fit it.
    """
    network = read_skimpy_yaml(model)
    table = read_parquet(state, ["kind", "name", "value"])
    values = {kind: part.set_index("name")["value"] for kind, part in table.groupby("kind")}
    names = [reaction.name for reaction in network.reactions]
    wanted = {"flux": names, "concentration": list(network.species), "displacement": names}
    for kind, items in wanted.items():
        missing = sorted(set(items) - set(values.get(kind, pd.Series(dtype=float)).index))
        if missing:
            raise InputError(
                str(state), f"no {kind} of {missing[0]}", "write the state together with the model"
            )
    found = KineticState(*(values[kind].loc[wanted[kind]].to_numpy(np.float64) for kind in _UNITS))
    check_state(network, found, str(state))
    return Physiology(read_metadata(state)["physiology"], network, found)


@dataclass(frozen=True)
class ParameterSets:
    """Labelled kinetic parameter sets of a physiology.

    Parameters
    ----------
    saturations : numpy.ndarray
        Shape (sets, terms), in the order of `KineticModel.terms`.
    extremes : numpy.ndarray
        Largest and smallest real part of the Jacobian's eigenvalues, 1/h, shape (sets, 2).
    relevant : numpy.ndarray
        Labels, shape (sets,).
    """

    saturations: FloatArray
    extremes: FloatArray
    relevant: BoolArray

    @property
    def largest(self) -> FloatArray:
        """Largest real part of each set's eigenvalues, 1/h, shape (sets,)."""
        return self.extremes[:, 0]

    def rows(self, chosen: slice | IndexArray) -> "ParameterSets":
        """Take some of the sets."""
        return ParameterSets(self.saturations[chosen], self.extremes[chosen], self.relevant[chosen])


def write_sets(
    sets: ParameterSets, model: KineticModel, path: str | Path, metadata: dict[str, str]
) -> None:
    """Write labelled sets as Parquet: a column for each saturation, eigenvalues and label."""
    columns = {
        f"{_SATURATION}{name}": sets.saturations[:, place]
        for place, name in enumerate(model.km_names)
    }
    frame = pd.DataFrame(
        {
            **columns,
            "largest_eigenvalue": sets.extremes[:, 0],
            "smallest_eigenvalue": sets.extremes[:, 1],
            "relevant": sets.relevant,
        }
    )
    write_parquet(frame, path, metadata)


def read_sets(path: str | Path, model: KineticModel) -> ParameterSets:
    """Read labelled sets of a model.

    Raises
    ------
    InputError
        If a K_M of the model has no column, or a saturation lies outside (0, 1).
    """
    frame = read_parquet(path)
    names = [f"{_SATURATION}{name}" for name in model.km_names]
    missing = sorted({*names, *_EIGENVALUES, "relevant"} - set(frame.columns))
    if missing:
        raise InputError(
            str(path),
            f"the column {missing[0]!r} is missing",
            f"give parameter sets of the model {model.name}",
        )
    saturations = frame[names].to_numpy(np.float64)
    check_saturations(saturations, str(path))
    extremes = frame[list(_EIGENVALUES)].to_numpy(np.float64)
    return ParameterSets(saturations, extremes, frame["relevant"].to_numpy(bool))
