"""A genome-scale metabolic model: its network, its gene rules and its medium."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.errors import InputError
from gemwright.gem.gpr import Rule, rule_genes
from gemwright.gem.medium import medium_bounds
from gemwright.gem.species import restrict

#: Columns of annotations, and their namespaces of identifiers.org.
SPECIES_NAMESPACES = {"inchikey": "inchikey", "chebi": "chebi", "metanetx": "metanetx.chemical"}
#: Further ones, kept of species whose ids are not BiGG's: they may be all that tells a compound.
FOREIGN_NAMESPACES = {
    "hmdb": "hmdb", "inchi_key": "inchi_key", "kegg": "kegg.compound", "seed": "seed.compound",
}  # fmt: skip
#: Both, in the order of the columns.
ALL_SPECIES_NAMESPACES = SPECIES_NAMESPACES | FOREIGN_NAMESPACES
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
        (``inchikey``, ``chebi``, ...), several entries joined by ``;``. Columns of
        `FOREIGN_NAMESPACES` only where a foreign species has an entry.
    reactions : pandas.DataFrame
        reaction, name, lower_bound, upper_bound (mmol/gDW/h), rhea, ec (joined by ``;``).
    stoichiometry : pandas.DataFrame
        reaction, species, coefficient (negative for substrates).
    objective : str
        The reaction whose flux is to be as large as possible (biomass), ``""`` if there is none,
        or if the source's objective is no single one.
    rules : mapping of str to Rule
        Gene rules of the reactions that have one, see `gemwright.gem.gpr`.
    gene_names : mapping of str to str
        Gene to name (``b1241`` to ``adhE``), where the source tells one.
    objective_terms : mapping of str to float
        Reactions and coefficients of the source's objective, empty if it is just `objective`.
    minimise : bool
        Whether the sum of these terms is to be as small as possible.
    """

    identifier: str
    species: pd.DataFrame
    reactions: pd.DataFrame
    stoichiometry: pd.DataFrame
    objective: str
    rules: Mapping[str, Rule] = field(default_factory=dict)
    gene_names: Mapping[str, str] = field(default_factory=dict)
    objective_terms: Mapping[str, float] = field(default_factory=dict)
    minimise: bool = False

    @property
    def genes(self) -> list[str]:
        """Genes that the rules name, sorted."""
        return rule_genes(self.rules.values())

    def with_objective(self, terms: Mapping[str, float], minimise: bool) -> "MetabolicModel":
        """Copy of the model with an objective of any number of terms, none of them zero."""
        single = len(terms) == 1 and all((value < 0) == minimise for value in terms.values())
        plain = single and set(terms.values()) == {1.0}
        return replace(
            self,
            objective=next(iter(terms)) if single else "",
            objective_terms={} if plain else dict(terms),
            minimise=minimise and bool(terms),
        )

    def growth_reaction(self, where: str) -> str:
        """Name the reaction whose flux is the growth rate.

        Parameters
        ----------
        where : str
            What the model is called in messages.

        Raises
        ------
        InputError
            If the objective is not the flux of one reaction, to be made as large as possible.
        """
        if self.objective in set(self.reactions["reaction"]):
            return self.objective
        cure = "set its biomass reaction as the objective (fbc)"
        if not self.objective_terms:
            raise InputError(where, "the model has no objective", cure)
        names = sorted(self.objective_terms)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        what = f"the objective is of several reactions: {shown}"
        if len(names) == 1:
            what = f"the objective makes the flux of {shown} as small as possible"
        raise InputError(where, what, f"{cure}, alone and to be maximised")

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
            self.objective_terms,
            self.minimise,
        )

    def on_medium(
        self, compounds: Collection[str], protocol: MediumOptions | None = None
    ) -> "MetabolicModel":
        """Copy of the model with a medium as bounds of its exchange reactions; see `medium`."""
        bounds = medium_bounds(self, compounds, protocol)
        table = self.reactions.copy()
        changed = table["reaction"].isin(bounds)
        table.loc[changed, ["lower_bound", "upper_bound"]] = np.reshape(
            list(bounds.values()), (-1, 2)
        )
        return replace(self, reactions=table)
