"""Tiny networks with optima that can be found by hand."""

import pandas as pd

from gemwright.gem.gpr import parse_rules
from gemwright.gem.model import MetabolicModel

FORMULAS = {"a": "C6H12O6", "b": "C6H12O6", "c": "C6H12O6", "d": "C6H12O6", "q": "CH4"}


def tables(reactions, objective="Growth", rules=None, identifier="tiny"):
    """Make a model from ``{id: (lower, upper, {species: coefficient})}``."""
    rows = [
        (name, f"name of {name}", float(low), float(high), "", "")
        for name, (low, high, _) in reactions.items()
    ]
    stoichiometry = [
        (name, species, float(value))
        for name, (_, _, side) in reactions.items()
        for species, value in side.items()
    ]
    species = sorted({row[1] for row in stoichiometry})
    return MetabolicModel(
        identifier,
        species=pd.DataFrame(
            {
                "species": species,
                "metabolite": [name.rpartition("_")[0] for name in species],
                "compartment": [name.rpartition("_")[2] for name in species],
                "name": [f"compound {name}" for name in species],
                "formula": [FORMULAS.get(name.rpartition("_")[0], "CH4") for name in species],
                "charge": 0,
                "inchikey": "",
                "chebi": "",
                "metanetx": "",
            }
        ),
        reactions=pd.DataFrame(
            rows, columns=["reaction", "name", "lower_bound", "upper_bound", "rhea", "ec"]
        ),
        stoichiometry=pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        objective=objective,
        rules=parse_rules(rules or {}),
    )


def branched(**more):
    """Food a is taken up and becomes d directly, or through b (two steps), or through c.

    a_e -> a_c; then DIRECT: a -> d, or B1: a -> b and B2: b -> d, or C1: a -> c and C2: c -> d;
    Growth: 2 d -> (nothing). Growth is at most half of the uptake.
    """
    return tables(
        {
            "EX_a_e": (-10, 1000, {"a_e": -1}),
            "EX_q_e": (0, 1000, {"q_e": -1}),
            "At": (0, 1000, {"a_e": -1, "a_c": 1}),
            "DIRECT": (0, 1000, {"a_c": -1, "d_c": 1}),
            "B1": (0, 1000, {"a_c": -1, "b_c": 1}),
            "B2": (-1000, 1000, {"b_c": -1, "d_c": 1}),
            "C1": (0, 1000, {"a_c": -1, "c_c": 1}),
            "C2": (0, 1000, {"c_c": -1, "d_c": 1}),
            "DEAD": (-1000, 1000, {"a_c": -1, "x_c": 1}),
            "Qt": (0, 1000, {"q_e": -1, "q_c": 1}),
            "Growth": (0, 1000, {"d_c": -2}),
        },
        **more,
    )


def consistency_errors(path):
    """Errors that libSBML's consistency check finds in a file; warnings are left out."""
    import libsbml

    document = libsbml.readSBMLFromFile(str(path))
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.checkConsistency()
    return [
        document.getError(number).getMessage().strip()
        for number in range(document.getNumErrors())
        if document.getError(number).getSeverity() >= libsbml.LIBSBML_SEV_ERROR
    ]
