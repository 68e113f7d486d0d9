"""The process that opens HDF5 files of parameter sets: the library may hang or crash on damage.

Run by `gemwright.kinetics.skimpy_sets.read_parameter_sets` as ``python -m``; what it finds wrong is
one line of JSON.
"""

import json
import math
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.io.limits import HDF5_MEMORY, HDF5_VALUES

_SET = re.compile(r"parameter_set_([0-9]{1,9})")
_NAMES = "parameter_names"


class _LayoutError(Exception):
    """What is wrong with a file."""


def _numbers(names: list[str]) -> list[int]:
    """Numbers of the sets, from 0 on without gaps."""
    found = []
    for name in names:
        if name.startswith("parameter_set_"):
            match = _SET.fullmatch(name)
            if match is None:
                raise _LayoutError(f"{name[:100]!r} does not end in a number")
            found.append(int(match[1]))
    found.sort()
    if not found:
        raise _LayoutError("it has no datasets parameter_set_0, parameter_set_1 and so on")
    for place, number in enumerate(found):
        if number != place:
            raise _LayoutError(f"parameter_set_{place} is missing before parameter_set_{number}")
    return found


def _dataset(handle: Any, name: str) -> Any:
    """Open a dataset that lies in the file itself."""
    import h5py

    if not isinstance(handle.get(name, getlink=True), h5py.HardLink):
        raise _LayoutError(f"{name} is a link to another place")
    found = handle[name]
    if not isinstance(found, h5py.Dataset):
        raise _LayoutError(f"{name} is no dataset")
    if found.external or found.is_virtual:
        raise _LayoutError(f"{name} keeps its values in another file")
    return found


def _values(handle: Any, numbers: list[int]) -> np.ndarray[Any, np.dtype[np.float64]]:
    first = _dataset(handle, "parameter_set_0")
    shape = first.shape
    if shape is None or len(shape) != 1 or not shape[0]:
        raise _LayoutError(f"parameter_set_0 has the shape {shape}, not a row of numbers")
    if shape[0] * len(numbers) > HDF5_VALUES:
        raise _LayoutError(f"it has more than {HDF5_VALUES:,} numbers")
    values = np.empty((len(numbers), shape[0]))
    for number in numbers:
        name = f"parameter_set_{number}"
        found = _dataset(handle, name)
        if found.dtype.kind not in "fiu":
            raise _LayoutError(f"{name} holds no numbers")
        if found.shape != shape:
            raise _LayoutError(f"{name} has the shape {found.shape}, and others {shape}")
        values[number] = found[()]
        if not np.isfinite(values[number]).all():
            raise _LayoutError(f"{name} holds a value that is no finite number")
    return values


def _names(handle: Any, size: int) -> list[str]:
    """Names of the parameters; none if the file does not have them."""
    if _NAMES not in handle:
        return []
    found = _dataset(handle, _NAMES)
    if found.shape != (size,):
        raise _LayoutError(f"{_NAMES} has the shape {found.shape}, and the sets have {size} values")
    names = found[()].tolist()
    if not all(isinstance(name, str | bytes) for name in names):
        raise _LayoutError(f"{_NAMES} holds no texts")
    texts = [name.decode() if isinstance(name, bytes) else name for name in names]
    if len(set(texts)) != size:
        raise _LayoutError(f"{_NAMES} holds a name twice")
    return texts


def limit(seconds: float) -> None:
    """Set the limits of this process."""
    most_seconds = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = used + HDF5_MEMORY
    resource.setrlimit(
        resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
    )


def read(path: str, target: str) -> dict[str, Any]:
    """Read a file and write its values as ``.npy``; return their names, or what is wrong."""
    import h5py

    try:
        with h5py.File(path, "r", locking=False) as handle:
            values = _values(handle, _numbers(list(handle)))
            names = _names(handle, values.shape[1])
    except _LayoutError as error:
        return {"wrong": str(error)}
    except MemoryError:
        return {"wrong": f"reading it takes more than {HDF5_MEMORY:,} bytes"}
    # h5py raises any of these for a damaged file
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError) as error:
        return {"wrong": f"it cannot be read as HDF5 ({' '.join(str(error).split())[:300]})"}
    np.save(target, values, allow_pickle=False)
    return {"names": names}


if __name__ == "__main__":
    limit(float(sys.argv[3]))
    print(json.dumps(read(*sys.argv[1:3])))
