"""Energies of formation that component-contribution trained, from its wheel or as shipped.

Loading the wheel's parameters takes 5 CPU seconds. What is used of them is shipped, for the
versions of the packages that `requirements.lock` pins; with others they are loaded.

Source: E. Noor et al., PLoS Comput. Biol. 9 (2013) e1003098, doi:10.1371/journal.pcbi.1003098;
the parameters under the MIT licence.
"""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.tables import read_metadata, read_parquet, write_parquet
from gemwright.thermodynamics.equilibrator import CACHE, Compound

logger = logging.getLogger(__name__)

PARAMETERS = "component-contribution"
SHIPPED = Path(__file__).parents[1] / "resources" / "trained_energies.parquet"
_COMPOUND, _MEAN, _ROOT, _UNKNOWN = "compound", "mean", "root", "unknown"


@dataclass(frozen=True)
class TrainedEnergies:
    """Energies of formation by component contribution, and the roots of their covariance.

    Attributes
    ----------
    position : dict of int to int
        Compound of the training set to its row in `mean`; the groups follow.
    trained : int
        Number of compounds of the training set.
    mean : numpy.ndarray of float, shape (n_compounds + n_groups,)
        kJ/mol.
    root : numpy.ndarray of float, shape (n_finite, n_compounds + n_groups)
        ``root.T @ root`` is the covariance; upper triangular.
    unknown : numpy.ndarray of float, shape (n_infinite, n_compounds + n_groups)
        Directions that no measurement touches.
    """

    position: dict[int, int]
    trained: int
    mean: FloatArray
    root: FloatArray
    unknown: FloatArray

    def vector(self, compound: Compound) -> FloatArray | None:
        """Place of a compound among trained compounds and groups; None if it has no energy."""
        place = np.zeros(len(self.mean))
        if compound.number in self.position:
            place[self.position[compound.number]] = 1.0
        elif compound.groups:
            place[self.trained :] = compound.groups
        else:
            return None
        return place


def package_versions() -> dict[str, str]:
    """Versions of the packages that the parameters, and the numbers of compounds, come from."""
    found = {}
    for name in (PARAMETERS, CACHE):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


@cache
def trained_energies() -> TrainedEnergies:
    """Read the shipped parameters; load those of the package where its version is another."""
    if SHIPPED.is_file() and read_metadata(SHIPPED) == package_versions():
        return read_trained(SHIPPED)
    logger.info("the energies shipped are of other packages: the installed ones are loaded")
    return load_trained()


def load_trained() -> TrainedEnergies:
    """Load the parameters that component-contribution carries.

    Raises
    ------
    InputError
        If the package is installed without them.
    """
    from component_contribution.parameters import CCModelParameters
    from component_contribution.preprocessor import Preprocessor

    if not CCModelParameters.is_bundled_available():
        raise InputError(
            PARAMETERS, "is installed without its parameters", "install requirements.lock again"
        )
    parameters = CCModelParameters.from_bundled()
    made = Preprocessor(parameters)
    position = {int(number): row for row, number in enumerate(parameters.train_G.index)}
    triangle = np.asarray(np.linalg.qr(made.L_c, mode="r"), dtype=np.float64)
    # the factor is unique but for the signs of its rows
    triangle = triangle * np.where(np.diagonal(triangle) < 0, -1.0, 1.0)[:, None]
    return TrainedEnergies(position, int(made.Nc), made.mu, triangle, made.L_inf)


def write_trained(trained: TrainedEnergies, path: str | Path) -> None:
    """Write parameters, with the versions of the packages: a row for each compound or group."""
    numbers = [*trained.position, *[None] * (len(trained.mean) - trained.trained)]
    roots = {
        f"{kind}{number}": row
        for kind, rows in ((_ROOT, trained.root), (_UNKNOWN, trained.unknown))
        for number, row in enumerate(rows)
    }
    table = pd.DataFrame(
        {_COMPOUND: pd.array(numbers, "Int64"), _MEAN: trained.mean.ravel(), **roots}
    )
    write_parquet(table, path, package_versions())


def read_trained(path: str | Path) -> TrainedEnergies:
    """Read parameters that `write_trained` wrote."""
    table = read_parquet(path)
    numbers = table[_COMPOUND].dropna().astype(int)
    roots, unknown = (
        np.ascontiguousarray(table.filter(regex=rf"^{kind}\d+$").to_numpy(np.float64).T)
        for kind in (_ROOT, _UNKNOWN)
    )
    return TrainedEnergies(
        {number: row for row, number in enumerate(numbers)},
        len(numbers),
        table[_MEAN].to_numpy(np.float64),
        roots,
        unknown,
    )
