"""A user's own strategies: read from a table, checked item by item, and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.arrays import BoolArray, FloatArray
from gemwright.errors import InputError
from gemwright.gem.knockout import knock_out_genes
from gemwright.inputs.checks import EXCEL_MADE, close_ids
from gemwright.inputs.gene_ids import match_genes
from gemwright.inputs.unknown_names import HINTED
from gemwright.strain_design.strain import Coupling, StrainModel
from gemwright.strain_design.strategy_table import gene_splitter, read_strategy_table, tell_all
from gemwright.strain_design.targets import check_target


@dataclass(frozen=True)
class UserStrategy:
    """One line of a user's table.

    Attributes
    ----------
    line : int
        Where it stands in the file, from 1.
    target : str
        A species of the model.
    deleted : numpy.ndarray of bool, shape (n_genes,)
        Which genes are deleted.
    """

    line: int
    target: str
    deleted: BoolArray


def read_user_strategies(
    path: str | Path,
    strain: StrainModel,
    gene_names: Mapping[str, str] | None = None,
    meant: Mapping[str, str] | None = None,
) -> list[UserStrategy]:
    """Read a user's strategies and check them against a model.

    Parameters
    ----------
    path : str or Path
        As of `gemwright.strain_design.strategy_table.read_strategy_table`.
    strain : StrainModel
        The model.
    gene_names : mapping of str to str, optional
        Gene to name: a name that only one gene has may stand for it.
    meant : mapping of str to str, optional
        What genes and targets of the table stand for, if they are written otherwise than in the
        model; see `gemwright.strain_design.strategy_checks.check_strategies`.

    Raises
    ------
    InputError
        With all names that are wrong and their lines: a line names no gene or no target, or one
        that the model has not. Only if there is none: with all targets that cannot be produced
        and all strategies with a gene that the strain cannot live without.
    """
    given = read_strategy_table(path)
    table = given.frame
    names, meant = gene_names or {}, meant or {}
    named: dict[str, list[str]] = {}
    for gene, name in names.items():
        if gene in strain.states.index:
            named.setdefault(name, []).append(gene)
    split = gene_splitter({*strain.genes, *names.values(), *meant})
    wrong: list[InputError] = []
    strategies = []
    for row, (line, written, text) in enumerate(
        zip(given.numbers, table["target"], table["deleted"], strict=True)
    ):
        where, target = given.where(row), meant.get(written, written)
        try:
            _check_name(strain, target, where)
        except InputError as error:
            wrong.append(error)
        words = [meant.get(word, word) for word in split(text)]
        if not words:
            wrong.append(
                InputError(where, "names no gene", "write deleted genes, separated by ';'")
            )
        genes = []
        for word in words:
            try:
                genes.append(_gene(strain, word, where, named, len(wrong) < HINTED))
            except InputError as error:
                wrong.append(error)
        strategies.append(UserStrategy(line, target, strain.gene_mask(genes)))
    tell_all(wrong, given.path)
    judged: set[str] = set()
    impossible: set[str] = set()
    living: set[tuple[str, bytes]] = set()
    alone: dict[str, FloatArray] = {}
    for row, strategy in enumerate(strategies):
        where = given.where(row)
        try:
            if strategy.target not in judged:
                judged.add(strategy.target)
                impossible.add(strategy.target)
                check_target(strain, strategy.target, where)
                impossible.remove(strategy.target)
            same = strategy.target, strategy.deleted.tobytes()
            if strategy.target not in impossible and same not in living:
                _check_essential(strain, strategy, where, alone)
                living.add(same)
        except InputError as error:
            wrong.append(error)
    tell_all(wrong, given.path)
    return strategies


def _check_name(strain: StrainModel, target: str, where: str) -> None:
    """Refuse a target that the model does not know, with names that are close."""
    if not target:
        raise InputError(where, "names no target", "write a species such as 'succ_e'")
    try:
        strain.production_reaction(target)
    except InputError as error:
        close = close_ids(target, strain.flux.species)
        hint = "" if " if you mean that" in error.cure else close
        raise InputError(f"{where}, {error.where}", error.what + hint, error.cure) from error


def judge_user_strategies(strain: StrainModel, strategies: list[UserStrategy]) -> pd.DataFrame:
    """Judge strategies.

    Returns
    -------
    pandas.DataFrame
        line, target, deletions, growth_rate (1/h), production_rate (mmol/gDW/h, guaranteed; NaN
        without growth), coupled, deleted (tuple of genes).
    """
    rows = []
    judged: dict[tuple[str, bytes], Coupling] = {}
    for item in strategies:
        same = item.target, item.deleted.tobytes()
        if same not in judged:
            judged[same] = strain.judge(item.target, item.deleted)
        coupling = judged[same]
        genes = strain.names(item.deleted)
        rows.append(
            (
                item.line,
                item.target,
                len(genes),
                coupling.growth_rate,
                coupling.production_rate + 0.0,
                coupling.coupled,
                tuple(genes),
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "line", "target", "deletions", "growth_rate", "production_rate", "coupled", "deleted",
        ],
    )  # fmt: skip


def _gene(
    strain: StrainModel, word: str, where: str, by_name: Mapping[str, list[str]], hinted: bool
) -> str:
    if word in strain.states.index:
        return word
    named = by_name.get(word, [])
    if len(named) == 1:
        return named[0]
    if named:
        raise InputError(
            f"{where}, gene {word!r}",
            f"is the name of {len(named)} genes ({', '.join(sorted(named))})",
            "write the gene's id",
        )
    # only the style is suggested: ids that look alike (b1611, b1612) are other genes
    everything = {*strain.genes, *by_name}
    near = sorted({*match_genes([word], everything, 1.0)[0].values()}) if hinted else []
    hint = " (Excel may have made this of a name)" if EXCEL_MADE.fullmatch(word) else ""
    raise InputError(
        f"{where}, gene {word!r}",
        f"is not in model {strain.model.identifier!r}{hint}",
        f"write {' or '.join(map(repr, near))} if you mean that"
        if near
        else f"name genes as the model does, for example {strain.genes[0]!r}",
    )


def _check_essential(
    strain: StrainModel, strategy: UserStrategy, where: str, alone: dict[str, FloatArray]
) -> None:
    """Refuse a strategy with an essential gene; `alone` keeps each gene's growth by target."""
    target, deleted = strategy.target, strategy.deleted
    # deleting more never lets a strain grow faster: if it grows, no gene in it was essential
    if strain.judge(target, deleted).growth_rate >= strain.thresholds.growth:
        return
    if target not in alone:
        with strain.exporting(target):
            growth = knock_out_genes(strain.flux, strain.model.rules)["growth_rate"]
        alone[target] = growth.to_numpy()
    essential = np.flatnonzero(deleted & (alone[target] < strain.thresholds.growth))
    if essential.size:
        first = strain.genes[essential[0]]
        raise InputError(
            f"{where}, gene {first!r}",
            "is essential: without it the strain does not grow"
            + (f" (nor without {essential.size - 1} others here)" if essential.size > 1 else ""),
            "leave it out of the strategy",
        )
