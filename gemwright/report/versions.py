"""Versions of everything behind a set of results."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from gemwright import __version__
from gemwright.sources.registry import read_registry

PACKAGES = (
    "carveme", "cobra", "highspy", "numpy", "pandas", "pyarrow", "rdkit", "safetensors",
    "scikit-learn", "scipy", "torch",
)  # fmt: skip


def version_table(config: Mapping[str, str]) -> pd.DataFrame:
    """Versions of the datasets and packages behind the results, and the main settings.

    Parameters
    ----------
    config : mapping of str to str
        Settings to record, such as seed and encoders.
    """
    rows = [("setting", key, value, "") for key, value in config.items()]
    rows += [("package", "gemwright", __version__, "")]
    rows += [("package", name, _version(name), "") for name in PACKAGES]
    rows += [
        ("dataset", dataset.dataset, dataset.version, dataset.sha256)
        for dataset in read_registry().values()
        if dataset.embedded
    ]
    return pd.DataFrame(rows, columns=["kind", "name", "version", "sha256"])


def _version(package: str) -> str:
    # a step's own environment need not hold the packages of the others
    try:
        return version(package)
    except PackageNotFoundError:
        return "not in this environment"
