"""How large and how sound a model is."""

import logging
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.carriers import IMPORTS
from gemwright.gem.flux import FluxModel
from gemwright.gem.formulas import count_atoms
from gemwright.gem.leaks import charged, find_leaks, warn_of_leaks
from gemwright.gem.medium import medium_bounds
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import is_exchange
from gemwright.reconstruction.draft import GAP_FILLED, SPONTANEOUS, WITHOUT_GENE

logger = logging.getLogger(__name__)


def balance_shares(model: MetabolicModel) -> tuple[float, float]:
    """Shares of internal reactions whose masses, and whose charges, balance.

    Exchange, sink, demand and biomass reactions are left out of both shares; reactions with a
    species of unknown charge are left out of the second one, which is NaN if nothing remains.
    """
    rows = model.stoichiometry
    internal = ~rows["reaction"].str.match(r"EX_|sink_|DM_") & (rows["reaction"] != model.objective)
    rows = rows[internal]
    if rows.empty:
        return 1.0, 1.0
    composition = pd.DataFrame(
        [
            (name, element, count)
            for name, formula in zip(
                model.species["species"], model.species["formula"], strict=True
            )
            for element, count in count_atoms(formula).items()
        ],
        columns=["species", "element", "count"],
    )
    joined = rows.merge(composition, on="species")
    atoms = joined["coefficient"] * joined["count"]
    sums = atoms.groupby([joined["reaction"], joined["element"]]).sum()
    off = sums[sums.abs() > 1e-6].index.get_level_values("reaction").nunique()
    charge = rows["species"].map(model.species.set_index("species")["charge"].astype(float))
    known = ~rows["reaction"].isin(rows.loc[charge.isna(), "reaction"])
    charges = (rows["coefficient"] * charge)[known].groupby(rows["reaction"]).sum()
    return (
        1 - off / rows["reaction"].nunique(),
        1 - float((charges.abs() > 1e-6).mean()),
    )


def dead_ends(model: MetabolicModel) -> list[str]:
    """Species that no reaction makes, or no other one takes up, by the model's bounds; sorted.

    Bounds of exchange reactions do not count: every one is taken to run both ways.
    """
    table = model.reactions.set_index("reaction")
    rows = model.stoichiometry
    exchange = is_exchange(rows["reaction"])
    forwards = (rows["reaction"].map(table["upper_bound"]) > 0) | exchange
    backwards = (rows["reaction"].map(table["lower_bound"]) < 0) | exchange
    plus, minus = rows["coefficient"] > 0, rows["coefficient"] < 0
    made = (plus & forwards) | (minus & backwards)
    taken = (minus & forwards) | (plus & backwards)
    groups = pd.DataFrame({"made": made, "taken": taken}).groupby(rows["species"])
    passing = groups.any().all(axis=1)
    several = rows[made | taken].groupby("species")["reaction"].nunique().reindex(passing.index) > 1
    return sorted(passing.index[~(passing & several)])


def duplicate_reactions(model: MetabolicModel) -> list[tuple[str, ...]]:
    """Group reactions that are equal, whichever way they are written; sorted.

    Exchange reactions and those that are empty do not count.
    """
    rows = model.stoichiometry.sort_values(["reaction", "species"])
    rows = rows[~is_exchange(rows["reaction"])]
    first = rows.groupby("reaction")["coefficient"].transform("first")
    terms = zip(rows["species"], (rows["coefficient"] * np.sign(first)).round(9), strict=True)
    keys = pd.Series(list(terms), index=rows.index).groupby(rows["reaction"]).agg(tuple)
    groups: dict[object, list[str]] = {}
    for reaction, key in keys.items():
        groups.setdefault(key, []).append(str(reaction))
    return sorted(tuple(sorted(names)) for names in groups.values() if len(names) > 1)


def model_statistics(
    model: MetabolicModel,
    reasons: pd.DataFrame,
    media: Mapping[str, Collection[str]],
    protocol: MediumOptions,
) -> pd.DataFrame:
    """Size and soundness of a model.

    Parameters
    ----------
    model : MetabolicModel
        The finished model.
    reasons : pandas.DataFrame
        reaction, reason, rule.
    media : mapping of str to collection of str, or to mapping of str to float
        Media on which growth is reported.
    protocol : MediumOptions
        How much of each compound may be taken up.

    Returns
    -------
    pandas.DataFrame
        statistic, value (float), protocol of the medium where one is set, else ``""``; in a fixed
        order.
    """
    mass, charge = balance_shares(model)
    species = model.species
    rows: list[tuple[str, float]] = [
        ("genes", len(model.genes)),
        ("reactions", len(model.reactions)),
        ("species", len(species)),
        ("metabolites", species["metabolite"].nunique()),
    ]
    counts = reasons.groupby(reasons["reason"].str.replace(r" for .*", "", regex=True)).size()
    rows += [(f"reactions: {reason}", count) for reason, count in sorted(counts.items())]
    filled = reasons[reasons["reason"].str.startswith(GAP_FILLED)]
    rows.append(("gap-filled with genes", int(filled["rule"].notna().sum())))
    free = reasons["reason"].isin((SPONTANEOUS, WITHOUT_GENE))
    plain = ~reasons["reaction"].str.match(r"EX_|sink_|DM_") & ~free
    rows.append(("internal reactions with genes", float(reasons["rule"].notna()[plain].mean())))
    rows += [("mass balanced (share)", mass), ("charge balanced (share)", charge)]
    rows.append(("dead ends", len(dead_ends(model))))
    equal = duplicate_reactions(model)
    rows.append(("duplicate reactions", sum(len(group) - 1 for group in equal)))
    flux = FluxModel.of(model)
    exchanges = [name for name in flux.reactions if name.startswith("EX_")]
    with flux.bounds(dict.fromkeys(exchanges, (-1000.0, 1000.0))):
        rows.append(("blocked with every exchange open", len(flux.blocked_reactions())))
    for name, compounds in media.items():
        with flux.bounds(medium_bounds(model, compounds, protocol)):
            rows.append((f"growth on {name} (1/h)", flux.growth()))
    rows += _charged_carriers(model)
    table = pd.DataFrame(rows, columns=["statistic", "value"])
    on_medium = table["statistic"].str.startswith("growth on ")
    return table.assign(
        value=table["value"].astype(float),
        protocol=on_medium.map({True: protocol.protocol, False: ""}),
    )


def _charged_carriers(model: MetabolicModel) -> list[tuple[str, float]]:
    """Numbers of energy carriers that a model charges; NaN if it has none by BiGG's identifiers."""
    try:
        leaks = find_leaks(model)
    except InputError as error:
        logger.warning("no leak test: %s", error)
        carriers: dict[str, float] = dict.fromkeys(IMPORTS, float("nan"))
    else:
        warn_of_leaks(leaks, f"model {model.identifier!r}")
        carriers = {imports: len(names) for imports, names in charged(leaks).items()}
    return [(f"energy carriers charged from {name}", value) for name, value in carriers.items()]
