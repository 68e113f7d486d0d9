"""A reconstructed or read model: its network, its gene rules and its medium."""

from dataclasses import dataclass

import pandas as pd

from gemwright.gem.gpr import rule_genes
from gemwright.gem.medium import medium_bounds


@dataclass(frozen=True)
class ModelTables:
    """A metabolic model as tables; identifiers are BiGG's, without ``M_`` and ``R_``.

    Attributes
    ----------
    species : pandas.DataFrame
        species (``glc__D_c``), metabolite (``glc__D``), compartment (``c``), name, formula,
        charge, and one column per annotation namespace (``inchikey``, ``chebi``, ...), several
        entries joined by ``;``.
    reactions : pandas.DataFrame
        reaction, name, lower_bound, upper_bound (mmol/gDW/h), rhea, ec (joined by ``;``).
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient (negative for substrates).
    objective : str
        The reaction of the flux objective (biomass), ``""`` if there is none.
    """

    species: pd.DataFrame
    reactions: pd.DataFrame
    stoichiometry: pd.DataFrame
    objective: str


@dataclass(frozen=True)
class MetabolicModel:
    """A genome-scale metabolic model as tables.

    Attributes
    ----------
    identifier : str
        Its id, for example the organism's.
    tables : ModelTables
        Species, reactions, stoichiometry, objective.
    gprs : pandas.DataFrame
        reaction, gpr (text, ``""`` if the reaction has no gene); one row for each reaction.
    """

    identifier: str
    tables: ModelTables
    gprs: pd.DataFrame

    @property
    def rules(self) -> dict[str, str]:
        """Reaction to gene rule, for reactions that have one."""
        with_gene = self.gprs[self.gprs["gpr"] != ""]
        return dict(zip(with_gene["reaction"], with_gene["gpr"], strict=True))

    @property
    def genes(self) -> list[str]:
        """Sorted genes."""
        return rule_genes(self.rules)

    def on_medium(self, compounds: list[str], max_uptake: float) -> "MetabolicModel":
        """Copy of the model with a medium as bounds of its exchange reactions."""
        bounds = medium_bounds(self.tables.reactions["reaction"], compounds, max_uptake)
        table = self.tables.reactions.copy()
        for side, column in enumerate(("lower_bound", "upper_bound")):
            fresh = table["reaction"].map({name: pair[side] for name, pair in bounds.items()})
            table[column] = fresh.fillna(table[column])
        tables = ModelTables(
            self.tables.species, table, self.tables.stoichiometry, self.tables.objective
        )
        return MetabolicModel(self.identifier, tables, self.gprs)
