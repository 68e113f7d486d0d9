"""The section ``kinetics``: kinetic models and their sampled parameter sets."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field

from gemwright.config.names import PhysiologyName
from gemwright.config.physiologies import GemPhysiology, Physiology
from gemwright.config.section import Pair, Section, Share

Rate = Annotated[float, Field(lt=0)]


def _core(cycle: Literal[1, -1], acetate: tuple[float, float]) -> GemPhysiology:
    """E. coli's core with its pentose phosphate pathway either way, making or taking acetate."""
    directions = {"TALA": cycle, "TKT2": cycle, "RPE": cycle, "G6PDH2r": 1, "THD2": 1}
    directions["ACKr"] = -1 if acetate[0] > 0 else 1
    return GemPhysiology("e_coli_core", directions=directions, bounds={"EX_ac_e": acetate})


class KineticSettings(Section):
    """Kinetic models and their sampled parameter sets (REKINDLE, ORACLE step)."""

    #: Physiologies: a kinetic model around a flux state, of a GEM, of the paper, or of a file of
    #: yours; see "Physiologies".
    physiologies: dict[PhysiologyName, Physiology] = field(
        default_factory=lambda: {
            "core_1": _core(1, (2.0, 1000.0)),
            "core_2": _core(-1, (2.0, 1000.0)),
            "core_3": _core(1, (-10.0, -2.0)),
            "core_4": _core(-1, (-10.0, -2.0)),
        }
    )
    #: Parameter sets sampled and labelled for each physiology (80,000 in the paper); nine tenths
    #: train.
    sets: Annotated[int, Field(ge=100)] = 5000
    #: Range of the sampled saturations.
    saturation_bounds: Pair[Share] = (0.0, 1.0)
    #: Relevant sets have all eigenvalues below this, 1/h: three time constants pass within 20
    #: minutes.
    slowest: Rate = -9.0
    #: ... and all above this, 1/h; the paper names 1 us (-3.6e9), and its code does not ask for it.
    fastest: Rate | None = None
    #: A function of yours, ``file.py:function``, that sets have to meet as well: it takes
    #: saturations (sets, terms) and the extreme eigenvalues (sets, 2) and returns bool.
    criteria: Annotated[str, Field(pattern=r"^.+\.py:[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    #: How eigenvalues are found: compiled by Numba, or LAPACK through NumPy; the results are the
    #: same.
    kernel: Literal["compiled", "numpy"] = "compiled"
