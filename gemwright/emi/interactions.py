"""Positive enzyme-metabolite pairs from gene associations, stoichiometry and model bounds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gemwright.config.interactions import InteractionOptions
from gemwright.errors import InputError
from gemwright.gem.currency import CURRENCY_METABOLITES
from gemwright.io.tables import require_columns

PAIR_COLUMNS = ["enzyme", "metabolite", "n_reactions", "reactions", "models", "side"]
_TABLE_COLUMNS = {
    "gprs": ("model", "gene", "reaction"),
    "proteins": ("model", "gene", "enzyme"),
    "stoichiometry": ("reaction", "species", "coefficient"),
    "species": ("species", "metabolite", "compartment"),
    "model_bounds": ("model", "reaction", "lower_bound", "upper_bound"),
    "structures": ("bigg_id", "smiles"),
}


def build_interactions(
    gprs: pd.DataFrame,
    proteins: pd.DataFrame,
    stoichiometry: pd.DataFrame,
    species: pd.DataFrame,
    model_bounds: pd.DataFrame,
    structures: pd.DataFrame | None,
    options: InteractionOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pair every enzyme with the substrates of the reactions that its gene is associated with.

    A reaction's left side is consumed where the model lets it run forward (upper bound > 0), its
    right side where the model lets it run backward (lower bound < 0); both sides of a reversible
    reaction are substrates (section 3.2 of the paper). A reaction that a model blocks (both
    bounds 0, a modeller's default such as iML1515's catalase) counts in its written direction.
    The universe's own bounds are never asked: they mark every gene-associated reaction reversible.

    Parameters
    ----------
    gprs : pandas.DataFrame
        model, gene, reaction.
    proteins : pandas.DataFrame
        model, gene, enzyme (SHA-256 of the sequence).
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient.
    species : pandas.DataFrame
        species, metabolite, compartment.
    model_bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound.
    structures : pandas.DataFrame or None
        bigg_id, smiles: pairs whose metabolite has none are dropped in the last step; ``None``
        skips that step.
    options : InteractionOptions, optional
        What counts as an interaction.

    Returns
    -------
    interactions : pandas.DataFrame
        enzyme, metabolite, n_reactions, reactions and models (sorted, joined by ``;``), side:
        ``substrate`` if every reaction behind the pair consumes the metabolite irreversibly,
        ``reversible`` if every one is reversible, ``both`` if there are reactions of both kinds.
        Sorted by enzyme and metabolite, one row for a pair.
    funnel : pandas.DataFrame
        step, pairs, enzymes, metabolites: what is left after each step.

    Raises
    ------
    InputError
        If a table lacks a column, a model of `options` is unknown, or nothing is left.
    """
    options = options or InteractionOptions(models=None)
    tables = {
        "gprs": gprs,
        "proteins": proteins,
        "stoichiometry": stoichiometry,
        "species": species,
        "model_bounds": model_bounds,
        **({} if structures is None else {"structures": structures}),
    }
    for name, table in tables.items():
        require_columns(table, _TABLE_COLUMNS[name], name)
    gprs = _select_models(gprs, options.models)

    catalysed = (
        gprs[["model", "gene", "reaction"]]
        .merge(proteins[["model", "gene", "enzyme"]], on=["model", "gene"])
        .merge(model_bounds, on=["model", "reaction"])[
            ["model", "reaction", "enzyme", "lower_bound", "upper_bound"]
        ]
        .drop_duplicates()
    )
    participants = stoichiometry.merge(
        species[["species", "metabolite", "compartment"]], on="species"
    )
    participants = participants[participants["coefficient"] != 0]
    transport = transport_reactions(participants)

    found = catalysed.merge(
        participants[["reaction", "metabolite", "coefficient"]].drop_duplicates(), on="reaction"
    )
    funnel = [_count("participants of gene-associated reactions", found)]
    if options.directions == "model_bounds":
        forward = (found["upper_bound"] > 0) | (found["lower_bound"] >= 0)
        backward = found["lower_bound"] < 0
        left = found["coefficient"] < 0
        found = found[(left & forward) | (~left & backward)]
        reversible = (found["upper_bound"] > 0) & (found["lower_bound"] < 0)
    else:
        reversible = pd.Series(True, index=found.index)
    found = found.assign(reversible=reversible)
    funnel.append(_count("consumed in a permitted direction", found))
    if not options.include_transport:
        found = found[~found["reaction"].isin(transport)]
        funnel.append(_count("without transport", found))
    if not options.include_currency:
        found = found[~found["metabolite"].isin(CURRENCY_METABOLITES)]
        funnel.append(_count("without currency metabolites", found))
    if structures is not None:
        known = structures.loc[structures["smiles"].fillna("") != "", "bigg_id"]
        found = found[found["metabolite"].isin(known)]
        funnel.append(_count("with a structure", found))
    if found.empty:
        raise InputError(
            "interactions",
            "no enzyme-metabolite pair is left",
            "choose more models or check that the structures use BiGG identifiers",
        )
    return _collapse(found), pd.DataFrame(funnel)


def structure_coverage(interactions: pd.DataFrame, structures: pd.DataFrame) -> pd.DataFrame:
    """Share of pairs and of metabolites whose structure is known.

    Parameters
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite; built with ``structures=None``.
    structures : pandas.DataFrame
        bigg_id, smiles.

    Returns
    -------
    pandas.DataFrame
        item (``pairs``, ``metabolites``), total, with_structure, share.
    """
    known = structures.loc[structures["smiles"].fillna("") != "", "bigg_id"]
    metabolites = interactions["metabolite"]
    rows = []
    for item, values in (
        ("pairs", metabolites),
        ("metabolites", metabolites.drop_duplicates()),
    ):
        covered = int(values.isin(known).sum())
        rows.append(
            {
                "item": item,
                "total": len(values),
                "with_structure": covered,
                "share": covered / len(values) if len(values) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def transport_reactions(participants: pd.DataFrame) -> set[str]:
    """Reactions that move something between compartments.

    A reaction is transport if a metabolite, currency apart, stands on both sides in different
    compartments. A pump or an oxidase that moves nothing but currency (protons, ions) while it
    converts a substrate is no transport; a reaction of currency alone that spans compartments is.

    Parameters
    ----------
    participants : pandas.DataFrame
        reaction, metabolite, compartment, coefficient (not zero).

    Returns
    -------
    set of str
        Reaction identifiers.
    """
    left = participants.loc[participants["coefficient"] < 0]
    right = participants.loc[participants["coefficient"] > 0]
    columns = ["reaction", "metabolite", "compartment"]
    both = left[columns].merge(right[columns], on=["reaction", "metabolite"])
    moved = both[both["compartment_x"] != both["compartment_y"]]
    specific = moved.loc[~moved["metabolite"].isin(CURRENCY_METABOLITES), "reaction"]
    only_currency = (
        participants["metabolite"]
        .isin(CURRENCY_METABOLITES)
        .groupby(participants["reaction"])
        .all()
    )
    currency_reactions = set(only_currency.index[only_currency])
    return set(specific) | (set(moved["reaction"]) & currency_reactions)


def _select_models(gprs: pd.DataFrame, models: Sequence[str] | None) -> pd.DataFrame:
    if models is None:
        return gprs
    known = set(gprs["model"])
    unknown = [model for model in models if model not in known]
    if unknown:
        raise InputError(
            "models",
            f"unknown model(s) {', '.join(unknown)}",
            f"choose among {', '.join(sorted(known))}",
        )
    return gprs[gprs["model"].isin(list(models))]


def _count(step: str, found: pd.DataFrame) -> dict[str, object]:
    return {
        "step": step,
        "pairs": len(found[["enzyme", "metabolite"]].drop_duplicates()),
        "enzymes": found["enzyme"].nunique(),
        "metabolites": found["metabolite"].nunique(),
    }


def _collapse(found: pd.DataFrame) -> pd.DataFrame:
    keys = ["enzyme", "metabolite"]
    rows = found.groupby(keys, sort=True)["reversible"].agg(["any", "all"])
    rows["reactions"] = _joined(found, keys, "reaction")
    rows["models"] = _joined(found, keys, "model")
    rows["n_reactions"] = rows["reactions"].str.count(";") + 1
    rows["side"] = np.select(
        [rows["all"], rows["any"]], ["reversible", "both"], default="substrate"
    )
    return rows.reset_index()[PAIR_COLUMNS]


def _joined(found: pd.DataFrame, keys: list[str], column: str) -> "pd.Series[str]":
    distinct = found[[*keys, column]].drop_duplicates().sort_values([*keys, column])
    return distinct.groupby(keys, sort=True)[column].agg(";".join)
