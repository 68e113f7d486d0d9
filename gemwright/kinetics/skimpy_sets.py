"""Populations of parameter sets as SKiMpy's HDF5 files.

The layout is that of SKiMpy's ``ParameterValuePopulation.save``: one dataset ``parameter_set_<k>``
for each set, beside ``parameter_names``, ``num_parameters_sets`` and ``index``.
"""

from collections.abc import Sequence
from pathlib import Path

from gemwright.arrays import FloatArray
from gemwright.io.files import atomic_path


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
    """
    import h5py

    if values.ndim != 2 or values.shape[1] != len(names):
        raise ValueError(f"values of shape {values.shape} do not fit the names")
    text = h5py.string_dtype()
    with atomic_path(path) as temporary, h5py.File(temporary, "w", track_order=False) as handle:
        handle.create_dataset("parameter_names", data=list(names), dtype=text, track_times=False)
        handle.create_dataset("num_parameters_sets", data=len(values), track_times=False)
        keys = [str(number) for number in range(len(values))]
        handle.create_dataset("index", data=keys, dtype=text, track_times=False)
        for number, row in enumerate(values):
            handle.create_dataset(f"parameter_set_{number}", data=row, track_times=False)
