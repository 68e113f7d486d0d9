"""Sizes and contents of the models beside the paper's and the peer's."""

import re
from collections.abc import Mapping

import pandas as pd

from gemwright.report.paper import PAPER
from gemwright.validation.peer import peer_model


def peer_size(organism: str) -> tuple[int, int, int]:
    """Genes, reactions and metabolites of the peer's shipped model of an organism."""
    model = peer_model(organism)
    metabolites = model.species["metabolite"].nunique()
    return len(model.genes), len(model.reactions), int(metabolites)


def metabolome_table(
    metabolomes: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    structures: pd.DataFrame,
) -> pd.DataFrame:
    """How many observed metabolites each organism has, and what they rest on.

    Parameters
    ----------
    metabolomes : mapping of str to pandas.DataFrame
        Organism to its table (metabolite, source, evidence).
    names : mapping of str to str
        Organism to its name.
    structures : pandas.DataFrame
        bigg_id: metabolites whose structure is known, so that they can be scored.

    Returns
    -------
    pandas.DataFrame
        organism, name, metabolites, measured_in_organism, from_core_list, with_structure, note.
    """
    known = set(structures["bigg_id"])
    rows = []
    for organism, table in metabolomes.items():
        own = int((table["evidence"] == "organism").sum())
        core = int((table["evidence"] == "bacteria").sum())
        rows.append(
            {
                "organism": organism,
                "name": names[organism],
                "metabolites": len(table),
                "measured_in_organism": own,
                "from_core_list": core,
                "with_structure": int(table["metabolite"].isin(known).sum()),
                "note": "no measured list of this organism could be had: mostly the core list of "
                "metabolites measured in bacteria"
                if core > own
                else "",
            }
        )
    return pd.DataFrame(rows)


def size_table(
    statistics: Mapping[tuple[str, str], pd.DataFrame],
    peers: Mapping[str, tuple[int, int, int]],
    printed: pd.DataFrame,
    made_by: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """Size of every model, and what the paper's Table 3 prints.

    Parameters
    ----------
    statistics : mapping of (method, organism) to pandas.DataFrame
        statistic, value, from `gemwright.reconstruction.statistics.model_statistics`.
    peers : mapping of str to (int, int, int)
        Organism to genes, reactions and metabolites of the peer's shipped model.
    printed : pandas.DataFrame
        table, row, metric, value of the paper.
    made_by : mapping of (method, organism) to str, optional
        Method by which a model was made in fact: ``homology`` where there were no scores.

    Returns
    -------
    pandas.DataFrame
        method, organism, genes, reactions, metabolites, gap_filled, made_by.
    """
    rows = []
    for (method, organism), table in statistics.items():
        values = table.set_index("statistic")["value"].astype(float)
        rows.append(
            {
                "method": method,
                "organism": organism,
                "genes": int(values["genes"]),
                "reactions": int(values["reactions"]),
                "metabolites": int(values["metabolites"]),
                "gap_filled": int(values.get("reactions: gap-filled", 0)),
                "made_by": (made_by or {}).get((method, organism), method),
            }
        )
    for organism, (genes, reactions, metabolites) in peers.items():
        rows.append(
            {
                "method": "carveme",
                "organism": organism,
                "genes": genes,
                "reactions": reactions,
                "metabolites": metabolites,
            }
        )
    table3 = printed[printed["table"] == "table3"]
    parts = table3["metric"].str.split(":", expand=True)
    theirs = table3.assign(what=parts[0], organism=parts[1], value=table3["value"].astype(int))
    theirs = theirs.pivot_table(
        index=["row", "organism"], columns="what", values="value", sort=False
    ).reset_index()
    theirs["method"] = PAPER + "table3 " + theirs["row"]
    theirs = theirs[theirs["organism"].isin({organism for _, organism in statistics})]
    columns = ["method", "organism", "genes", "reactions", "metabolites", "gap_filled", "made_by"]
    both = pd.concat([pd.DataFrame(rows), theirs], ignore_index=True).reindex(columns=columns)
    whole = columns[2:-1]
    both["made_by"] = both["made_by"].fillna("")
    return both.astype(dict.fromkeys(whole, "Int64"))


# columns of the table of all models, and the statistics that they show
_SHOWN = {
    "genes": "genes", "reactions": "reactions", "species": "species",
    "metabolites": "metabolites", "gap_filled": "reactions: gap-filled",
    "gap_filled_with_genes": "gap-filled with genes",
    "reactions_with_genes": "internal reactions with genes",
    "mass_balanced": "mass balanced (share)", "charge_balanced": "charge balanced (share)",
    "blocked": "blocked with every exchange open", "dead_ends": "dead ends",
    "duplicate_reactions": "duplicate reactions",
}  # fmt: skip
_GROWTH, _CHARGED = r"growth on (.*) \(1/h\)", "energy carriers charged"


def models_table(
    statistics: Mapping[tuple[str, str], pd.DataFrame], made_by: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Lay out size and soundness of every model, one row a model.

    Parameters
    ----------
    statistics, made_by
        As of `size_table`.

    Returns
    -------
    pandas.DataFrame
        organism, method, made_by, the columns of `_SHOWN` (shares of internal reactions where they
        are not counts), carriers_charged (the most of the four sets of imports: 0 for a sound
        model), medium (the first) and growth on it (1/h).
    """
    rows = []
    for (method, organism), table in statistics.items():
        values = table.set_index("statistic")["value"].astype(float)
        grown = table[table["statistic"].str.fullmatch(_GROWTH)]
        row: dict[str, object] = {"organism": organism, "method": method}
        row |= {"made_by": made_by.get((method, organism), method)}
        row |= {name: values.get(statistic, 0.0) for name, statistic in _SHOWN.items()}
        row["carriers_charged"] = values[values.index.str.startswith(_CHARGED)].max()
        row["medium"] = "" if grown.empty else re.sub(_GROWTH, r"\1", grown["statistic"].iloc[0])
        row["growth"] = float("nan") if grown.empty else float(grown["value"].iloc[0])
        rows.append(row)
    return pd.DataFrame(rows).sort_values("organism", kind="stable", ignore_index=True)


def reasons_table(provenance: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """Count the reactions of every model by the reason why they are in it.

    Returns
    -------
    pandas.DataFrame
        method, organism, reason, reactions, with_genes.
    """
    rows = []
    for (method, organism), table in provenance.items():
        reason = table["reason"].str.replace(r" for .*", "", regex=True)
        for name, group in table.groupby(reason, sort=True):
            rows.append((method, organism, name, len(group), int((group["gpr"] != "").sum())))
    return pd.DataFrame(rows, columns=["method", "organism", "reason", "reactions", "with_genes"])
