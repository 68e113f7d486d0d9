"""Import of inorganic ions and gases without a gene.

A cell has several transporters for each of them, and whatever one homologue of an ion transporter
says about an organism, its growth does not depend on it. The imports cost no energy and give none:
nothing but the ion moves, inwards. (What crosses membranes by itself also leaves.)
"""

from pathlib import Path

import pandas as pd

from gemwright.gem.medium import exchange_of
from gemwright.gem.model import MetabolicModel
from gemwright.io.user_tables import read_delimited
from gemwright.universe.additions import NewReaction, add_reactions

IONS = Path(__file__).parents[1] / "resources" / "universe_ions.tsv"
IMPORT = "ION_"


def ion_imports() -> tuple[str, ...]:
    """Ids of the imports, which the sealing may not close and a draft has without a gene."""
    return tuple(IMPORT + metabolite for metabolite in _ions()["metabolite"])


def import_ions(
    model: MetabolicModel, universal: MetabolicModel
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Let ions enter a universe without a gene, and exchange them with the medium.

    Parameters
    ----------
    model : MetabolicModel
        A universe with BiGG identifiers and the compartments ``e`` and ``c``.
    universal : MetabolicModel
        Name and formula of the species that it lacks.

    Returns
    -------
    model : MetabolicModel
        With ``ION_<metabolite>`` from outside to the cytosol, and ``EX_<metabolite>_e`` (from
        -1000 to 1000 mmol/gDW/h, as all exchanges of universes) where that was missing.
    changes : pandas.DataFrame
        reaction, change, reason.
    """
    known = set(model.reactions["reaction"])
    added, reasons = [], []
    for row in _ions().to_dict("records"):
        name, outside = row["metabolite"], f"{row['metabolite']}_e"
        exchange = exchange_of(name)
        if exchange not in known:
            added.append(NewReaction(exchange, f"Exchange of {name}", {outside: -1}, -1000))
            reasons.append(f"the universe cannot exchange {name}")
        least = -1000.0 if row["way"] == "both" else 0.0
        sides = {outside: -1.0, f"{name}_c": 1.0}
        added.append(NewReaction(IMPORT + name, f"Import of {name} without a gene", sides, least))
        reasons.append(row["reason"])
    changes = pd.DataFrame(
        {"reaction": [one.identifier for one in added], "change": "added", "reason": reasons}
    )
    return add_reactions(model, added, universal), changes


def _ions() -> pd.DataFrame:
    return read_delimited(IONS, ("metabolite", "way", "reason"))
