"""Models to and from `cobra.Model`, in memory."""

import ast
from typing import Any

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.gpr import Rule, RuleMaker, compose_gpr, depth_of, fold, gene_complexes
from gemwright.gem.model import (
    ALL_SPECIES_NAMESPACES,
    FOREIGN_NAMESPACES,
    REACTION_NAMESPACES,
    MetabolicModel,
)
from gemwright.gem.species import compartment_apart, of_foreign_species

_DEEPEST = 50


def from_cobra(model: Any) -> MetabolicModel:
    """Tables of a `cobra.Model`."""
    species = pd.DataFrame(
        [
            (
                item.id,
                compartment_apart(item.id, item.compartment or ""),
                item.compartment or "",
                item.name or "",
                item.formula or "",
                item.charge,
                *_entries(item, ALL_SPECIES_NAMESPACES),
            )
            for item in model.metabolites
        ],
        columns=["species", "metabolite", "compartment", "name", "formula", "charge",
                 *ALL_SPECIES_NAMESPACES],
    )  # fmt: skip
    species = of_foreign_species(species, FOREIGN_NAMESPACES)
    reactions = pd.DataFrame(
        [
            (item.id, item.name or "", item.lower_bound, item.upper_bound,
             *_entries(item, REACTION_NAMESPACES))
            for item in model.reactions
        ],
        columns=["reaction", "name", "lower_bound", "upper_bound", *REACTION_NAMESPACES],
    )  # fmt: skip
    stoichiometry = pd.DataFrame(
        [
            (item.id, metabolite.id, float(number))
            for item in model.reactions
            for metabolite, number in item.metabolites.items()
        ],
        columns=["reaction", "species", "coefficient"],
    )
    make = RuleMaker()
    terms = {
        item.id: float(weight) for item in model.reactions if (weight := item.objective_coefficient)
    }
    return MetabolicModel(
        model.id or "model",
        species.astype({"charge": "Int64"}),
        reactions,
        stoichiometry,
        "",
        {item.id: _rule(item.gpr.body, make) for item in model.reactions if item.gpr.body},
        {item.id: item.name for item in model.genes if item.name and item.name != item.id},
    ).with_objective(terms, model.objective_direction == "min")


def to_cobra(model: MetabolicModel) -> Any:
    """Make a `cobra.Model` of a model.

    Returns
    -------
    cobra.Model
        With names, formulas, charges (None where they are not known), annotations, gene rules,
        names of genes, bounds and objective.

    Raises
    ------
    InputError
        If a gene rule is too deep for cobra and stands for too many complexes.
    """
    import cobra

    made = cobra.Model(model.identifier)
    metabolites = {}
    for row in model.species.to_dict("records"):
        item = cobra.Metabolite(
            row["species"],
            formula=row.get("formula") or None,
            name=row.get("name") or "",
            charge=None if pd.isna(row.get("charge")) else int(row["charge"]),
            compartment=row["compartment"],
        )
        item.annotation = _annotation(row, ALL_SPECIES_NAMESPACES)
        metabolites[row["species"]] = item
    sides: dict[str, dict[Any, float]] = {}
    for name, species, number in model.stoichiometry[
        ["reaction", "species", "coefficient"]
    ].itertuples(index=False, name=None):
        side = sides.setdefault(name, {})
        side[metabolites[species]] = side.get(metabolites[species], 0.0) + number
    reactions = []
    for row in model.reactions.to_dict("records"):
        reaction = cobra.Reaction(
            row["reaction"],
            name=row.get("name") or "",
            lower_bound=row["lower_bound"],
            upper_bound=row["upper_bound"],
        )
        reaction.add_metabolites(sides.get(row["reaction"], {}))
        if row["reaction"] in model.rules:
            rule = _shallow(model.rules[row["reaction"]], row["reaction"])
            reaction.gpr = cobra.core.gene.GPR(ast.Expression(_node(rule)))
        reaction.annotation = _annotation(row, REACTION_NAMESPACES)
        reactions.append(reaction)
    made.add_metabolites(list(metabolites.values()))
    made.add_reactions(reactions)
    for gene in made.genes:
        gene.name = model.gene_names.get(gene.id, "")
    terms = model.objective_terms or ({model.objective: 1.0} if model.objective else {})
    made.objective = {made.reactions.get_by_id(name): weight for name, weight in terms.items()}
    made.objective_direction = "min" if model.minimise else "max"
    return made


def _entries(item: Any, namespaces: dict[str, str]) -> list[str]:
    found = [item.annotation.get(namespace) or [] for namespace in namespaces.values()]
    return [
        ";".join(sorted([entries] if isinstance(entries, str) else map(str, entries)))
        for entries in found
    ]


def _annotation(row: dict[Any, Any], namespaces: dict[str, str]) -> dict[str, list[str]]:
    return {
        namespace: str(row[column]).split(";")
        for column, namespace in namespaces.items()
        if row.get(column)
    }


def _rule(top: ast.AST, make: RuleMaker) -> Rule:
    done: dict[int, Rule] = {}
    waiting = [(top, False)]
    while waiting:
        node, ready = waiting.pop()
        if not isinstance(node, ast.BoolOp):
            assert isinstance(node, ast.Name)  # cobra's rules hold nothing else
            done[id(node)] = node.id
        elif ready:
            operator = "and" if isinstance(node.op, ast.And) else "or"
            done[id(node)] = make(operator, [done[id(part)] for part in node.values])
        else:
            waiting.append((node, True))
            waiting.extend((part, False) for part in node.values)
    return done[id(top)]


def _shallow(rule: Rule, reaction: str) -> Rule:
    """Write a rule that is too deep for cobra, which works by recursion, as its complexes."""
    if depth_of(rule) <= _DEEPEST:
        return rule
    try:
        shallow = compose_gpr(gene_complexes(rule))
    except OverflowError as error:
        raise InputError(
            f"reaction {reaction!r}",
            f"its gene rule has more than {_DEEPEST} levels, too deep for cobra, and {error}",
            "write it simpler",
        ) from error
    assert shallow is not None  # complexes of genes
    return shallow


def _node(rule: Rule) -> ast.expr:
    def join(operator: str, parts: list[ast.expr]) -> ast.expr:
        return ast.BoolOp(ast.And() if operator == "and" else ast.Or(), parts)

    return fold(rule, lambda gene: ast.Name(gene, ast.Load()), join)
