"""Summaries of audits, verified predictions and models, for tables."""

from collections.abc import Mapping

import pandas as pd

from gemwright.gem.model import MetabolicModel


def success_summary(verified: pd.DataFrame) -> pd.DataFrame:
    """Share of targets that each method solves.

    Parameters
    ----------
    verified : pandas.DataFrame
        Tables of `verify_predictions`, put together; further columns ``model``, ``split``, ...
        are kept apart too if their names are ``model``, ``split`` or ``protocol``.

    Returns
    -------
    pandas.DataFrame
        method (and what is kept apart), targets, solved_as_predicted, solved (counts),
        share_as_predicted, share_solved, repaired and searched (solved by repair, and by the
        search that ignores the prediction; both are among the solved), deletions and changed
        (medians over the solved), cpu_seconds (mean of a target); best share first.
    """
    keys = [name for name in ("model", "split", "protocol") if name in verified] + ["method"]
    rows = []
    for key, part in verified.groupby(keys, sort=False):
        solved = part[part["verified"]]
        rows.append(
            (
                *key,
                len(part),
                int(part["verified_as_predicted"].sum()),
                len(solved),
                float(part["verified_as_predicted"].mean()),
                len(solved) / len(part),
                int(solved["how"].str.startswith("repair").sum()),
                int((solved["how"] == "model search").sum()),
                float(solved["deletions"].median()),
                float(solved["changed"].median()),
                float(part["cpu_seconds"].mean()),
            )
        )
    columns = [
        *keys, "targets", "solved_as_predicted", "solved", "share_as_predicted", "share_solved",
        "repaired", "searched", "deletions", "changed", "cpu_seconds",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    order = [*keys[:-1], "share_solved", "share_as_predicted", "method"]
    ascending = [*[True] * (len(keys) - 1), False, False, True]
    return table.sort_values(order, ascending=ascending, ignore_index=True)


def audit_summary(audits: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tabulate the audits of several models.

    Parameters
    ----------
    audits : mapping of str to pandas.DataFrame
        Model to its table of `audit_labels`, with maximality.

    Returns
    -------
    pandas.DataFrame
        model, strategies, coupled, maximal, mean_extension (genes that can be deleted besides, one
        after another; of the coupled ones), largest_growth_of_failed (1/h).
    """
    rows = []
    for model, audit in audits.items():
        failed = audit.loc[~audit["coupled"], "growth_rate"]
        rows.append(
            {
                "model": model,
                "strategies": len(audit),
                "coupled": int(audit["coupled"].sum()),
                "maximal": int(audit["maximal"].sum()),
                "mean_extension": audit["extension"].mean(),
                "largest_growth_of_failed": failed.max(),
            }
        )
    return pd.DataFrame(rows)


def model_counts(
    model: MetabolicModel, essential: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    """Count what Table VI of DeepGDel prints of a model itself.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    essential, targets : pandas.DataFrame
        From `essential_genes` and `targets.feasible_targets`.

    Returns
    -------
    pandas.DataFrame
        table, item (as printed; a count that is not printed has a comma in its name), value, note.
    """
    rows = [
        (
            "#Growth essential genes",
            int(essential["essential"].sum()),
            "no growth without the gene, default medium, exports as in the model",
        ),
        (
            "#Growth essential genes, growth below the threshold",
            int(essential["below_threshold"].sum()),
            "growth below the GR threshold without the gene",
        ),
        (
            "#Metabolites",
            model.stoichiometry["species"].nunique(),
            "species: a metabolite counts once in each compartment",
        ),
        (
            "#GCP-possible metabolites",
            int(targets["feasible"].sum()),
            "upper bound: targets that can be made at the GR threshold; whether deletions couple"
            " each of them is not decided by this. The paper counts so for iMM904",
        ),
        (
            "#GCP-possible metabolites, not coupled in the wild type",
            int((targets["feasible"] & ~targets["coupled_already"]).sum()),
            "the same without targets that need no deletion: what the paper prints for"
            " e_coli_core (48) and iML1515 (1085)",
        ),
        ("#Reactions", len(model.reactions), "with exchange and demand reactions"),
    ]
    return pd.DataFrame(rows, columns=["item", "value", "note"]).assign(table="VI")
