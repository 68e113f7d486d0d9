"""Gene-protein-reaction rules (GPR): AND within a complex, OR between isozymes.

A rule is a gene id, or a pair of ``"and"``/``"or"`` and its parts; ``None`` is the rule of a
reaction without genes, which is always on.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

import pandas as pd

from gemwright.errors import InputError

Rule: TypeAlias = str | tuple[str, tuple["Rule", ...]]

# pseudo-genes that BiGG's models give to reactions which need no enzyme (CarveMe's list)
SPONTANEOUS_GENES = frozenset({"s0001", "S0001", "s_0001", "S_0001", "KPN_SPONT", "PP_s0001"})

_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def parse_gpr(text: str) -> Rule | None:
    """Parse a rule such as ``(b0001 and b0002) or b0003``.

    ``and`` binds tighter than ``or``, as in Python; case does not matter, and ``&``, ``&&``,
    ``|`` and ``||`` are understood.

    Parameters
    ----------
    text : str
        The rule; empty for no genes.

    Raises
    ------
    InputError
        If the text is no rule.
    """
    tokens = _TOKEN.findall(text)
    if not tokens:
        return None
    words = {"and": "and", "&": "and", "&&": "and", "or": "or", "|": "or", "||": "or"}
    kinds = [words.get(token.lower(), token) for token in tokens]
    position = 0

    def fail(problem: str) -> InputError:
        return InputError(
            f"gene rule {text!r}", problem, "write it like '(b0001 and b0002) or b0003'"
        )

    def chain(operator: str) -> Rule:
        nonlocal position
        parts: list[Rule] = [chain("and") if operator == "or" else atom()]
        while position < len(kinds) and kinds[position] == operator:
            position += 1
            parts.append(chain("and") if operator == "or" else atom())
        return parts[0] if len(parts) == 1 else (operator, tuple(parts))

    def atom() -> Rule:
        nonlocal position
        if position == len(kinds):
            raise fail("ends where a gene should stand")
        token: str = kinds[position]
        position += 1
        if token in ("and", "or", ")"):
            raise fail(f"{tokens[position - 1]!r} stands where a gene should stand")
        if token != "(":
            return token
        inner: Rule = chain("or")
        if position == len(kinds) or kinds[position] != ")":
            raise fail("a parenthesis is not closed")
        position += 1
        return inner

    rule = chain("or")
    if position != len(kinds):
        raise fail(f"{tokens[position]!r} is one too many")
    return rule


def parse_rules(texts: Mapping[str, str]) -> dict[str, Rule]:
    """Parse the rules of reactions, each text once; reactions without genes are left out.

    Raises
    ------
    InputError
        If a text is no rule.
    """
    parsed = {text: parse_gpr(text) for text in set(texts.values())}
    return {name: rule for name, text in texts.items() if (rule := parsed[text]) is not None}


def format_gpr(rule: Rule | None) -> str:
    """Write a rule as text that `parse_gpr` reads back, ``""`` for None."""
    if rule is None:
        return ""
    if isinstance(rule, str):
        return rule
    operator, parts = rule
    texts = [
        f"({format_gpr(part)})" if isinstance(part, tuple) else format_gpr(part) for part in parts
    ]
    return f" {operator} ".join(texts)


def genes_of(rule: Rule | None) -> frozenset[str]:
    """Genes that a rule names."""
    if rule is None:
        return frozenset()
    if isinstance(rule, str):
        return frozenset({rule})
    return frozenset().union(*(genes_of(part) for part in rule[1]))


def without_genes(rule: Rule, lost: Collection[str]) -> Rule | None:
    """Rest of a rule when the alternatives that need a gene in `lost` are gone; None for none."""
    if isinstance(rule, str):
        return None if rule in lost else rule
    operator, parts = rule
    left = [without_genes(part, lost) for part in parts]
    kept = tuple(part for part in left if part is not None)
    if operator == "and":
        return (operator, kept) if len(kept) == len(parts) else None
    return None if not kept else kept[0] if len(kept) == 1 else (operator, kept)


def lethal_genes(rule: Rule | None) -> frozenset[str]:
    """Genes whose loss alone switches a rule off.

    Rules have no negation, so that this is exact: any subunit of a complex, and of isozymes
    only what every one of them needs.
    """
    if rule is None:
        return frozenset()
    if isinstance(rule, str):
        return frozenset({rule})
    operator, parts = rule
    sets = [lethal_genes(part) for part in parts]
    return frozenset.union(*sets) if operator == "and" else frozenset.intersection(*sets)


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
    lethal = {rule: lethal_genes(rule) for rule in set(rules.values())}
    rows = [(gene, reaction) for reaction, rule in rules.items() for gene in lethal[rule]]
    return pd.DataFrame(sorted(rows), columns=["gene", "reaction"])


def rule_genes(rules: Iterable[Rule]) -> list[str]:
    """All genes named in the rules, sorted."""
    return sorted(frozenset().union(*(genes_of(rule) for rule in set(rules))))
