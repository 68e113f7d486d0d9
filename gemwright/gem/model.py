"""A genome-scale metabolic model: its network, its gene rules and its medium."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from gemwright.gem.gpr import Rule, rule_genes
from gemwright.gem.medium import medium_bounds
from gemwright.gem.species import restrict

#: Columns of annotations, and their namespaces of identifiers.org.
SPECIES_NAMESPACES = {"inchikey": "inchikey", "chebi": "chebi", "metanetx": "metanetx.chemical"}
REACTION_NAMESPACES = {"rhea": "rhea", "ec": "ec-code"}


@dataclass(frozen=True)
class MetabolicModel:
    """A genome-scale metabolic model, or a universe, which is one without gene rules.

    Identifiers are those of the source without ``M_``, ``R_`` and ``G_``.

    Attributes
    ----------
    identifier : str
        Its id, for example the organism's.
    species : pandas.DataFrame
        species (``glc__D_c``), metabolite (``glc__D``), compartment (``c``), name, formula,
        charge (missing where it is not known), and one column per annotation namespace
        (``inchikey``, ``chebi``, ...), several entries joined by ``;``.
    reactions : pandas.DataFrame
        reaction, name, lower_bound, upper_bound (mmol/gDW/h), rhea, ec (joined by ``;``).
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient (negative for substrates).
    objective : str
        The reaction of the flux objective (biomass), ``""`` if there is none.
    rules : mapping of str to Rule
        Gene rules of the reactions that have one, see `gemwright.gem.gpr`.
    gene_names : mapping of str to str
        Gene to name (``b1241`` to ``adhE``), where the source tells one.
    """

    identifier: str
    species: pd.DataFrame
    reactions: pd.DataFrame
    stoichiometry: pd.DataFrame
    objective: str
    rules: Mapping[str, Rule] = field(default_factory=dict)
    gene_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def genes(self) -> list[str]:
        """Genes that the rules name, sorted."""
        return rule_genes(self.rules.values())

    def part(self, identifier: str, reactions: Iterable[str]) -> "MetabolicModel":
        """Cut the model down to some reactions with their species and rules, sorted.

        Parameters
        ----------
        identifier : str
            Of the part.
        reactions : iterable of str
            Which reactions to keep; unknown ones are ignored.
        """
        kept = self.reactions[self.reactions["reaction"].isin(set(reactions))]
        stoichiometry = restrict(self.stoichiometry, kept["reaction"])
        species = self.species[self.species["species"].isin(set(stoichiometry["species"]))]
        return MetabolicModel(
            identifier,
            species.sort_values("species", ignore_index=True),
            kept.sort_values("reaction", ignore_index=True),
            stoichiometry.sort_values(["reaction", "species"], ignore_index=True),
            self.objective,
            {name: self.rules[name] for name in kept["reaction"] if name in self.rules},
            self.gene_names,
        )

    def on_medium(self, compounds: Collection[str], max_uptake: float) -> "MetabolicModel":
        """Copy of the model with a medium as bounds of its exchange reactions."""
        bounds = medium_bounds(self.reactions["reaction"], compounds, max_uptake)
        table = self.reactions.copy()
        changed = table["reaction"].isin(bounds)
        table.loc[changed, ["lower_bound", "upper_bound"]] = np.reshape(
            list(bounds.values()), (-1, 2)
        )
        return replace(self, reactions=table)
