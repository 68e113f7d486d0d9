"""The section ``thermodynamics``: conditions in the compartments, and the tables of energies."""

from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator, Field

from gemwright.config.names import Name
from gemwright.config.section import NotNegative, Positive, Section

PH = Annotated[float, Field(ge=0, le=14)]
Volts = Annotated[float, Field(ge=-1, le=1)]
# extended Debye-Hueckel theory holds to some .35 M
IonicStrength = Annotated[float, Field(ge=0, le=0.5)]
# energies were trained at 298.15 K; their enthalpies are not known
Kelvin = Annotated[float, Field(ge=273.15, le=373.15)]


def _not_empty(ph: dict[str, float]) -> dict[str, float]:
    if not ph:
        raise ValueError("names no compartment")
    return ph


class ThermodynamicOptions(Section):
    """Standard Gibbs energies of reactions (eQuilibrator), and what flux states have of them."""

    #: pH of each compartment, from the inside to the outside (``u`` is the lumen of thylakoids); a
    #: model's compartments have to stand here.
    ph: Annotated[dict[Name, PH], AfterValidator(_not_empty)] = field(
        default_factory=lambda: {"c": 7.5, "u": 5.0, "p": 7.0, "e": 7.0}
    )
    #: Electric potential of compartments, V; 0 where none is named.
    potential: dict[Name, Volts] = field(default_factory=lambda: {"c": -0.14, "u": -0.11})
    #: Ionic strength everywhere, M.
    ionic_strength: IonicStrength = 0.25
    #: -log10 of the concentration of free magnesium everywhere.
    pmg: Annotated[float, Field(ge=0, le=14)] = 3.0
    #: K.
    temperature: Kelvin = 298.15
    #: Least concentration of a metabolite, M.
    least_concentration: Positive = 1e-6
    #: Largest concentration of a metabolite, M.
    largest_concentration: Positive = 1e-2
    #: Standard deviations that a flux state's standard energies may lie off their means.
    state_deviations: NotNegative = 1.96
    #: Standard deviations beyond which a direction cannot run.
    direction_deviations: NotNegative = 2.0
    #: Standard deviation from which on an energy says nothing, kJ/mol: its groups were never
    #: trained.
    widest_deviation: Positive = 50.0
