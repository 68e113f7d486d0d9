"""Species with a boundary condition, which have no mass balance."""

import logging

import pandas as pd

# the exchange that cobra gives to such a species (mmol/gDW/h)
_EXCHANGE_BOUND = 1000.0
_EXAMPLES = 3  # of hundreds of exchanges, in the log
_log = logging.getLogger(__name__)


def without_balance(
    loose: list[str], reactions: pd.DataFrame, stoichiometry: pd.DataFrame, where: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the balance from species, as cobra does: each gets an exchange of up to 1000.

    Where the reactions of a species cannot use more than that, it is left out of them instead,
    which is the same problem: ``a_e <-> a_b`` becomes the exchange of ``a_e``.

    Parameters
    ----------
    loose : list of str
        Species with a boundary condition.
    reactions : pandas.DataFrame
        reaction, name, lower_bound, upper_bound (mmol/gDW/h), further columns of text.
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.
    where : str
        The file, for the log.

    Returns
    -------
    reactions, stoichiometry : pandas.DataFrame
        With ``EX_<species>`` where it is needed. A reaction of that name is replaced.
    """
    names = set(reactions["reaction"])
    widest = reactions[["lower_bound", "upper_bound"]].abs().max(axis=1)
    largest = dict(zip(reactions["reaction"], widest, strict=True))
    rows = stoichiometry[stoichiometry["species"].isin(set(loose))]
    rates = rows["coefficient"].abs() * rows["reaction"].map(largest)
    used = rates.groupby(rows["species"]).sum()
    apart = [
        name for name in used.index if not used[name] <= _EXCHANGE_BOUND or f"EX_{name}" in names
    ]
    dropped = set(loose) - set(apart)
    stoichiometry = stoichiometry[~stoichiometry["species"].isin(dropped)]
    if apart:
        exchanges = [f"EX_{name}" for name in apart]
        replaced = sorted(names & set(exchanges))
        if replaced:
            _log.warning(
                "%s: exchanges of species that have a boundary condition anyway are replaced: %d,"
                " such as %s",
                *(where, len(replaced), ", ".join(replaced[:_EXAMPLES])),
            )
        added = pd.DataFrame(
            {
                "reaction": exchanges,
                "name": exchanges,
                "lower_bound": -_EXCHANGE_BOUND,
                "upper_bound": _EXCHANGE_BOUND,
            }
        )
        kept = reactions[~reactions["reaction"].isin(exchanges)]
        reactions = pd.concat([kept, added], ignore_index=True)
        text = reactions.columns.difference(["lower_bound", "upper_bound"])
        reactions[text] = reactions[text].fillna("")
        leaves = pd.DataFrame({"reaction": exchanges, "species": apart, "coefficient": -1.0})
        kept = stoichiometry[~stoichiometry["reaction"].isin(exchanges)]
        stoichiometry = pd.concat([kept, leaves], ignore_index=True)
    return reactions, stoichiometry.reset_index(drop=True)
