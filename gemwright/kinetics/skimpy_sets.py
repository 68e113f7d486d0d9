"""Populations of parameter sets as SKiMpy's HDF5 files.

The layout is that of SKiMpy's ``ParameterValuePopulation.save``: one dataset ``parameter_set_<k>``
for each set, beside ``parameter_names``, ``num_parameters_sets`` and ``index``. The files that
REKINDLE released have the sets alone.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.files import atomic_path

_SET = re.compile(r"parameter_set_(\d+)")


def read_parameter_sets(path: str | Path) -> tuple[tuple[str, ...] | None, FloatArray]:
    """Read a population of parameter sets.

    Parameters
    ----------
    path : str or Path
        The HDF5 file.

    Returns
    -------
    names : tuple of str or None
        Names of the parameters; None where the file gives none.
    values : numpy.ndarray
        Shape (sets, parameters), in the order of the sets' numbers.

    Raises
    ------
    InputError
        If the file is not HDF5, holds no set, misses one, or the sets differ in length.
    """
    import h5py

    if not Path(path).is_file():
        raise InputError(str(path), "there is no such file", "check the path")
    try:
        handle = h5py.File(path, "r")
    except OSError as error:
        what = " ".join(str(error).split())
        raise InputError(
            str(path), f"it is not HDF5 ({what})", "give a file that SKiMpy's save() wrote"
        ) from None
    with handle:
        numbers = sorted(int(match[1]) for match in map(_SET.fullmatch, handle) if match)
        _check_numbers(numbers, path)
        names = None
        if "parameter_names" in handle:
            names = tuple(handle["parameter_names"].asstr()[()])
        first = handle[f"parameter_set_{numbers[0]}"]
        length = len(names) if names is not None else first.size
        values = np.empty((len(numbers), length))
        for row, number in enumerate(numbers):
            data = handle[f"parameter_set_{number}"]
            if data.shape != (length,):
                raise InputError(
                    f"{path}, parameter_set_{number}",
                    f"its shape is {data.shape}, and {length} values are expected",
                    "give sets of the same parameters",
                )
            data.read_direct(values, dest_sel=np.s_[row])
    return names, values


def write_parameter_sets(
    path: str | Path,
    names: Sequence[str] | None,
    values: npt.ArrayLike,
    index: Sequence[str] | None = None,
) -> None:
    """Write a population of parameter sets; the same input gives the same bytes.

    Parameters
    ----------
    path : str or Path
        The HDF5 file, replaced atomically.
    names : sequence of str or None
        Names of the parameters; None leaves out all but the sets, as REKINDLE's files do (SKiMpy
        itself needs the names).
    values : array_like
        Shape (sets, parameters).
    index : sequence of str, optional
        SKiMpy's keys of the sets, counted from 0 if not given.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    import h5py

    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or (names is not None and table.shape[1] != len(names)):
        raise ValueError(f"values of shape {table.shape} do not fit the names")
    keys = [str(number) for number in range(len(table))] if index is None else list(index)
    if len(keys) != len(table):
        raise ValueError(f"{len(keys)} keys for {len(table)} sets")
    text = h5py.string_dtype()
    with atomic_path(path) as temporary, h5py.File(temporary, "w", track_order=False) as handle:
        if names is not None:
            handle.create_dataset(
                "parameter_names", data=list(names), dtype=text, track_times=False
            )
            handle.create_dataset("num_parameters_sets", data=len(table), track_times=False)
            handle.create_dataset("index", data=keys, dtype=text, track_times=False)
        for number, row in enumerate(table):
            handle.create_dataset(f"parameter_set_{number}", data=row, track_times=False)


def _check_numbers(numbers: list[int], path: str | Path) -> None:
    if not numbers:
        raise InputError(
            str(path), "it holds no dataset 'parameter_set_<number>'", "give a SKiMpy population"
        )
    # a file may hold a slice of a population; a gap within it is a damaged file
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        raise InputError(
            f"{path}, parameter_set_{missing[0]}",
            f"it is missing ({len(missing)} sets are, of {numbers[-1] - numbers[0] + 1})",
            "download the file again",
        )
