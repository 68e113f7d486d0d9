"""`import gemwright`: every public name is there, and costs nothing before it is used."""

import subprocess
import sys

import pytest

import gemwright
from gemwright.errors import InputError

PROTEOME = {"p1": "MKT" * 30}


@pytest.mark.parametrize("name", gemwright.__all__)
def test_every_public_name_is_there(name):
    assert getattr(gemwright, name) is not None
    assert name in dir(gemwright)


def test_another_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'reconstuct'"):
        _ = gemwright.reconstuct


def test_importing_loads_none_of_the_heavy_packages():
    heavy = "{'pandas', 'torch', 'cobra', 'rdkit', 'sklearn'}"
    code = f"import sys, gemwright; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"universe": "nowhere"}, "no such universe"), ({"media": ["soup"]}, "soup")],
)
def test_what_cannot_be_used_is_told(changes, message):
    with pytest.raises(InputError, match=message):
        gemwright.reconstruct(PROTEOME, **changes)


def test_selection_needs_scores():
    with pytest.raises(ValueError, match="homology"):
        gemwright.reconstruct(PROTEOME, options=gemwright.ReconstructionOptions(method="emi"))
