"""Gene ids of another style, matched with those of a proteome."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from gemwright.io.tables import read_results, require_columns

# headers of UniProt and NCBI that have an accession inside
_ACCESSION = re.compile(
    r"(?:sp|tr)\|(?P<uniprot>[^|]+)\|.*|gi\|\d+\|[a-z]+\|(?P<gi>[^|]+)\|.*"
    r"|lcl\|.+_(?:prot|cds)_(?P<lcl>[A-Z]{2,3}_?\d+\.\d+)_\d+"
)


def _accession(text: str) -> str:
    found = _ACCESSION.fullmatch(text)
    return next(filter(None, found.groups())) if found else text


# what ids of one gene may differ in; each is a habit of a whole table, never of a single row
STYLES: dict[str, Callable[[str], str]] = {
    "accession": _accession,
    "prefix": lambda text: re.sub(
        r"^(?:(?:gene|cds|rna|mrna|protein|locus|locus_tag|lcl|gnl|ref|gb|emb|sp|tr)[:|-]"
        r"|[a-z]{2,5}:|\d{2,8}\.(?=[A-Za-z])|G_)+",
        "",
        text,
        flags=re.IGNORECASE,
    ).strip("|"),
    "capitals": str.upper,
    "underscore": lambda text: re.sub(r"[_-]", "", text),
    "version": lambda text: re.sub(r"\.\d+$", "", text),
}

# in the order in which they count; several old tags may stand in one cell
_ALIASES = ("old_locus_tag", "protein_id", "symbol")


class Alias(NamedTuple):
    """A gene, and what the name is by which it was found; empty for its id."""

    gene: str
    kind: str


def read_aliases(genes: str | Path, known: Collection[str]) -> dict[str, Alias]:
    """Read how else the genes of a genome are called.

    Parameters
    ----------
    genes : str or Path
        Table of `gemwright.inputs.called_genes.GENE_COLUMNS`.
    known : collection of str
        Ids of the proteome; other genes have no alias.

    Returns
    -------
    dict of str to Alias
        Old locus tags, ids of proteins and symbols that only one gene has.

    Raises
    ------
    InputError
        If the table is damaged or lacks a column.
    """
    table = read_results(genes).fillna("")
    require_columns(table, ["gene", *_ALIASES], str(genes), "table of genes")
    owners: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for kind in _ALIASES:
        for gene, cell in zip(table["gene"], table[kind], strict=True):
            for name in re.split(r"[,;\s]+", cell):
                if name and name not in known:
                    owners[name].add(gene)
                    kinds.setdefault(name, kind)
    return {
        name: Alias(gene, kinds[name])
        for name, (gene, *others) in owners.items()
        if not others and gene in known
    }


def match_names(
    given: Sequence[str], known: Collection[str], least: float, aliases: Mapping[str, Alias]
) -> tuple[dict[str, Alias], tuple[str, ...]]:
    """Match names with genes, by their ids, their aliases, or one of these in another style.

    Parameters
    ----------
    given : sequence of str
        Names of a table.
    known : collection of str
        Ids of the proteome.
    least : float
        Share of the names that has to be found; below it, another style is tried.
    aliases : mapping of str to Alias
        As of `read_aliases`.

    Returns
    -------
    matches : dict of str to Alias
        Given name to its gene, where there is exactly one.
    style : tuple of str
        As of `match_genes`.
    """
    own = {name: Alias(name, "") for name in known}
    exact = {name: aliases[name] for name in given if name in aliases}
    exact |= {name: own[name] for name in given if name in own}
    if len(exact) >= least * len({*given}):
        return exact, ()
    best: dict[str, Alias] = exact
    used: tuple[str, ...] = ()
    for kind in ("", *_ALIASES):
        names = {name: alias for name, alias in aliases.items() if alias.kind == kind} or (
            {} if kind else own
        )
        matches, style = match_genes(given, names, least)
        found = {name: names[match] for name, match in matches.items()} | exact
        if len(found) > len(best):
            best, used = found, style
    return best, used


def match_genes(
    given: Sequence[str], known: Collection[str], least: float
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Match ids with those of a proteome, as they are or in one other style.

    Another style is tried only if fewer than `least` of the ids are known as they are: in a table
    whose ids fit, ``PA0527.1`` is another gene than ``PA0527``.

    Parameters
    ----------
    given : sequence of str
        Ids of a table.
    known : collection of str
        Ids of the proteome.
    least : float
        Share of the ids that has to be found.

    Returns
    -------
    matches : dict of str to str
        Given id to the proteome's, where there is exactly one.
    style : tuple of str
        Names of `STYLES` in which they differ; empty if they are known as they are.
    """
    given = list(dict.fromkeys(given))
    plain = {name: name for name in given if name in known}
    if len(plain) >= least * len(given) or not known:
        return plain, ()
    best: tuple[dict[str, str], tuple[str, ...]] = (plain, ())
    for size in range(1, len(STYLES) + 1):
        for style in combinations(STYLES, size):
            matches = _in_style(given, known, style)
            if len(matches) > len(best[0]):
                best = matches, style
        if best[1] and len(best[0]) >= least * len(given):
            break
    return best


def _in_style(given: Sequence[str], known: Collection[str], style: Sequence[str]) -> dict[str, str]:
    def key(text: str) -> str:
        for name in style:
            text = STYLES[name](text)
        return text

    theirs: dict[str, list[str]] = defaultdict(list)
    for name in known:
        theirs[key(name)].append(name)
    ours: dict[str, set[str]] = defaultdict(set)
    for name in given:
        ours[key(name)].add(name)
    # two ids with one key may be two genes: neither is matched
    return {
        name: theirs[spelt][0]
        for spelt, names in ours.items()
        if spelt and len(names) == 1 and len(theirs.get(spelt, ())) == 1
        for name in names
    }
