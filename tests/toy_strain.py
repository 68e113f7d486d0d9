"""The toy model of DeepGDel, II-B and Fig. 1, and its 32 gene deletion patterns.

Row 6 of S is misprinted in the paper; it is ``0 0 0 0 0 1 1 0 -1``.
"""

import numpy as np
import pandas as pd

from gemwright.gem.gpr import Rule, parse_rules
from gemwright.gem.model import MetabolicModel

STOICHIOMETRY = np.array(
    [
        [1, 0, 0, 0, -1, -1, 0, 0, 0],
        [0, 1, -1, -1, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, -1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, -1, 0, 0],
        [0, 0, 0, 0, 1, 0, 1, -1, 0],
        [0, 0, 0, 0, 0, 1, 1, 0, -1],
    ]
)
UPPER = [10, 10, 6, 4, 10, 6, 4, 10, 10]
RULES = ["", "", "g1", "g2", "g3 or g4", "g4", "g2 and g5", "", ""]
#: Table II: genes deleted, by type.
TYPES = {
    1: ["", "3"],
    2: ["1", "4", "13", "14"],
    3: ["2", "5", "12", "15", "23", "24", "25", "35", "45", "123", "124", "125", "135", "145",
        "235", "245", "1235", "1245"],
    4: ["34", "134"],
    5: ["234", "345", "1234", "1345", "2345", "12345"],
}  # fmt: skip
#: Table III: growth, smallest and largest production of m6; v8 is 10 in IDs 2, 4 and 5.
RATES = {1: (10, 0, 8), 2: (10, 0, 4), 3: (10, 0, 0), 4: (4, 4, 4), 5: (0, 0, 0)}


def evaluate_gpr(rule: Rule | None, lost) -> bool:
    """Whether a reaction is on when the genes in `lost` are off (``r_j = f(g)``, paper 3.6.1)."""
    if rule is None:
        return True
    if isinstance(rule, str):
        return rule not in lost
    operator, parts = rule
    states = (evaluate_gpr(part, lost) for part in parts)
    return all(states) if operator == "and" else any(states)


def toy(**changes) -> MetabolicModel:
    """The model; the export of m6 is ``EX_m6``. `changes` replace parts of it."""
    names = [f"r{number}" for number in range(1, 9)] + ["EX_m6"]
    rows, columns = np.nonzero(STOICHIOMETRY)
    rules = changes.get("rules", RULES)
    return MetabolicModel(
        "toy",
        species=pd.DataFrame({"species": [f"m{number}" for number in range(1, 7)]}),
        reactions=pd.DataFrame(
            {
                "reaction": names,
                "lower_bound": np.array(changes.get("lower", [0] * 9), float),
                "upper_bound": np.array(changes.get("upper", UPPER), float),
            }
        ),
        stoichiometry=pd.DataFrame(
            {
                "reaction": [names[column] for column in columns],
                "species": [f"m{row + 1}" for row in rows],
                "coefficient": STOICHIOMETRY[rows, columns].astype(float),
            }
        ),
        objective=changes.get("objective", "r8"),
        rules=parse_rules(dict(zip(names, rules, strict=True))),
    )


def genes_of(digits: str) -> list[str]:
    """Gene names of a pattern such as ``134``."""
    return [f"g{digit}" for digit in digits]
