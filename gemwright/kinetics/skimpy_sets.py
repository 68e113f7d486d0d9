"""Populations of parameter sets as SKiMpy's HDF5 files.

The layout is that of SKiMpy's ``ParameterValuePopulation.save``: one dataset ``parameter_set_<k>``
for each set, beside ``parameter_names``, ``num_parameters_sets`` and ``index``.
"""

import errno
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.files import atomic_path, is_full, unwritable
from gemwright.io.limits import HDF5_SECONDS
from gemwright.kinetics import sets_process

_CURE = "write it again with SKiMpy's ParameterValuePopulation.save"


def write_parameter_sets(path: str | Path, names: Sequence[str], values: FloatArray) -> None:
    """Write a population of parameter sets; the same input gives the same bytes.

    Parameters
    ----------
    path : str or Path
        The HDF5 file, replaced atomically.
    names : sequence of str
        Names of the parameters.
    values : numpy.ndarray
        Shape (sets, parameters).

    Raises
    ------
    ValueError
        If the shapes do not fit.
    InputError
        As `gemwright.io.files.atomic_path`.
    """
    import h5py

    if values.ndim != 2 or values.shape[1] != len(names):
        raise ValueError(f"values of shape {values.shape} do not fit the names")
    text = h5py.string_dtype()
    # in memory: on a full disk the HDF5 library crashes
    memory = {"driver": "core", "backing_store": False, "track_order": False}
    with h5py.File(str(path), "w", **memory) as handle:
        handle.create_dataset("parameter_names", data=list(names), dtype=text, track_times=False)
        handle.create_dataset("num_parameters_sets", data=len(values), track_times=False)
        keys = [str(number) for number in range(len(values))]
        handle.create_dataset("index", data=keys, dtype=text, track_times=False)
        for number, row in enumerate(values):
            handle.create_dataset(f"parameter_set_{number}", data=row, track_times=False)
        handle.flush()
        content = handle.id.get_file_image()
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def read_parameter_sets(path: str | Path) -> tuple[tuple[str, ...], FloatArray]:
    """Read a population of parameter sets.

    Parameters
    ----------
    path : str or Path
        The HDF5 file. It is opened in a process of its own, because the HDF5 library hangs or
        crashes on some damaged files.

    Returns
    -------
    names : tuple of str
        Of the parameters; empty if the file does not have them.
    values : numpy.ndarray
        Shape (sets, parameters), in the order of the sets' numbers.

    Raises
    ------
    InputError
        If the file is missing, no such file or damaged, has sets that are not numbered from 0
        without gaps, of different lengths or with values that are no finite numbers, keeps values
        outside of itself, or goes over a limit of `gemwright.io.limits`.
    """
    where = str(path)
    if not Path(path).is_file():
        raise InputError(where, "there is no such file", "check the path")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "values.npy"
        said = _in_a_process(str(Path(path).resolve()), target, where)
        if "wrong" in said:
            raise InputError(where, said["wrong"], _CURE)
        values: FloatArray = np.load(target, allow_pickle=False)
    return tuple(said["names"]), values


def _in_a_process(path: str, target: Path, where: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-m", sets_process.__name__, path, str(target), str(HDF5_SECONDS)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10 * HDF5_SECONDS,
            env=environment,
            text=True,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(where, f"reading it takes more than {HDF5_SECONDS:g} s", _CURE) from error
    if done.returncode:
        if is_full(target.parent):
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target.parent))
            raise unwritable(full) or full
        what = (
            f"the HDF5 library fails on it or takes more than {HDF5_SECONDS:g} s"
            f" (status {done.returncode})"
        )
        raise InputError(where, what, _CURE)
    said: dict[str, Any] = json.loads(done.stdout)
    return said
