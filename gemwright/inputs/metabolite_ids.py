"""What people call a metabolite, translated into BiGG's ids."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from urllib.parse import unquote

import pandas as pd

from gemwright.sources import compound_names

BIGG = "BiGG id"
NAME = "name"
SNAPSHOT = "BiGG snapshot"
ACCEPTED = (
    "use BiGG ids such as 'glc__D', ids of KEGG, ChEBI, MetaNetX, ModelSEED or HMDB, InChIKeys or"
    " names"
)

_COMPARTMENT = re.compile(r"(?:\[[a-zA-Z]{1,2}0?\]|\([a-zA-Z]{1,2}0?\)|_[a-z]{1,2}0?)$")
_CODES = {"_DASH_": "-", "_LPAREN_": "(", "_RPAREN_": ")", "_LSQBKT_": "[", "_RSQBKT_": "]"}
_NUMBER_CODE = re.compile(r"__(\d{2,3})__")
# namespace (of `compound_names.NAMESPACES`), and what its ids look like
_PATTERNS = {
    "kegg": re.compile(r"(?i:kegg(?:\.compound)?:|cpd:|gl:)?([CGD]\d{5})"),
    "chebi": re.compile(r"(?:chebi[:/_])+(\d+)", re.IGNORECASE),
    "metanetx.chemical": re.compile(r"(?:mnx:|metanetx(?:\.chemical)?:)?(MNXM\d+)", re.IGNORECASE),
    "seed": re.compile(r"(?i:seed(?:\.compound)?:|modelseed:)?(cpd\d{5})"),
    "hmdb": re.compile(r"(?:hmdb:)?HMDB0*(\d+)", re.IGNORECASE),
    "metacyc.compound": re.compile(r"(?:metacyc(?:\.compound)?:|biocyc:)(?:META:)?(.+)", re.I),
}
_WRITTEN = {
    "chebi": "CHEBI:{}".format,
    "hmdb": lambda number: f"HMDB{int(number):05d}",
    "metanetx.chemical": str.upper,
}
_INCHIKEY = re.compile(r"(?:inchikey[=:])?([A-Z]{14}-[A-Z]{10}-[A-Z])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?:www\.)?identifiers\.org/")
# as media of fluxes name their compounds
_EXCHANGE = re.compile(r"(?:R_)?EX_(?=.)")
_LETTERS = (
    "α:alpha β:beta ß:beta γ:gamma δ:delta ε:epsilon ζ:zeta η:eta θ:theta ι:iota κ:kappa λ:lambda"
    " μ:mu ν:nu ξ:xi ο:omicron π:pi ρ:rho σ:sigma τ:tau υ:upsilon φ:phi χ:chi ψ:psi ω:omega"
)
_GREEK = dict(pair.split(":") for pair in _LETTERS.split())
_BIGG_PREFIX = re.compile(r"(?:bigg(?:\.metabolite)?[:/])", re.IGNORECASE)


def as_registered(namespace: str, text: str) -> str:
    """Write an identifier as its database does, ``""`` if it is none.

    Parameters
    ----------
    namespace : str
        One of `gemwright.sources.compound_names.NAMESPACES`.
    text : str
        With or without the name of the database: ``HMDB0000122``, ``15377``, ``CHEBI:15377``.
    """
    pattern = _PATTERNS[namespace]
    match = pattern.fullmatch(text) or pattern.fullmatch(f"{namespace}:{text}")
    return _WRITTEN.get(namespace, str)(match[1]) if match else ""


@dataclass(frozen=True)
class Found:
    """What a text may stand for.

    Attributes
    ----------
    metabolites : tuple of str
        BiGG ids without compartment, sorted: one if the text is understood, several if it is
        ambiguous, none if it is unknown.
    kind : str
        What the text is, such as ``KEGG``.
    source : str
        What knows it.
    """

    metabolites: tuple[str, ...]
    kind: str = ""
    source: str = ""


@dataclass(frozen=True)
class MetaboliteNames:
    """BiGG's metabolites and how else they are called.

    Parameters
    ----------
    species : pandas.DataFrame
        metabolite and, if known, name, inchikey, chebi and metanetx (several joined by ``;``).
    preferred : sequence of collection of str
        Metabolites that are meant where a compound has several: those with an exchange reaction,
        then those of the universe.
    """

    species: pd.DataFrame
    preferred: Sequence[Collection[str]] = field(default=())

    @classmethod
    def of_ids(cls, known: Iterable[str]) -> "MetaboliteNames":
        """Names of which nothing but the ids is known."""
        return cls(pd.DataFrame({"metabolite": sorted(known)}))

    @cached_property
    def known(self) -> frozenset[str]:
        """All BiGG ids without compartment."""
        return frozenset(self.species["metabolite"])

    @property
    def all_names(self) -> Collection[str]:
        """Names of the universe, in small letters."""
        return self._universe_names.keys()

    def find(self, text: str) -> Found:
        """Find the metabolite that a text stands for.

        Parameters
        ----------
        text : str
            BiGG id with or without compartment, in its spellings (``glc-D[e]``, ``M_glc__D_e``),
            or its exchange (``EX_glc__D_e``);
            id of KEGG, ChEBI, MetaNetX, ModelSEED, HMDB or MetaCyc; InChIKey; or a name.
        """
        if text in self.known:
            return Found((text,), BIGG, SNAPSHOT)
        plain = _EXCHANGE.sub("", unquote(_ADDRESS.sub("", text)), count=1).replace(
            "kegg.compound/", "kegg:"
        )
        plain = re.sub(r"^(metanetx\.chemical|seed\.compound|hmdb|inchikey)/", r"\1:", plain)
        spelt = self._spelt(_BIGG_PREFIX.sub("", plain))
        if spelt:
            return Found(spelt, f"{BIGG} in another spelling", SNAPSHOT)
        found = self._identifier(plain)
        if found.kind:
            return found
        found = self._named(plain)
        spelt_out = "".join(_GREEK.get(letter.lower(), letter) for letter in plain)
        return found if found.metabolites or spelt_out == plain else self._named(spelt_out)

    def suggestions(self, text: str) -> tuple[str, ...]:
        """BiGG ids that an unknown text may mean; a bare number may be ChEBI's."""
        if re.fullmatch(r"\d+", text):
            return self._identifier(f"CHEBI:{text}").metabolites
        return ()

    def _spelt(self, text: str) -> tuple[str, ...]:
        """BiGG ids that differ from a text in compartment, dashes and codes only."""
        text = text.removeprefix("M_")
        for code, letter in _CODES.items():
            text = text.replace(code, letter)
        decoded = _NUMBER_CODE.sub(lambda code: chr(int(code[1])), text)
        words = dict.fromkeys([text, decoded])
        words |= dict.fromkeys(_COMPARTMENT.sub("", word) for word in list(words))
        for word in words:
            if word in self.known:
                return (word,)
        for word in words:
            if found := self._spellings.get(spelling(word)):
                return self._choose(found)
        return ()

    def _identifier(self, text: str) -> Found:
        key = _INCHIKEY.fullmatch(text)
        if key:
            own = self._annotated("inchikey", key[1].upper())
            return self._joined(own, compound_names.bigg_of_inchikey(key[1].upper()), "InChIKey")
        bare = _COMPARTMENT.sub("", text)
        for namespace, pattern in _PATTERNS.items():
            match = pattern.fullmatch(text) or pattern.fullmatch(bare)
            if match:
                identifier = as_registered(namespace, match[0])
                own = self._annotated(
                    {"metanetx.chemical": "metanetx"}.get(namespace, namespace), identifier
                )
                known = compound_names.bigg_of_identifier(namespace, identifier)
                return self._joined(own, known, compound_names.NAMESPACES[namespace])
        return Found(())

    def _named(self, text: str) -> Found:
        own = frozenset(self._universe_names.get(_plain(text), ()))
        return self._joined(own, compound_names.bigg_of_name(text), NAME)

    def _joined(self, own: Collection[str], others: Collection[str], kind: str) -> Found:
        """Join what snapshot and cross-references say: what both say counts most."""
        others = self.known.intersection(others)
        both = others.intersection(own)
        for found, source in (
            (both, SNAPSHOT),
            (own, SNAPSHOT),
            (others, compound_names.SOURCE),
        ):
            if found:
                return Found(self._choose(found), kind, source)
        return Found((), kind)

    def _choose(self, found: Collection[str]) -> tuple[str, ...]:
        """Of several metabolites, take the only one that is preferred."""
        for preferred in self.preferred:
            ours = {*found}.intersection(preferred)
            if len(ours) == 1:
                return tuple(ours)
        return tuple(sorted(found))

    def _annotated(self, column: str, identifier: str) -> frozenset[str]:
        return frozenset(self._annotations.get((column, identifier), ()))

    @cached_property
    def _annotations(self) -> dict[tuple[str, str], set[str]]:
        found = defaultdict(set)
        for column in ("inchikey", "chebi", "metanetx"):
            if column in self.species:
                filled = self.species[self.species[column] != ""]
                for metabolite, text in zip(filled["metabolite"], filled[column], strict=True):
                    for identifier in str(text).split(";"):
                        found[column, identifier].add(metabolite)
        return dict(found)

    @cached_property
    def _spellings(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for name in self.known:
            found[spelling(name)].add(name)
        return dict(found)

    @cached_property
    def _universe_names(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        if "name" in self.species:
            for metabolite, name in zip(
                self.species["metabolite"], self.species["name"], strict=True
            ):
                if name:
                    found[_plain(name)].add(metabolite)
        return dict(found)


def join_species(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Lay tables of species over each other: what any of them knows of a metabolite."""
    columns = ["metabolite", "name", "inchikey", "chebi", "metanetx"]
    kept = list(dict.fromkeys(chain.from_iterable(tables)))
    joined = pd.concat([table[[c for c in columns if c in table]] for table in tables])
    return joined[[c for c in columns if c in kept]].fillna("").drop_duplicates(ignore_index=True)


def spelling(identifier: str) -> str:
    """Write an id of BiGG in the one way of its spellings: ``glc_D`` of ``glc__D``, ``glc-D``."""
    return re.sub(r"[-_]+", "_", identifier)


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", " ", name.strip()).lower()
