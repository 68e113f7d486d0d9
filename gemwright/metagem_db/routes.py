"""The named routes to MetaGEM-DB, from the tables of the parsed sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gemwright.config.metagem_db import PairOptions
from gemwright.metagem_db.associations import (
    curated_associations,
    ec_associations,
    map_bigg_reactions,
)
from gemwright.metagem_db.funnel import Funnel
from gemwright.metagem_db.pairs import positive_pairs
from gemwright.metagem_db.structures import hash_structures, name_metabolites
from gemwright.sources.chebi import resolve

LiveRoute = Literal["bigg_rhea", "ec"]
ROUTES = ("bigg_rhea", "ec", "embedded")
"""BiGG's reactions through Rhea (the paper's), EC numbers, and BiGG's own gene rules."""


@dataclass(frozen=True)
class SourceTables:
    """Tables of the parsed sources; see the modules of `gemwright.sources` for their columns.

    Attributes
    ----------
    directions : pandas.DataFrame
        rhea_id, rhea, direction.
    reactions : pandas.DataFrame
        rhea, balanced.
    participants : pandas.DataFrame
        rhea, side, participant, kind.
    structures : sequence of pandas.DataFrame
        chebi, smiles; the first table that knows an entry counts.
    merged : pandas.DataFrame
        secondary, chebi: entries that were merged into another.
    proteins : pandas.DataFrame
        accession, enzyme, sequence, evidence.
    protein_rhea : mapping of str to pandas.DataFrame
        Name of a source (UniProt, Rhea) to its annotations: accession, rhea_id.
    protein_ec, reaction_ec : pandas.DataFrame
        accession, ec; and rhea, ec.
    bigg_reactions : pandas.Index
        Reactions of the BiGG models.
    bigg_rhea : mapping of str to pandas.DataFrame
        Name of a cross-reference to its table: reaction, rhea_id.
    bigg_structures : pandas.DataFrame
        bigg_id, smiles.
    """

    directions: pd.DataFrame
    reactions: pd.DataFrame
    participants: pd.DataFrame
    structures: tuple[pd.DataFrame, ...]
    merged: pd.DataFrame
    proteins: pd.DataFrame
    protein_rhea: Mapping[str, pd.DataFrame]
    protein_ec: pd.DataFrame
    reaction_ec: pd.DataFrame
    bigg_reactions: pd.Index
    bigg_rhea: Mapping[str, pd.DataFrame]
    bigg_structures: pd.DataFrame


@dataclass(frozen=True)
class Database:
    """MetaGEM-DB by one route.

    Attributes
    ----------
    pairs : pandas.DataFrame
        See `gemwright.metagem_db.pairs.positive_pairs`.
    enzymes : pandas.DataFrame
        enzyme (SHA-256 of its sequence), sequence.
    metabolites : pandas.DataFrame
        See `gemwright.metagem_db.structures.name_metabolites`.
    funnel : pandas.DataFrame
        step, unit, records, lost, why.
    """

    pairs: pd.DataFrame
    enzymes: pd.DataFrame
    metabolites: pd.DataFrame
    funnel: pd.DataFrame

    @classmethod
    def of(
        cls, pairs: pd.DataFrame, enzymes: pd.DataFrame, metabolites: pd.DataFrame, funnel: Funnel
    ) -> "Database":
        """Keep of enzymes and metabolites those that stand in a pair."""
        known = enzymes["enzyme"].isin(set(pairs["enzyme"]))
        used = metabolites["structure"].isin(set(pairs["structure"]))
        return cls(
            pairs.reset_index(drop=True),
            enzymes.loc[known, ["enzyme", "sequence"]].reset_index(drop=True),
            metabolites[used].reset_index(drop=True),
            funnel.frame(),
        )


def build_database(
    route: LiveRoute, sources: SourceTables, options: PairOptions | None = None
) -> Database:
    """Build MetaGEM-DB by a route through Rhea.

    Parameters
    ----------
    route : {'bigg_rhea', 'ec'}
        Reactions of the BiGG models with the proteins that UniProt and Rhea annotate (section 4.1
        of the paper), or all reactions of Rhea with every protein of the same EC number.
    sources : SourceTables
        What the parsers gave.
    options : PairOptions, optional
        What counts as a pair.
    """
    funnel = Funnel()
    if route == "ec":
        associations = ec_associations(sources.protein_ec, sources.reaction_ec, funnel)
    else:
        mapped = map_bigg_reactions(
            sources.bigg_reactions, sources.bigg_rhea, sources.directions, funnel
        )
        associations = curated_associations(sources.protein_rhea, sources.directions, funnel)
        associations = associations[associations["rhea"].isin(mapped["rhea"])]
        funnel.add(
            "of reactions that BiGG has", "associations", len(associations),
            "no BiGG model has the reaction, or no cross-reference leads to it",
        )  # fmt: skip
    metabolites = _metabolites(sources, funnel)
    pairs = positive_pairs(
        associations, sources.reactions, sources.participants, sources.proteins, metabolites,
        funnel, options,
    )  # fmt: skip
    enzymes = sources.proteins.drop_duplicates("enzyme").sort_values("enzyme")
    return Database.of(pairs, enzymes, metabolites, funnel)


def _metabolites(sources: SourceTables, funnel: Funnel) -> pd.DataFrame:
    """Structures of the participants; a merged entry has that of the entry it was merged into."""
    wanted = sources.participants.loc[sources.participants["kind"] == "chebi", "participant"]
    names = pd.Index(sorted(wanted.unique()))
    funnel.add("ChEBI participants of Rhea", "ChEBI entries", len(names))
    listed = pd.concat([table[["chebi", "smiles"]] for table in sources.structures])
    smiles = listed.dropna().drop_duplicates("chebi").set_index("chebi")["smiles"]
    primary = resolve(names.to_series(), sources.merged)
    found = names.to_series().map(smiles).fillna(primary.map(smiles))
    entries = pd.DataFrame({"chebi": names, "smiles": found.to_numpy()})
    known = entries.dropna()
    funnel.add(
        "with SMILES", "ChEBI entries", len(known),
        "classes, proteins and others without a structure",
    )  # fmt: skip
    structures, refused = hash_structures(known)
    funnel.add(
        "with SMILES that can be read", "ChEBI entries", len(structures),
        f"RDKit refuses the SMILES: {', '.join(refused[:5])}" if refused else "",
    )  # fmt: skip
    metabolites = name_metabolites(structures, sources.bigg_structures)
    funnel.add("distinct structures", "structures", len(metabolites))
    return metabolites
