"""Small kinetic models with every mechanism, made by hand."""

import numpy as np

from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import maximal_velocities, michaelis_constants
from gemwright.kinetics.rates import relative_rates
from gemwright.kinetics.state import KineticState


def toy_model() -> KineticModel:
    """Every mechanism once, with protons of both kinds and one conserved pool (atp + adp).

    a_e -> a; a + atp -> b + adp; b -> 2 c (Convenience); c + d_e -> e (BiUni); e -> f + g (UniBi);
    f -> p_e (irreversible, mass action in protons); g -> q_e; adp -> atp.
    """
    m = Mechanism
    return KineticModel(
        "toy",
        (
            KineticReaction("IN", m.REVERSIBLE, (("a_e", 1.0),), (("a", 1.0),)),
            KineticReaction(
                "KIN", m.HILL, (("a", 1.0), ("atp", 1.0)), (("b", 1.0), ("adp", 1.0)), (("h", 1.0),)
            ),
            KineticReaction("SPLIT", m.CONVENIENCE, (("b", 1.0),), (("c", 2.0),), (("h", -1.0),)),
            KineticReaction("JOIN", m.BI_UNI, (("c", 1.0), ("d_e", 1.0)), (("e", 1.0),)),
            KineticReaction("CUT", m.UNI_BI, (("e", 1.0),), (("f", 1.0), ("g", 1.0))),
            KineticReaction(
                "OUT",
                m.IRREVERSIBLE,
                (("f", 1.0),),
                (("p_e", 1.0),),
                (),
                (("h", -1.0), ("h_e", 1.0)),
            ),
            KineticReaction("G_OUT", m.REVERSIBLE, (("g", 1.0),), (("q_e", 1.0),)),
            KineticReaction("REGEN", m.REVERSIBLE, (("adp", 1.0),), (("atp", 1.0),)),
            KineticReaction("H_IN", m.REVERSIBLE, (("h_e", 1.0),), (("h", 1.0),)),
        ),
        ("a", "b", "c", "e", "f", "g", "h", "atp", "adp"),
        ("a_e", "d_e", "p_e", "q_e", "h_e"),
        {
            **dict.fromkeys(("a", "b", "c", "e", "f", "g", "h", "atp", "adp"), "c"),
            **dict.fromkeys(("a_e", "d_e", "p_e", "q_e", "h_e"), "e"),
        },
        ("adp",),
    )


def toy_state() -> KineticState:
    """A balanced state of `toy_model`; the step into the cell is driven little."""
    fluxes = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 2.0]) * 1e4
    concentrations = np.array([300.0, 150, 80, 40, 90, 70, 5, 900, 400, 1000, 500, 10, 30, 20])
    displacements = np.array([0.8, 0.1, 0.3, 0.5, 0.2, 0.0, 0.6, 0.4, 0.7])
    return KineticState(fluxes, concentrations, displacements)


def reaction_rates(model, state, saturations, concentrations):
    """Rates (uM/h) of parameterised models at concentrations (uM), shape (sets, reactions)."""
    km = michaelis_constants(model, state, saturations)
    velocities = maximal_velocities(model, state, saturations)
    return velocities * relative_rates(model, state, km, concentrations)
