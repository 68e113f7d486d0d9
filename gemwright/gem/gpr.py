"""Gene-protein-reaction rules (GPR): AND within a complex, OR between isozymes.

A rule is a gene id, or a pair of ``"and"``/``"or"`` and its parts; ``None`` is the rule of a
reaction without genes, which is always on.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import product
from typing import TypeAlias, TypeVar

import pandas as pd

from gemwright.errors import InputError
from gemwright.io.limits import RULE_DEPTH

Rule: TypeAlias = str | tuple[str, tuple["Rule", ...]]

# pseudo-genes that BiGG's models give to reactions which need no enzyme (CarveMe's list)
SPONTANEOUS_GENES = frozenset({"s0001", "S0001", "s_0001", "S_0001", "KPN_SPONT", "PP_s0001"})

_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_WORDS = {"and": "and", "&": "and", "&&": "and", "or": "or", "|": "or", "||": "or"}
_SHOWN = 200  # letters of a rule that a message quotes

#: A rule is not expanded if it stands for more complexes than this.
MAX_COMPLEXES = 10_000

T = TypeVar("T")


class RuleMaker:
    """Makes rules of which equal ones are one object, so that deep ones are never compared."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, tuple[str | int, ...]], Rule] = {}

    def __call__(self, operator: str, parts: Iterable[Rule]) -> Rule:
        """Join parts by ``"and"`` or ``"or"``; a single part is the rule itself."""
        joined = tuple(parts)
        if len(joined) == 1:
            return joined[0]
        key = operator, tuple(part if isinstance(part, str) else id(part) for part in joined)
        return self._made.setdefault(key, (operator, joined))


def fold(rule: Rule, leaf: Callable[[str], T], node: Callable[[str, list[T]], T]) -> T:
    """Work a rule out from its genes up; rules may be nested thousands deep.

    Parameters
    ----------
    rule : Rule
        The rule.
    leaf : callable
        Value of a gene.
    node : callable
        Value of ``"and"`` or ``"or"`` of the values of its parts.
    """
    done: dict[int, T] = {}
    waiting: list[tuple[Rule, bool]] = [(rule, False)]
    while waiting:
        part, ready = waiting.pop()
        if id(part) in done:
            continue
        if isinstance(part, str):
            done[id(part)] = leaf(part)
        elif ready:
            done[id(part)] = node(part[0], [done[id(inner)] for inner in part[1]])
        else:
            waiting.append((part, True))
            waiting.extend((inner, False) for inner in reversed(part[1]))
    return done[id(rule)]


def depth_of(rule: Rule) -> int:
    """Levels of AND and OR: 0 of a gene."""
    return fold(rule, lambda gene: 0, lambda operator, parts: 1 + max(parts))


def parse_gpr(text: str, make: RuleMaker | None = None) -> Rule | None:
    """Parse a rule such as ``(b0001 and b0002) or b0003``.

    ``and`` binds tighter than ``or``, as in Python; case does not matter, and ``&``, ``&&``,
    ``|`` and ``||`` are understood.

    Parameters
    ----------
    text : str
        The rule; empty for no genes.
    make : RuleMaker, optional
        That of the other rules of the model.

    Raises
    ------
    InputError
        If the text is no rule, or one of more levels than `RULE_DEPTH`.
    """
    tokens = _TOKEN.findall(text)
    if not tokens:
        return None
    make = make or RuleMaker()

    def fail(problem: str) -> InputError:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
        return InputError(
            f"gene rule {shown!r}", problem, "write it like '(b0001 and b0002) or b0003'"
        )

    # for each open parenthesis: what is joined by "or", and what by "and" since the last "or"
    open_: list[tuple[list[Rule], list[Rule]]] = [([], [])]
    deepest, wanted = 0, True
    for token in tokens:
        kind = _WORDS.get(token.lower(), token)
        if wanted:
            if kind in ("and", "or", ")"):
                raise fail(f"{token!r} stands where a gene should stand")
            if kind == "(":
                open_.append(([], []))
                deepest = max(deepest, len(open_))
            else:
                open_[-1][1].append(token)
                wanted = False
            continue
        ors, ands = open_[-1]
        if kind == "or":
            ors.append(make("and", ands))
            ands.clear()
        if kind in ("and", "or"):
            wanted = True
        elif kind == ")" and len(open_) > 1:
            open_.pop()
            open_[-1][1].append(make("or", [*ors, make("and", ands)]))
        elif len(open_) > 1:
            raise fail("a parenthesis is not closed")
        else:
            raise fail(f"{token!r} is one too many")
    if wanted:
        raise fail("ends where a gene should stand")
    if len(open_) > 1:
        raise fail("a parenthesis is not closed")
    ors, ands = open_[0]
    rule = make("or", [*ors, make("and", ands)])
    if deepest > RULE_DEPTH and depth_of(rule) > RULE_DEPTH:
        raise fail(f"it has more than {RULE_DEPTH:,} levels of 'and' and 'or'")
    return rule


def parse_rules(texts: Mapping[str, str]) -> dict[str, Rule]:
    """Parse the rules of reactions, each text once; reactions without genes are left out.

    Raises
    ------
    InputError
        If a text is no rule.
    """
    make = RuleMaker()
    parsed = {text: parse_gpr(text, make) for text in set(texts.values())}
    return {name: rule for name, text in texts.items() if (rule := parsed[text]) is not None}


def format_gpr(rule: Rule | None) -> str:
    """Write a rule as text that `parse_gpr` reads back, ``""`` for None."""
    if rule is None:
        return ""
    if isinstance(rule, str):
        return rule
    text = fold(rule, str, lambda operator, parts: f"({f' {operator} '.join(parts)})")
    return text[1:-1]


def genes_of(rule: Rule | None) -> frozenset[str]:
    """Genes that a rule names."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Rule] = [] if rule is None else [rule]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            found.add(part)
        elif id(part) not in seen:
            seen.add(id(part))
            waiting.extend(part[1])
    return frozenset(found)


def without_genes(rule: Rule, lost: Collection[str]) -> Rule | None:
    """Rest of a rule when the alternatives that need a gene in `lost` are gone; None for none.

    The rule itself, the same object, if it needs none of them.
    """
    if genes_of(rule).isdisjoint(lost):
        return rule
    make = RuleMaker()

    def rest(operator: str, left: list[Rule | None]) -> Rule | None:
        kept = [part for part in left if part is not None]
        if not kept or (operator == "and" and len(kept) < len(left)):
            return None
        return make(operator, kept)

    def gene_left(gene: str) -> Rule | None:
        return None if gene in lost else gene

    return fold(rule, gene_left, rest)


def lethal_genes(rule: Rule | None) -> frozenset[str]:
    """Genes whose loss alone switches a rule off.

    Rules have no negation, so that this is exact: any subunit of a complex, and of isozymes
    only what every one of them needs.
    """

    def lethal(operator: str, sets: list[frozenset[str]]) -> frozenset[str]:
        return frozenset.union(*sets) if operator == "and" else frozenset.intersection(*sets)

    return frozenset() if rule is None else fold(rule, lambda gene: frozenset({gene}), lethal)


def gene_complexes(rule: Rule | None) -> list[frozenset[str]]:
    """Complexes that a rule stands for: its disjunctive form, as written, nothing absorbed.

    Raises
    ------
    OverflowError
        If there are more than `MAX_COMPLEXES` of them.
    """

    def join(operator: str, parts: list[list[frozenset[str]]]) -> list[frozenset[str]]:
        sizes = [len(part) for part in parts]
        if (math.prod(sizes) if operator == "and" else sum(sizes)) > MAX_COMPLEXES:
            raise OverflowError(f"the rule stands for more than {MAX_COMPLEXES} complexes")
        if operator == "or":
            return list(dict.fromkeys(genes for part in parts for genes in part))
        return list(dict.fromkeys(frozenset().union(*chosen) for chosen in product(*parts)))

    return [] if rule is None else fold(rule, lambda gene: [frozenset({gene})], join)


def compose_gpr(complexes: Iterable[Iterable[str]]) -> Rule | None:
    """Make the rule of a reaction: OR over complexes of AND over subunits.

    Complexes that contain another one whole are left out, since they change nothing
    (``A or (A and B)`` is ``A``); parts are sorted.

    Parameters
    ----------
    complexes : iterable of iterables of str
        The subunits' genes of each complex.

    Returns
    -------
    rule or None
        None if there are no complexes, or if one of them needs no gene.
    """
    sets = sorted({frozenset(genes) for genes in complexes}, key=lambda s: (len(s), sorted(s)))
    if not sets or not sets[0]:
        return None
    minimal: list[frozenset[str]] = []
    for genes in sets:
        if not any(kept <= genes for kept in minimal):
            minimal.append(genes)
    parts: list[Rule] = [
        next(iter(genes)) if len(genes) == 1 else ("and", tuple(sorted(genes)))
        for genes in sorted(minimal, key=sorted)
    ]
    return parts[0] if len(parts) == 1 else ("or", tuple(parts))


def rename_genes(rule: Rule, names: Mapping[str, str]) -> Rule:
    """Give the genes of a rule of `compose_gpr` other ids; parts are sorted by the new ones."""
    if isinstance(rule, str):
        return names[rule]
    operator, parts = rule
    renamed = (rename_genes(part, names) for part in parts)
    return operator, tuple(sorted(renamed, key=lambda part: sorted(genes_of(part))))


def gene_losses(rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Reactions that each single gene's knock-out switches off.

    Parameters
    ----------
    rules : mapping of str to Rule
        Rule of each reaction that has one.

    Returns
    -------
    pandas.DataFrame
        gene, reaction; sorted. Genes whose loss switches nothing off have no row.
    """
    distinct = {id(rule): rule for rule in rules.values()}
    lethal = {key: lethal_genes(rule) for key, rule in distinct.items()}
    rows = [(gene, reaction) for reaction, rule in rules.items() for gene in lethal[id(rule)]]
    return pd.DataFrame(sorted(rows), columns=["gene", "reaction"])


def rule_genes(rules: Iterable[Rule]) -> list[str]:
    """All genes named in the rules, sorted."""
    distinct = {id(rule): rule for rule in rules}
    return sorted(frozenset().union(*map(genes_of, distinct.values())))
