"""Reactions of BiGG that are written wrongly, each corrected with a reason and a source."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.gem.charging import BACKWARDS, FORWARDS, equation
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sealing import close

CORRECTIONS = Path(__file__).parents[1] / "resources" / "universe_corrections.tsv"
FORMULAS = CORRECTIONS.with_name("universe_formulas.tsv")
REMOVED, DOUBLED = "removed", "ferredoxin doubled"
FERREDOXINS = ("fdxrd_c", "fdxox_c", "fdxo_2_2_c")
CLOSED = {f"{direction} closed": direction for direction in (FORWARDS, BACKWARDS)}


def read_corrections() -> pd.DataFrame:
    """Read the corrections of the package.

    Returns
    -------
    pandas.DataFrame
        reaction, what (``removed``, ``forwards closed``, ``backwards closed``, or ``ferredoxin
        doubled``), reason, source.
    """
    return pd.read_csv(CORRECTIONS, sep="\t", dtype=str, keep_default_na=False)


def correct_universe(
    universe: MetabolicModel, corrections: pd.DataFrame | None = None
) -> tuple[MetabolicModel, pd.DataFrame]:
    """Take reactions out of a universe, close a direction of them, or mend their ferredoxins.

    Parameters
    ----------
    universe : MetabolicModel
        Any model with BiGG identifiers.
    corrections : pandas.DataFrame, optional
        The table of `read_corrections`, which is the default.

    Returns
    -------
    model : MetabolicModel
        The universe corrected, sorted; species that nothing uses any more are gone.
    corrected : pandas.DataFrame
        The rows of `corrections` whose reaction the universe has, with its equation before; sorted.
    """
    table = read_corrections() if corrections is None else corrections
    names = universe.reactions["reaction"]
    table = table[table["reaction"].isin(set(names))].sort_values("reaction", ignore_index=True)
    of = {str(what): set(rows) for what, rows in table.groupby("what")["reaction"]}
    unknown = sorted(of.keys() - {REMOVED, DOUBLED, *CLOSED})
    if unknown:
        raise ValueError(f"no such correction: {unknown[0]!r}")
    rows = universe.stoichiometry
    doubled = rows["reaction"].isin(of.get(DOUBLED, ())) & rows["species"].isin(FERREDOXINS)
    rows = rows.assign(coefficient=rows["coefficient"].where(~doubled, 2 * rows["coefficient"]))
    kept = names[~names.isin(of.get(REMOVED, ()))]
    model = replace(universe, stoichiometry=rows).part(universe.identifier, kept)
    closed = [(name, way) for what, way in CLOSED.items() for name in of.get(what, ())]
    equations = [equation(universe.stoichiometry, (name, FORWARDS)) for name in table["reaction"]]
    return close(model, closed), table.assign(equation=equations)


def correct_formulas(model: MetabolicModel) -> MetabolicModel:
    """Copy of a model with the formulas and charges that the package corrects."""
    table = pd.read_csv(FORMULAS, sep="\t").set_index("metabolite")
    species = model.species.copy()
    found = species["metabolite"].isin(table.index)
    for column in ("formula", "charge"):
        species.loc[found, column] = species.loc[found, "metabolite"].map(table[column])
    return replace(model, species=species)
