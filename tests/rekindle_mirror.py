"""The paper's kinetic model and released parameter sets, from the mirror of real files."""

from functools import cache

import pandas as pd
import yaml
from mirror import MIRROR

from gemwright.arrays import FloatArray
from gemwright.kinetics.network import KineticModel
from gemwright.kinetics.skimpy_sets import read_parameter_sets
from gemwright.kinetics.skimpy_yaml import model_of_document
from gemwright.kinetics.state import KineticState, state_of_sample
from gemwright.kinetics.yaml_patches import REKINDLE_PATCH, apply_patch

RAW = MIRROR / "raw.githubusercontent.com" / "EPFL-LCSB"
REKINDLE = RAW / "rekindle" / "8cbb82c4bc53d87c347dd8fe8256479ed83ea3cd" / "venv" / "models"
KIN_VARMA = RAW / "skimpy" / "04b14cbff6e719e6ed56b6ec8cc840b7ea584c95/models/kin_varma.yml"
MERGED = MIRROR / "derived" / "kin_varma_rekindle.yml"
PARAMETER_NAMES = MIRROR / "derived" / "rekindle_parameter_names.txt"
RELEASED_SETS = REKINDLE / "toy_data" / "toy_data.h5"


@cache
def paper_model() -> KineticModel:
    """The public model with our patch."""
    document = yaml.safe_load(KIN_VARMA.read_text())
    patch = yaml.safe_load(REKINDLE_PATCH.read_text())
    return model_of_document(apply_patch(document, patch, "kin_varma.yml"), "kin_varma.yml")


@cache
def paper_state(physiology: int) -> KineticState:
    """The released reference state of a physiology, 1 to 4."""
    path = REKINDLE / "steady_state_samples" / f"samples_fdp{physiology}.csv"
    sample = pd.read_csv(path, index_col=0).iloc[0].to_dict()
    return state_of_sample(paper_model(), sample, path.name)


@cache
def released_sets() -> tuple[list[str], FloatArray, FloatArray]:
    """Names and values (1000, 411) of the released sets, and their largest eigenvalues, 1/h."""
    _, values = read_parameter_sets(RELEASED_SETS)
    eigenvalues = pd.read_csv(REKINDLE / "toy_data" / "toy_data.csv", index_col=0)
    return PARAMETER_NAMES.read_text().split(), values, eigenvalues.to_numpy(float)[:, 0]
