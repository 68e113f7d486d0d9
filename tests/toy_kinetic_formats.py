"""A small kinetic model with every mechanism, two moieties and names that SBML does not allow."""

import numpy as np
from rekindle_mirror import paper_model, paper_state, released_sets

from gemwright.arrays import FloatArray
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import term_concentrations
from gemwright.kinetics.state import KineticState

DYNAMIC = ("2pg", "pi", "c-c", "d", "e", "f", "nad", "nadh")
BOUNDARY = ("x_e", "y_e", "h_e")


def toy_model() -> KineticModel:
    one = 1.0
    reactions = (
        KineticReaction("IN", Mechanism.REVERSIBLE, (("x_e", one),), (("2pg", one),)),
        KineticReaction(
            "D-OX",
            Mechanism.HILL,
            (("2pg", one), ("nad", one)),
            (("pi", one), ("nadh", one)),
            displacements=(("h_e", 1.0),),
        ),
        KineticReaction("SPLIT", Mechanism.UNI_BI, (("pi", one),), (("c-c", one), ("d", one))),
        KineticReaction("JOIN", Mechanism.BI_UNI, (("c-c", one), ("d", one)), (("e", one),)),
        KineticReaction("DIMER", Mechanism.CONVENIENCE, (("e", 2.0),), (("f", one),)),
        KineticReaction(
            "OUT",
            Mechanism.IRREVERSIBLE,
            (("f", one), ("nadh", 1.5)),
            (("nad", 1.5), ("y_e", one)),
            first_order=(("h_e", -2.0),),
        ),
        KineticReaction("REDOX", Mechanism.REVERSIBLE, (("nadh", one),), (("nad", one),)),
    )
    places = {name: ("e" if name.endswith("_e") else "c") for name in (*DYNAMIC, *BOUNDARY)}
    return KineticModel("toy model", reactions, DYNAMIC, BOUNDARY, places, ("d", "nadh"))


def toy_state() -> KineticState:
    return KineticState(
        np.array([8.0, 8.0, 8.0, 8.0, 4.0, 4.0, 2.0]),
        np.array([10.0, 3.0, 0.5, 2.0, 7.0, 1.0, 90.0, 5.0, 100.0, 4.0, 0.1]),
        np.array([0.3, 0.7, 0.05, 0.9, 0.4, 0.01, 0.2]),
    )


def toy_saturations(n: int = 1, seed: int = 0) -> FloatArray:
    generator = np.random.default_rng(seed)
    return generator.uniform(0.1, 0.9, (n, len(toy_model().terms)))


def ecoli() -> tuple[KineticModel, KineticState]:
    """The paper's model and its first physiology."""
    return paper_model(), paper_state(1)


def saturations_of(model: KineticModel, state: KineticState, km: FloatArray) -> FloatArray:
    """Saturations of Michaelis constants (uM), both of shape (sets, terms)."""
    levels = term_concentrations(model, state)
    return levels / (levels + km)


def released_saturations(model: KineticModel, state: KineticState) -> tuple[FloatArray, FloatArray]:
    """Saturations of the released sets, and their largest eigenvalues."""
    names, values, eigenvalues = released_sets()
    places = {name: place for place, name in enumerate(names)}
    km = values[:, [places[name] for name in model.km_names]]
    return saturations_of(model, state, km), eigenvalues
