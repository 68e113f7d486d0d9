"""The tables of a model's energies as files."""

from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import read_parquet, write_delimited, write_parquet
from gemwright.thermodynamics.directions import impossible_directions
from gemwright.thermodynamics.reactions import ReactionEnergies


def write_energies(
    model: MetabolicModel,
    energies: ReactionEnergies,
    options: ThermodynamicOptions,
    *,
    compounds: str | Path,
    reactions: str | Path,
    covariance_root: str | Path,
    impossible: str | Path,
) -> None:
    """Write the energies of a model, and the directions that cannot run.

    Parameters
    ----------
    model : MetabolicModel
    energies : ReactionEnergies
        Its energies.
    options : ThermodynamicOptions
        Their conditions.
    compounds, reactions, covariance_root : str or Path
        Parquet; the root has a column for each direction (``d0``, ``d1``, ...), and its rows are
        those of the reactions.
    impossible : str or Path
        CSV, see `gemwright.thermodynamics.directions.impossible_directions`.
    """
    write_delimited(impossible_directions(model, energies, options), impossible)
    write_parquet(energies.compounds, compounds)
    names = [f"d{number}" for number in range(energies.root.shape[1])]
    root = pd.DataFrame(energies.root, columns=names)
    root.insert(0, "reaction", energies.reactions["reaction"].to_numpy())
    write_parquet(root, covariance_root)
    write_parquet(energies.reactions, reactions)


def read_energies(
    compounds: str | Path, reactions: str | Path, covariance_root: str | Path
) -> ReactionEnergies:
    """Read energies that `write_energies` wrote."""
    root = read_parquet(covariance_root).drop(columns="reaction").to_numpy(np.float64)
    return ReactionEnergies(read_parquet(compounds), read_parquet(reactions), root)
