"""Which protein catalyses which Rhea reaction, and in which direction: the named routes."""

from collections.abc import Mapping

import pandas as pd

from gemwright.metagem_db.funnel import Funnel

DIRECTIONS = ("UN", "LR", "RL", "BI")
_ASSOCIATION_COLUMNS = ["accession", "rhea", "direction"]


def map_bigg_reactions(
    reactions: pd.Index,
    cross_references: Mapping[str, pd.DataFrame],
    directions: pd.DataFrame,
    funnel: Funnel,
) -> pd.DataFrame:
    """Map BiGG reactions to Rhea.

    Parameters
    ----------
    reactions : pandas.Index
        All BiGG reactions.
    cross_references : mapping of str to pandas.DataFrame
        Name of a source to its table: reaction, rhea_id (any of Rhea's four identifiers).
    directions : pandas.DataFrame
        rhea_id, rhea (master): all current identifiers.
    funnel : Funnel
        Receives the steps.

    Returns
    -------
    pandas.DataFrame
        reaction, rhea, sources (joined by ``;``); sorted.
    """
    funnel.add("reactions of the BiGG models", "BiGG reactions", len(reactions))
    parts = [table.assign(source=name) for name, table in cross_references.items()]
    found = pd.concat(parts, ignore_index=True)[["reaction", "rhea_id", "source"]]
    found = found[found["reaction"].isin(reactions)]
    names = ", ".join(cross_references)
    funnel.add(
        "with a Rhea identifier", "BiGG reactions", found["reaction"].nunique(),
        f"transport, exchange, biomass and others that no cross-reference names ({names})",
    )  # fmt: skip
    masters = directions.set_index("rhea_id")["rhea"]
    found = found.assign(rhea=found["rhea_id"].map(masters)).dropna(subset="rhea")
    found["rhea"] = found["rhea"].astype("int64")
    funnel.add(
        "with a current Rhea identifier", "BiGG reactions", found["reaction"].nunique(),
        "the identifier is obsolete or not in this release",
    )  # fmt: skip
    found = found[["reaction", "rhea", "source"]].drop_duplicates()
    found = found.sort_values(["reaction", "rhea", "source"])
    mapped = found.groupby(["reaction", "rhea"], sort=True)["source"].agg(";".join)
    return mapped.rename("sources").reset_index()


def curated_associations(
    tables: Mapping[str, pd.DataFrame], directions: pd.DataFrame, funnel: Funnel
) -> pd.DataFrame:
    """Proteins of reactions as UniProt and Rhea annotate them.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Name of a source to its table: accession, rhea_id (any of the four identifiers, whose
        direction counts).
    directions : pandas.DataFrame
        rhea_id, rhea, direction.
    funnel : Funnel
        Receives the steps.

    Returns
    -------
    pandas.DataFrame
        accession, rhea, direction; where a protein's reaction is annotated with a direction, the
        row without one is left out, and one annotated with both is ``BI``.
    """
    parts = []
    for name, table in tables.items():
        part = table[["accession", "rhea_id"]].drop_duplicates()
        funnel.add(f"proteins of reactions in {name}", f"associations in {name}", len(part))
        parts.append(part)
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    funnel.add("proteins of reactions", "associations", len(found))
    found = found.merge(directions, on="rhea_id")[_ASSOCIATION_COLUMNS].drop_duplicates()
    keys = [found["accession"], found["rhea"]]
    undirected = found["direction"] == "UN"
    directed = (~undirected).groupby(keys).transform("any")
    found = found[~(undirected & directed)]
    # UniProt tells a reversible reaction by both directions
    ways = found.groupby(["accession", "rhea"])["direction"].transform("nunique")
    found.loc[ways > 1, "direction"] = "BI"
    found = found.drop_duplicates()
    funnel.add(
        "of current reactions, one row for a protein and a reaction", "associations", len(found),
        "obsolete reactions; an undirected row beside a directed one; both directions",
    )  # fmt: skip
    directed_rows = int((found["direction"] != "UN").sum())
    funnel.add("of these with a direction", "directed associations", directed_rows)
    return found.sort_values(_ASSOCIATION_COLUMNS, ignore_index=True)


def ec_associations(
    protein_ec: pd.DataFrame, reaction_ec: pd.DataFrame, funnel: Funnel
) -> pd.DataFrame:
    """Proteins of reactions by a shared EC number: over-assigns, and knows no direction.

    Parameters
    ----------
    protein_ec : pandas.DataFrame
        accession, ec.
    reaction_ec : pandas.DataFrame
        rhea, ec.
    funnel : Funnel
        Receives the steps.

    Returns
    -------
    pandas.DataFrame
        accession, rhea, direction (``UN``).
    """
    funnel.add("proteins with an EC number", "proteins", protein_ec["accession"].nunique())
    # 1.1.1.- names a family: joining by it would give each member every reaction
    complete = protein_ec[~protein_ec["ec"].str.contains("-", regex=False)]
    funnel.add(
        "with a complete EC number", "proteins", complete["accession"].nunique(),
        "only incomplete numbers such as 1.1.1.-",
    )  # fmt: skip
    found = complete.merge(reaction_ec[["rhea", "ec"]], on="ec")[["accession", "rhea"]]
    found = found.drop_duplicates().assign(direction="UN")
    funnel.add(
        "whose EC number a Rhea reaction has", "proteins", found["accession"].nunique(),
        "Rhea has no reaction of this EC number",
    )  # fmt: skip
    funnel.add("proteins of reactions", "associations", len(found))
    return found.sort_values(_ASSOCIATION_COLUMNS, ignore_index=True)
