"""Versions of everything behind a set of results."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from gemwright.io.files import sha256_file
from gemwright.io.plugins import is_own, source_file
from gemwright.sources.registry import read_registry
from gemwright.version import __version__

PACKAGES = (
    "carveme", "cobra", "highspy", "numpy", "pandas", "pyarrow", "rdkit", "safetensors",
    "scikit-learn", "scipy", "torch",
)  # fmt: skip


def version_table(config: Mapping[str, str], lock: str | Path) -> pd.DataFrame:
    """Versions of the datasets and packages behind the results, and the main settings.

    Parameters
    ----------
    config : mapping of str to str
        Settings to record, such as seed and encoders; ``file.py:Name`` gets that file's SHA-256.
    lock : str or Path
        Pins of all packages, ``name==version``, which the environments of all steps repeat.
    """
    rows = [
        ("setting", key, value, sha256_file(source_file(value)) if is_own(value) else "")
        for key, value in config.items()
    ]
    rows += [("package", "gemwright", __version__, "")]
    pins = dict(line.split("==") for line in Path(lock).read_text().splitlines() if "==" in line)
    rows += [("package", name, _version(name, pins[name]), "") for name in PACKAGES]
    rows += [
        ("dataset", dataset.dataset, dataset.version, dataset.sha256)
        for dataset in read_registry().values()
        if dataset.embedded
    ]
    return pd.DataFrame(rows, columns=["kind", "name", "version", "sha256"])


def _version(package: str, pinned: str) -> str:
    """Return the pinned version, and what is installed here if that is another one."""
    try:
        installed = version(package)
    except PackageNotFoundError:  # the environment of one step does not hold the others' packages
        installed = pinned
    build_of_pinned = installed.partition("+")[0] == pinned
    return pinned if build_of_pinned else f"{installed} (lock: {pinned})"
