"""A user's strategies for a model that is still to be made, checked against its proteome."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from gemwright.config.inputs import InputOptions
from gemwright.errors import InputError
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import metabolite_of
from gemwright.inputs.checks import alike, check_genes, did_you_mean
from gemwright.inputs.gene_ids import read_aliases
from gemwright.inputs.metabolite_ids import NAME, Found, MetaboliteNames
from gemwright.inputs.organism import metabolite_names
from gemwright.inputs.unknown_names import HINTED, Translation, Unknown, check_share
from gemwright.io.user_tables import UserTable
from gemwright.sources.bigg_snapshot import WIDEST_UNIVERSE, read_universe
from gemwright.strain_design.strategy_table import gene_splitter, read_strategy_table, tell_all


def check_strategies(
    path: str | Path,
    universe: str,
    species: pd.DataFrame,
    genes: Collection[str],
    options: InputOptions | None = None,
    called: str | Path | None = None,
) -> list[Translation]:
    """Check strategies against what an organism's reconstruction can hold, before it is made.

    Parameters
    ----------
    path : str or Path
        As of `gemwright.strain_design.strategy_table.read_strategy_table`.
    universe : str
        Universe of the organism, ``""`` if it is to be guessed.
    species : pandas.DataFrame
        Metabolites of the universal model, as of `gemwright.inputs.organism.prepare_organism`.
    genes : collection of str
        Ids of the proteome.
    options : InputOptions, optional
        Below `known_genes` of them, genes are looked for in another style. All have to be known
        in the end: a strategy without one of its genes is another.
    called : str or Path, optional
        Table of the genes of its genome, whose other names are known as well.

    Returns
    -------
    list of Translation
        Genes and targets that are written otherwise than in the proteome and in the universe.

    Raises
    ------
    InputError
        With all genes that the proteome has not, and all targets of which BiGG has no metabolite,
        and their lines; or if a line names none.
    """
    options = options or InputOptions()
    table = read_strategy_table(path)
    known = frozenset(genes)
    aliases = read_aliases(called, known) if called else {}
    words = list(map(gene_splitter({*known, *aliases}), table.frame["deleted"]))
    wrong = [
        InputError(table.where(row), "names no gene", "write deleted genes, separated by ';'")
        for row, found in enumerate(words)
        if not found
    ]
    rows = [
        (word, place) for found, place in zip(words, table.places, strict=True) for word in found
    ]
    each = pd.DataFrame({"gene": [word for word, _ in rows]}, dtype=object)
    deleted = UserTable(table.path, each, [place for _, place in rows])
    told: list[Translation] = []

    try:
        check_genes(deleted, "gene", known, options.known_genes, told, aliases, 1.0)
    except InputError as error:
        wrong.append(error)
    try:
        told += _check_targets(table, read_universe(universe or WIDEST_UNIVERSE), species)
    except InputError as error:
        wrong.append(error)
    tell_all(wrong, table.path)
    return told


def _check_targets(
    table: UserTable, universe: MetabolicModel, species: pd.DataFrame
) -> list[Translation]:
    """Check that targets are metabolites of BiGG in a compartment; tell what was translated."""
    names = metabolite_names(species, universe)
    members = list(universe.species["species"])
    compartments = {name.rpartition("_")[2] for name in members}
    told: list[Translation] = []
    unknown: list[Unknown] = []
    example = ""
    for row, text in enumerate(table.frame["target"]):
        ending = text.removeprefix(metabolite_of(text)).strip("_[]()").rstrip("0123456789")
        known = ending in compartments
        meant = names.find(metabolite_of(text)) if known else Found(())
        # names are suggested only: short ones are abbreviations of other compounds
        if known and len(meant.metabolites) == 1 and meant.kind != NAME:
            target = f"{meant.metabolites[0]}_{ending}"
            example = example or target
            if target != text:
                kind = f"target by {meant.kind}"
                told.append(
                    Translation(table.path, table.places[row], text, kind, target, meant.source)
                )
            continue
        hint = _target_hint(text, names, members) if len(unknown) < HINTED else ""
        unknown.append(Unknown(row, text, hint))
    check_share(
        table,
        unknown,
        1.0,
        "known targets",
        example or "succ_e",
        "name a species with its compartment, like 'succ_e'",
        "",
    )
    return told


def _target_hint(text: str, names: MetaboliteNames, members: list[str]) -> str:
    if not text:
        return " (the cell is empty)"
    found = {*names.find(text).metabolites, *names.find(metabolite_of(text)).metabolites}
    near = [name for name in members if metabolite_of(name) in found]
    return did_you_mean(dict.fromkeys([*near[:5], *alike(text, members)]))
