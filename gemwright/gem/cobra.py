"""Models to and from `cobra.Model`, in memory."""

import ast
from typing import Any

import pandas as pd

from gemwright.gem.gpr import Rule
from gemwright.gem.model import REACTION_NAMESPACES, SPECIES_NAMESPACES, MetabolicModel


def from_cobra(model: Any) -> MetabolicModel:
    """Tables of a `cobra.Model`; of several objective reactions the first counts."""
    species = pd.DataFrame(
        [
            (
                item.id,
                item.id.removesuffix(f"_{item.compartment}"),
                item.compartment or "",
                item.name or "",
                item.formula or "",
                item.charge,
                *_entries(item, SPECIES_NAMESPACES),
            )
            for item in model.metabolites
        ],
        columns=["species", "metabolite", "compartment", "name", "formula", "charge",
                 *SPECIES_NAMESPACES],
    )  # fmt: skip
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
    objective = [item.id for item in model.reactions if item.objective_coefficient]
    return MetabolicModel(
        model.id or "model",
        species.astype({"charge": "Int64"}),
        reactions,
        stoichiometry,
        objective[0] if objective else "",
        {item.id: _rule(item.gpr.body) for item in model.reactions if item.gpr.body},
        {item.id: item.name for item in model.genes if item.name and item.name != item.id},
    )


def to_cobra(model: MetabolicModel) -> Any:
    """Make a `cobra.Model` of a model.

    Returns
    -------
    cobra.Model
        With names, formulas, charges (None where they are not known), annotations, gene rules,
        names of genes, bounds and objective.
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
        item.annotation = _annotation(row, SPECIES_NAMESPACES)
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
            body = ast.Expression(_node(model.rules[row["reaction"]]))
            reaction.gpr = cobra.core.gene.GPR(body)
        reaction.annotation = _annotation(row, REACTION_NAMESPACES)
        reactions.append(reaction)
    made.add_metabolites(list(metabolites.values()))
    made.add_reactions(reactions)
    for gene in made.genes:
        gene.name = model.gene_names.get(gene.id, "")
    if model.objective:
        made.objective = model.objective
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


def _rule(node: ast.AST) -> Rule:
    if isinstance(node, ast.BoolOp):
        parts = tuple(map(_rule, node.values))
        return ("and" if isinstance(node.op, ast.And) else "or"), parts
    assert isinstance(node, ast.Name)  # cobra's rules hold nothing else
    return node.id


def _node(rule: Rule) -> ast.expr:
    if isinstance(rule, str):
        return ast.Name(rule, ast.Load())
    operator, parts = rule
    return ast.BoolOp(ast.And() if operator == "and" else ast.Or(), list(map(_node, parts)))
