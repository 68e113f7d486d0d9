"""Designed strains as models, and as SBML."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.arrays import BoolArray
from gemwright.gem.gpr import format_gpr, without_genes
from gemwright.gem.identifiers import sbml_id
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_writer import write_sbml
from gemwright.strain_design.designs import mask_of
from gemwright.strain_design.strain import EXPORT_BOUND, StrainModel

_FILE_NAME = re.compile(r"[\w()\[\]+-][\w()\[\]+.-]{0,200}", re.ASCII)


def designed_model(
    strain: StrainModel, target: str, deleted: BoolArray, identifier: str = ""
) -> tuple[MetabolicModel, dict[str, list[str]]]:
    """Make a model of the strain itself.

    Reactions that the deletions switch off are kept with bounds of 0 and their old rule; other
    rules lose the alternatives that need a deleted gene. The target's export is in the model.

    Parameters
    ----------
    strain : StrainModel
        The model.
    target : str
        A species.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Which genes are deleted.
    identifier : str
        Of the new model; by default made of the model's and the target's.

    Returns
    -------
    model : MetabolicModel
        Judged without deletions, it gives the rates of the strain.
    notes : dict of str to list of str
        What was done to each part, for `write_sbml`.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    production = strain.production_reaction(target)
    genes = frozenset(strain.names(deleted))
    lost = {strain.flux.reactions[column] for column in strain.lost_columns(deleted)}
    coupling = strain.judge(target, deleted)
    notes = {
        "": [
            f"strain: {strain.model.identifier} without {len(genes)} genes, for {target}",
            f"deleted genes: {'; '.join(sorted(genes))}",
            f"largest growth rate (1/h): {coupling.growth_rate:.6g}",
            f"guaranteed production of {target} (mmol/gDW/h): {coupling.production_rate:.6g}",
        ]
    }
    reactions = strain.model.reactions.copy()
    closed = reactions["reaction"].isin(lost)
    for row in reactions[closed].itertuples(index=False):
        notes[sbml_id("R_", str(row.reaction))] = [
            f"switched off: by the deleted genes, bounds before {row.lower_bound:g} and"
            f" {row.upper_bound:g}"
        ]
    reactions.loc[closed, ["lower_bound", "upper_bound"]] = 0.0

    rules = dict(strain.model.rules)
    for reaction, rule in strain.model.rules.items():
        left = without_genes(rule, genes)
        if reaction not in lost and left is not None and left is not rule:
            rules[reaction] = left
            notes[sbml_id("R_", reaction)] = [f"gene rule before: {format_gpr(rule)}"]
    for gene in genes:
        notes[sbml_id("G_", gene)] = ["deleted: yes"]

    stoichiometry = strain.model.stoichiometry
    if production not in set(reactions["reaction"]):
        export = {
            "reaction": production,
            "name": f"export of {target}, added for strain design",
            "lower_bound": 0.0,
            "upper_bound": EXPORT_BOUND,
        }
        reactions = pd.concat([reactions, pd.DataFrame([export])], ignore_index=True)
        text_columns = reactions.columns.difference(["lower_bound", "upper_bound"])
        reactions[text_columns] = reactions[text_columns].fillna("")
        leaves = {"reaction": production, "species": target, "coefficient": -1.0}
        stoichiometry = pd.concat([stoichiometry, pd.DataFrame([leaves])], ignore_index=True)
        notes[sbml_id("R_", production)] = [f"added: export of {target}"]
    model = replace(
        strain.model,
        identifier=identifier or f"{strain.model.identifier}_{target}",
        reactions=reactions,
        stoichiometry=stoichiometry,
        rules=rules,
    )
    return model, notes


def write_design(
    strain: StrainModel,
    target: str,
    deleted: BoolArray,
    path: str | Path,
    gene_names: Mapping[str, str] | None = None,
    identifier: str = "",
) -> None:
    """Write a strain as SBML; see `designed_model`. What was changed is written in notes.

    Raises
    ------
    InputError
        If the model has no such species.
    """
    model, notes = designed_model(strain, target, deleted, identifier)
    if gene_names is not None:
        model = replace(model, gene_names=gene_names)
    write_sbml(model, path, notes)


def file_stem(name: str) -> str:
    """Name of a file for a name that may hold what files cannot be called, such as ``/``."""
    return name if _FILE_NAME.fullmatch(name) else sbml_id("", name)


def write_best_designs(
    strain: StrainModel,
    designs: pd.DataFrame,
    folder: str | Path,
    gene_names: Mapping[str, str] | None = None,
) -> None:
    """Write the first design of each target as ``<folder>/<target>_1.xml``.

    Parameters
    ----------
    strain : StrainModel
        The model.
    designs : pandas.DataFrame
        Tables of `rank_designs`, put together; what is not coupled has no rank and no file.
    folder : str or Path
        Where to write.
    gene_names : mapping of str to str, optional
        Gene to name.
    """
    for _, design in designs[designs["rank"].eq(1).fillna(False)].iterrows():
        name = f"{design['target']}_1"
        deleted, identifier = mask_of(strain, design), f"{strain.model.identifier}_{name}"
        path = Path(folder) / f"{file_stem(name)}.xml"
        write_design(strain, design["target"], deleted, path, gene_names, identifier)
