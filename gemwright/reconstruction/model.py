"""A reconstructed or read model: its network, its gene rules and its medium."""

from dataclasses import dataclass

import pandas as pd

from gemwright.flux.gpr import rule_genes
from gemwright.flux.medium import medium_bounds
from gemwright.flux.model import FluxModel
from gemwright.sources.sbml_tables import ModelTables


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

    def flux_model(self) -> FluxModel:
        """Load the network into a solver."""
        return FluxModel(self.tables.reactions, self.tables.stoichiometry, self.tables.objective)

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
