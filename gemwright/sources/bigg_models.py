"""Models of BiGG, as JSON (the layout of cobra) or as SBML L3 fbc, read into one set of tables.

Source: BiGG Models (King et al. 2016), ``static/models/<model>.json`` and ``<model>.xml.gz``, and
the universal model ``static/namespace/universal_model.json``, which has the layout of a model.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
from tqdm import tqdm

from gemwright.errors import InputError
from gemwright.flux.gpr import Rule, format_gpr, genes_of, parse_gpr
from gemwright.io.compressed import reading
from gemwright.sources.dirt import Dirt
from gemwright.sources.sbml_tables import read_sbml_tables

_CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
_FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
_GROUPS = "{http://www.sbml.org/sbml/level3/version1/groups/version1}"
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"

_FETCH_AGAIN = "Delete the file and run again so that it is fetched anew"
_CHEBI = re.compile(r"(?:chebi:)*(\d+)", re.IGNORECASE)
_RHEA = re.compile(r"(?:rhea:)?(\d+)(?:#\d+)?", re.IGNORECASE)
_IDENTIFIERS_ORG = "identifiers.org/"
# labels of the old list layout, and of SBML, under the name that BiGG's JSON uses
_NAMESPACES = {
    "CHEBI": "chebi",
    "RHEA": "rhea",
    "EC Number": "ec-code",
    "BioCyc": "biocyc",
    "KEGG Compound": "kegg.compound",
    "KEGG Reaction": "kegg.reaction",
    "MetaNetX (MNX) Chemical": "metanetx.chemical",
    "MetaNetX (MNX) Equation": "metanetx.reaction",
    "SEED Compound": "seed.compound",
    "InChI Key": "inchi_key",
    "inchikey": "inchi_key",
}
#: A rule is left out of the table of complexes if it stands for more of them than this.
MAX_COMPLEXES = 10_000
# relative to the atoms that take part: coefficients of biomass have few digits
_BALANCE_TOLERANCE = 1e-6

_REACTION_COLUMNS = (
    "model", "reaction", "name", "lower_bound", "upper_bound", "subsystem", "gene_rule",
    "objective",
)  # fmt: skip
_SPECIES_COLUMNS = (
    "model", "species", "metabolite", "compartment", "name", "formula", "charge",
)  # fmt: skip


@dataclass(frozen=True)
class BiggModel:
    """One model as tables; identifiers are BiGG's, without ``M_``, ``R_`` and ``G_``.

    Attributes
    ----------
    reactions : pandas.DataFrame
        model, reaction, name, lower_bound, upper_bound (mmol/gDW/h), subsystem, gene_rule
        (readable by `flux.gpr.parse_gpr`, ``""`` for none), objective (coefficient, 0 for most).
    stoichiometry : pandas.DataFrame
        model, reaction, species, coefficient (negative for substrates, never 0).
    species : pandas.DataFrame
        model, species (``glc__D_c``), metabolite (``glc__D``), compartment, name, formula
        (``""`` if unknown), charge (Int64, missing if unknown).
    genes : pandas.DataFrame
        model, gene, name.
    reaction_annotations : pandas.DataFrame
        reaction, namespace, identifier.
    metabolite_annotations : pandas.DataFrame
        metabolite, namespace, identifier.
    gene_annotations : pandas.DataFrame
        model, gene, namespace, identifier.
    findings : pandas.DataFrame
        model, finding (an item of `dirt`), item (which reaction, species or gene), detail.
    dirt : pandas.DataFrame
        item, count, treatment.
    """

    reactions: pd.DataFrame
    stoichiometry: pd.DataFrame
    species: pd.DataFrame
    genes: pd.DataFrame
    reaction_annotations: pd.DataFrame
    metabolite_annotations: pd.DataFrame
    gene_annotations: pd.DataFrame
    findings: pd.DataFrame
    dirt: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True)
class BiggTables(BiggModel):
    """Several models as tables, and what follows from them.

    Attributes
    ----------
    gprs : pandas.DataFrame
        model, gene, complex, reaction; as `bigg_snapshot.read_gprs`.
    model_bounds : pandas.DataFrame
        model, reaction, lower_bound, upper_bound; as `bigg_snapshot.read_model_bounds`.
    """

    gprs: pd.DataFrame
    model_bounds: pd.DataFrame


class _Findings:
    """Dirt with the names of what is dirty."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.dirt = Dirt()
        self.rows: list[tuple[str, str, str, str]] = []

    def note(self, finding: str, treatment: str, items: Iterable[tuple[str, str]]) -> None:
        rows = [(self.model, finding, item, detail) for item, detail in items]
        self.dirt.add(finding, len(rows), treatment)
        self.rows += rows

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["model", "finding", "item", "detail"], dtype=str)


@dataclass
class _Raw:
    """What both layouts give before it is checked; annotations as (owner, namespace, id)."""

    identifier: str = ""
    # reaction, name, lower bound, upper bound, subsystem, gene rule, objective
    reactions: list[tuple[str, str, float, float, str, str, float]] = field(default_factory=list)
    stoichiometry: list[tuple[str, str, float]] = field(default_factory=list)
    # species, compartment, name, formula, charge
    species: list[tuple[str, str, str, str, int | None]] = field(default_factory=list)
    genes: list[tuple[str, str]] = field(default_factory=list)
    annotations: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=lambda: {"reaction": [], "species": [], "gene": []}
    )
    #: how often an oddity of the text was met: annotations, keys, numbers
    counts: Counter[str] = field(default_factory=Counter)
    repeated: dict[str, list[str]] = field(
        default_factory=lambda: {"reaction": [], "species": [], "gene": []}
    )


# --- annotations ----------------------------------------------------------------------------


def _identifier(namespace: str, text: str, counts: Counter[str]) -> str | None:
    if namespace == "chebi":
        found = _CHEBI.fullmatch(text)
        if found is None:
            counts["unreadable"] += 1
            return None
        counts["chebi_prefix"] += text != f"CHEBI:{found[1]}"
        return f"CHEBI:{found[1]}"
    if namespace == "rhea":
        found = _RHEA.fullmatch(text)
        if found is None:
            counts["unreadable"] += 1
            return None
        counts["rhea_variant"] += "#" in text
        return found[1]
    return text.removeprefix("gi:") if namespace == "ncbigi" else text


def _resolve(label: str, text: str) -> tuple[str, str]:
    """Namespace and identifier of an entry, which may be an address at identifiers.org."""
    if _IDENTIFIERS_ORG in text:
        rest = text.split(_IDENTIFIERS_ORG, 1)[1]
        namespace, slash, identifier = rest.partition("/")
        if slash:
            return _NAMESPACES.get(namespace, namespace), identifier
        # the compact form, CHEBI:15377
        prefix, colon, identifier = rest.partition(":")
        if colon:
            return _NAMESPACES.get(prefix.lower(), prefix.lower()), identifier
    return _NAMESPACES.get(label, label), text


def annotation_pairs(
    annotation: object, where: str = "annotation", counts: Counter[str] | None = None
) -> list[tuple[str, str]]:
    """Bring the annotation of a reaction, metabolite or gene into pairs, whatever its layout.

    Parameters
    ----------
    annotation : object
        A mapping of namespace to an identifier or a list of them; the old layout, a list of
        pairs of a label and an identifier or an address at identifiers.org; or None.
    where : str
        For the message of an error.
    counts : Counter, optional
        Is added to: ``blank`` (empty identifiers), ``unreadable`` (ChEBI or Rhea identifiers
        that are no number), ``chebi_prefix`` (written other than ``CHEBI:<number>``),
        ``rhea_variant`` (``<number>#<variant>``), ``repeated``.

    Returns
    -------
    list of (str, str)
        Namespace and identifier, no pair twice; ChEBI as ``CHEBI:<number>``, Rhea as digits.

    Raises
    ------
    InputError
        If the annotation has another layout.
    """
    counts = Counter() if counts is None else counts
    entries: list[tuple[object, object]] = []
    if isinstance(annotation, Mapping):
        entries = list(annotation.items())
    elif isinstance(annotation, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in annotation
    ):
        entries = [(pair[0], pair[1]) for pair in annotation]
    elif annotation is not None:
        raise InputError(where, f"the annotation {annotation!r:.60} has no known layout", _CURE)
    pairs: dict[tuple[str, str], None] = {}
    for label, value in entries:
        for item in value if isinstance(value, list | tuple) else [value]:
            if (
                not isinstance(label, str)
                or isinstance(item, bool)
                or not isinstance(item, str | int | None)
            ):
                raise InputError(
                    where, f"the annotation {label!r}: {item!r:.60} is no identifier", _CURE
                )
            namespace, text = _resolve(label, "" if item is None else str(item).strip())
            if not text:
                counts["blank"] += 1
                continue
            identifier = _identifier(namespace, text, counts)
            if identifier is None:
                continue
            counts["repeated"] += (namespace, identifier) in pairs
            pairs[namespace, identifier] = None
    return list(pairs)


# --- JSON -----------------------------------------------------------------------------------

_CURE = "A model of BiGG as JSON has the layout that cobra writes; " + _FETCH_AGAIN.lower()


def _get(record: object, key: str, kinds: tuple[type, ...], where: str, default: object) -> object:
    """Value of a key, checked; `default` if it is missing or null, an error if that is Ellipsis."""
    if not isinstance(record, dict):
        raise InputError(where, f"is {type(record).__name__}, not an object with keys", _CURE)
    value = record.get(key)
    if value is None:
        if default is ...:
            raise InputError(where, f"the key {key!r} is missing", _CURE)
        return default
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise InputError(
            where,
            f"the key {key!r} is {type(value).__name__},"
            f" not {' or '.join(kind.__name__ for kind in kinds)}",
            _CURE,
        )
    return value


def _text(record: object, key: str, where: str, default: object = "") -> str:
    return str(_get(record, key, (str,), where, default))


def _number(record: object, key: str, where: str, default: object = ...) -> float:
    value = float(_get(record, key, (int, float), where, default))  # type: ignore[arg-type]
    if math.isnan(value):
        raise InputError(where, f"the key {key!r} is no number", _CURE)
    return value


def _identity(record: object, where: str) -> str:
    name = _text(record, "id", where, ...)
    if not name or name != name.strip() or any(letter.isspace() for letter in name):
        raise InputError(where, f"the id {name!r} is empty or holds white space", _CURE)
    return name


def _once(
    items: list[object], kind: str, where: str, repeated: list[str]
) -> Iterable[tuple[str, object, str]]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        name = _identity(item, f"{where}, {kind} number {number + 1}")
        if name in seen:
            repeated.append(name)
            continue
        seen.add(name)
        yield name, item, f"{where}, {kind} {name!r}"


def _charge(record: object, where: str, counts: Counter[str]) -> int | None:
    value = _get(record, "charge", (int, float), where, None)
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    if not number.is_integer():
        counts["odd_charge"] += 1
        return None
    return int(number)


def _read_json(path: str | Path) -> _Raw:
    where = str(path)
    raw = _Raw()

    def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        raw.counts["repeated_key"] += len(pairs) - len(made)
        return made

    with reading(path) as handle:
        try:
            content = json.load(handle, object_pairs_hook=unique_keys)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{where}, line {error.lineno}", f"is no JSON ({error.msg})", _FETCH_AGAIN
            ) from error
    parts: dict[str, list[object]] = {
        key: list(_get(content, key, (list,), where, ...))  # type: ignore[call-overload]
        for key in ("reactions", "metabolites", "genes")
    }
    raw.identifier = _text(content, "id", where)
    for kind, key in (("species", "metabolites"), ("reaction", "reactions"), ("gene", "genes")):
        annotations = raw.annotations[kind]
        for name, item, spot in _once(parts[key], kind, where, raw.repeated[kind]):
            assert isinstance(item, dict)  # `_identity` read its id
            if kind == "species":
                raw.species.append(
                    (
                        name,
                        _text(item, "compartment", spot),
                        _text(item, "name", spot),
                        _text(item, "formula", spot).strip(),
                        _charge(item, spot, raw.counts),
                    )
                )
            elif kind == "reaction":
                raw.reactions.append(
                    (
                        name,
                        _text(item, "name", spot),
                        _number(item, "lower_bound", spot),
                        _number(item, "upper_bound", spot),
                        _text(item, "subsystem", spot),
                        _text(item, "gene_reaction_rule", spot).strip(),
                        _number(item, "objective_coefficient", spot, 0.0),
                    )
                )
                metabolites = _get(item, "metabolites", (dict,), spot, ...)
                for species in metabolites:  # type: ignore[attr-defined]
                    coefficient = _number(metabolites, species, spot)
                    raw.stoichiometry.append((name, species, coefficient))
            else:
                raw.genes.append((name, _text(item, "name", spot)))
            annotations += [
                (name, *pair) for pair in annotation_pairs(item.get("annotation"), spot, raw.counts)
            ]
    return raw


# --- SBML -----------------------------------------------------------------------------------


def _resources(element: ElementTree.Element, where: str, raw: _Raw, kind: str, name: str) -> None:
    entries = [
        ["", address]
        for item in element.iter()
        if (address := item.get(_RESOURCE)) and _IDENTIFIERS_ORG in address
    ]
    pairs = annotation_pairs(entries, where, raw.counts)
    raw.annotations[kind] += [(name, *pair) for pair in pairs]


def _sbml_rule(element: ElementTree.Element, where: str) -> Rule:
    if element.tag == f"{_FBC}geneProductRef":
        return element.get(f"{_FBC}geneProduct", "").removeprefix("G_")
    operator = element.tag.removeprefix(_FBC)
    parts = tuple(_sbml_rule(part, where) for part in element if part.tag.startswith(_FBC))
    if operator not in ("and", "or") or not parts:
        raise InputError(where, f"the gene rule holds <{operator}> without genes", _FETCH_AGAIN)
    return parts[0] if len(parts) == 1 else (operator, parts)


def _read_sbml(path: str | Path) -> _Raw:
    where = str(path)
    with reading(path) as handle:
        try:
            root = ElementTree.parse(handle).getroot()
        except ElementTree.ParseError as error:
            raise InputError(where, f"is no readable SBML ({error})", _FETCH_AGAIN) from error
    try:
        tables = read_sbml_tables(path)
        objectives = {
            item.get(f"{_FBC}reaction", "").removeprefix("R_"): float(
                item.get(f"{_FBC}coefficient", "nan")
            )
            for item in root.iter(f"{_FBC}fluxObjective")
        }
    except (KeyError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            where, f"a bound, charge or coefficient is no number ({error})", _FETCH_AGAIN
        ) from error
    model = root.find(f"{_CORE}model")
    assert model is not None  # `read_sbml_tables` refuses a file without
    raw = _Raw(identifier=model.get("id", ""))

    subsystems: dict[str, str] = {}
    for group in model.iter(f"{_GROUPS}group"):
        for member in group.iter(f"{_GROUPS}member"):
            reaction = member.get(f"{_GROUPS}idRef", "").removeprefix("R_")
            subsystems[reaction] = group.get(f"{_GROUPS}name", "")
    charged = set()
    for item in model.iter(f"{_CORE}species"):
        name = item.get("id", "").removeprefix("M_")
        if item.get(f"{_FBC}charge") is not None:
            charged.add(name)
        _resources(item, f"{where}, species {name!r}", raw, "species", name)
    rules: dict[str, str] = {}
    for item in model.iter(f"{_CORE}reaction"):
        name = item.get("id", "").removeprefix("R_")
        spot = f"{where}, reaction {name!r}"
        _resources(item, spot, raw, "reaction", name)
        association = item.find(f"{_FBC}geneProductAssociation")
        if association is not None and len(association):
            rules[name] = format_gpr(_sbml_rule(association[0], spot))
    for item in model.iter(f"{_FBC}geneProduct"):
        name = item.get(f"{_FBC}id", "").removeprefix("G_")
        raw.genes.append((name, item.get(f"{_FBC}name", "")))
        _resources(item, f"{where}, gene {name!r}", raw, "gene", name)

    for name, compartment, label, formula, charge in tables.species[
        ["species", "compartment", "name", "formula", "charge"]
    ].itertuples(index=False, name=None):
        raw.species.append(
            (name, compartment, label, formula, int(charge) if name in charged else None)
        )
    for name, label, low, high in tables.reactions[
        ["reaction", "name", "lower_bound", "upper_bound"]
    ].itertuples(index=False, name=None):
        raw.reactions.append(
            (
                name,
                label,
                float(low),
                float(high),
                subsystems.get(name, ""),
                rules.get(name, ""),
                objectives.get(name, 0.0),
            )
        )
    for kind, names in (
        ("reaction", [row[0] for row in raw.reactions]),
        ("species", [row[0] for row in raw.species]),
        ("gene", [row[0] for row in raw.genes]),
    ):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InputError(where, f"the {kind} {twice[0]!r} is defined twice", _FETCH_AGAIN)
    # a species on both sides has one row a side: the net coefficient counts, as in JSON
    net = tables.stoichiometry.groupby(["reaction", "species"], sort=False, as_index=False).sum()
    raw.stoichiometry = list(net.itertuples(index=False, name=None))
    return raw


# --- checks ---------------------------------------------------------------------------------


def _metabolite(species: str, compartment: str) -> str:
    if compartment and species.endswith(f"_{compartment}"):
        return species.removesuffix(f"_{compartment}")
    return species.rpartition("_")[0] or species


@cache
def _atoms(formula: str) -> dict[str, int] | None:
    """Atoms of a formula, None if it is no molecular formula; residues under ``*``."""
    from gemwright.chemistry import parse_formula  # RDKit is slow to load

    try:
        return parse_formula(formula)
    except ValueError:
        return None


def _unbalanced(stoichiometry: pd.DataFrame, atoms: Mapping[str, dict[str, int]]) -> pd.DataFrame:
    """Atoms that reactions make (positive) or lose: reaction, element, excess.

    Reactions with a species of unknown formula are left out, and so are those with species on
    one side only, which exchange matter with the outside.
    """
    signs = stoichiometry["coefficient"] > 0
    by_reaction = stoichiometry["reaction"]
    inside = signs.groupby(by_reaction).transform("nunique").eq(2)
    known = stoichiometry["species"].isin(list(atoms)).groupby(by_reaction).transform("all")
    composition = pd.DataFrame(
        [(species, element, n) for species, found in atoms.items() for element, n in found.items()],
        columns=["species", "element", "atoms"],
    )
    rows = stoichiometry[inside & known].merge(composition, on="species")
    rows["excess"] = rows["coefficient"] * rows["atoms"]
    rows["size"] = rows["excess"].abs()
    sums = rows.groupby(["reaction", "element"], sort=True)[["excess", "size"]].sum().reset_index()
    wrong = sums["excess"].abs() > _BALANCE_TOLERANCE * sums["size"].clip(lower=1.0)
    return sums.loc[wrong, ["reaction", "element", "excess"]]


def _assemble(raw: _Raw, model: str, where: str) -> BiggModel:
    if not raw.reactions or not raw.species:
        raise InputError(where, "the model has no reactions or no metabolites", _FETCH_AGAIN)
    found = _Findings(model)
    found.note(
        "the id inside the file differs from its name",
        "the name of the file counts",
        [(model, raw.identifier)] if raw.identifier != model else [],
    )
    for kind in ("reaction", "species", "gene"):
        found.note(
            f"{kind} listed twice", "the first one counts", [(i, "") for i in raw.repeated[kind]]
        )
    found.dirt.add(
        "a key stands twice in an object", raw.counts["repeated_key"], "the last one counts"
    )
    declared = {row[0] for row in raw.species}
    reactions = pd.DataFrame(raw.reactions, columns=list(_REACTION_COLUMNS[1:]))
    reactions.insert(0, "model", model)
    for reaction, substance, _ in raw.stoichiometry:
        if substance not in declared:
            raise InputError(
                f"{where}, reaction {reaction!r}",
                f"the metabolite {substance!r} is not in the list of metabolites",
                _FETCH_AGAIN,
            )

    stoichiometry = pd.DataFrame(
        raw.stoichiometry, columns=["reaction", "species", "coefficient"]
    ).astype({"coefficient": "float64"})
    zero = stoichiometry["coefficient"] == 0
    found.note(
        "coefficient of zero",
        "left out",
        stoichiometry.loc[zero, ["reaction", "species"]].itertuples(index=False, name=None),
    )
    stoichiometry = stoichiometry[~zero].reset_index(drop=True)
    stoichiometry.insert(0, "model", model)
    empty = ~reactions["reaction"].isin(stoichiometry["reaction"])
    found.note(
        "reaction without metabolites",
        "kept, it has no stoichiometry",
        [(name, "") for name in reactions.loc[empty, "reaction"]],
    )
    crossed = reactions[reactions["lower_bound"] > reactions["upper_bound"]]
    found.note(
        "lower bound above the upper one",
        "kept as it is",
        [
            (name, f"{low:g} > {high:g}")
            for name, low, high in zip(
                crossed["reaction"], crossed["lower_bound"], crossed["upper_bound"], strict=True
            )
        ],
    )
    found.note(
        "model without objective",
        "kept",
        [] if (reactions["objective"] != 0).any() else [(model, "")],
    )

    _check_rules(reactions, raw, found)
    genes = pd.DataFrame(raw.genes, columns=["gene", "name"], dtype=str)
    genes.insert(0, "model", model)
    species = _species(raw, found)
    species.insert(0, "model", model)
    used = set(stoichiometry["species"])
    found.note(
        "species that no reaction uses",
        "kept",
        [(name, "") for name in species["species"] if name not in used],
    )
    _check_balance(stoichiometry, species, found)

    metabolite_of = dict(zip(species["species"], species["metabolite"], strict=True))
    annotations = {
        kind: pd.DataFrame(rows, columns=[kind, "namespace", "identifier"], dtype=str)
        for kind, rows in raw.annotations.items()
    }
    by_metabolite = annotations["species"]
    by_metabolite["species"] = by_metabolite["species"].map(metabolite_of)
    annotations["gene"].insert(0, "model", model)
    for key, item, treatment in (
        ("blank", "blank annotation", "left out"),
        ("unreadable", "ChEBI or Rhea annotation that is no number", "left out"),
        ("chebi_prefix", "ChEBI annotation not written CHEBI:<number>", "written so"),
        ("rhea_variant", "Rhea annotation with a variant, <number>#<variant>", "the number counts"),
        ("repeated", "annotation twice for one item", "kept once"),
        ("odd_charge", "charge that is no whole number", "taken as unknown"),
    ):
        found.dirt.add(item, raw.counts[key], treatment)
    return BiggModel(
        reactions=reactions[list(_REACTION_COLUMNS)],
        stoichiometry=stoichiometry,
        species=species[list(_SPECIES_COLUMNS)],
        genes=genes,
        reaction_annotations=annotations["reaction"].drop_duplicates(ignore_index=True),
        metabolite_annotations=by_metabolite.rename(
            columns={"species": "metabolite"}
        ).drop_duplicates(ignore_index=True),
        gene_annotations=annotations["gene"].drop_duplicates(ignore_index=True),
        findings=found.frame(),
        dirt=found.dirt.frame(),
    )


def _check_rules(reactions: pd.DataFrame, raw: _Raw, found: _Findings) -> None:
    """Blank the rules that do not parse, and complete the list of genes, both in place."""
    parsed: dict[str, frozenset[str] | None] = {}
    for text in set(reactions["gene_rule"]):
        try:
            parsed[text] = genes_of(parse_gpr(text))
        except InputError:
            parsed[text] = None
    bad = reactions["gene_rule"].map(lambda text: parsed[text] is None)
    found.note(
        "gene rule that does not parse",
        "the reaction is kept without a rule",
        reactions.loc[bad, ["reaction", "gene_rule"]].itertuples(index=False, name=None),
    )
    reactions.loc[bad, "gene_rule"] = ""
    in_rules = frozenset().union(*(genes for genes in parsed.values() if genes))
    listed = {name for name, _ in raw.genes}
    unlisted = sorted(in_rules - listed)
    found.note(
        "gene of a rule that the list of genes lacks",
        "added to the genes",
        [(name, "") for name in unlisted],
    )
    raw.genes += [(name, "") for name in unlisted]
    found.note(
        "gene that no rule names", "kept", [(name, "") for name in sorted(listed - in_rules)]
    )


def _species(raw: _Raw, found: _Findings) -> pd.DataFrame:
    rows = [
        (name, _metabolite(name, compartment), compartment, label, formula, charge)
        for name, compartment, label, formula, charge in raw.species
    ]
    species = pd.DataFrame(rows, columns=list(_SPECIES_COLUMNS[1:])).astype({"charge": "Int64"})
    odd = species["species"] != species["metabolite"] + "_" + species["compartment"]
    found.note(
        "species whose name does not end in its compartment",
        "the metabolite is what stands before the last underscore",
        species.loc[odd, ["species", "compartment"]].itertuples(index=False, name=None),
    )
    words = species["formula"].str.lower().isin(["none", "null", "nan"])
    found.note(
        "formula that is a word for none",
        "taken as unknown",
        species.loc[words, ["species", "formula"]].itertuples(index=False, name=None),
    )
    species.loc[words, "formula"] = ""

    def pick(finding: str, treatment: str, test: Callable[[str], bool]) -> None:
        hit = species["formula"].map(test)
        found.note(
            finding,
            treatment,
            species.loc[hit, ["species", "formula"]].itertuples(index=False, name=None),
        )

    unknown = "kept; the reactions with it are not checked for balance"
    pick("species without formula", unknown, lambda formula: not formula)
    pick(
        "formula with a residue (R, X)",
        unknown,
        lambda formula: "*" in (_atoms(formula) or {}),
    )
    pick(
        "formula of a polymer or not readable",
        unknown,
        lambda formula: bool(formula) and _atoms(formula) is None,
    )
    uncharged = species.loc[species["charge"].isna(), "species"]
    found.note(
        "species without charge", "kept, the charge is missing", [(i, "") for i in uncharged]
    )
    return species


def _check_balance(stoichiometry: pd.DataFrame, species: pd.DataFrame, found: _Findings) -> None:
    atoms: dict[str, dict[str, int]] = {}
    for name, formula in zip(species["species"], species["formula"], strict=True):
        counted = _atoms(formula)
        if counted is not None and "*" not in counted:
            atoms[name] = counted
    excess = _unbalanced(stoichiometry, atoms)
    found.note(
        "reaction that is not balanced, all its formulas being known",
        "kept; exchanges are not checked",
        [
            (
                str(reaction),
                " ".join(
                    f"{element}{value:+.6g}"
                    for element, value in zip(rows["element"], rows["excess"], strict=True)
                ),
            )
            for reaction, rows in excess.groupby("reaction", sort=True)
        ],
    )


# --- public readers -------------------------------------------------------------------------


def _stem(path: str | Path) -> str:
    name = Path(path).name.removesuffix(".gz")
    return name.removesuffix(".json").removesuffix(".xml").removesuffix(".sbml")


def read_bigg_model(path: str | Path, model: str | None = None) -> BiggModel:
    """Read one model, or the universal model, from JSON or SBML.

    Parameters
    ----------
    path : str or Path
        JSON or SBML L3 fbc v2, told apart by content. JSON may be gzipped under any name, SBML
        under one that ends in ``.gz``.
    model : str, optional
        What to call the model; the name of the file without suffixes by default.

    Raises
    ------
    InputError
        If the file is neither, is cut off, lacks a key, has a value of the wrong type, or a
        reaction uses a metabolite that is not listed.
    """
    where = str(path)
    with reading(path) as handle:
        start = handle.read(200).lstrip().lower()
    if start.startswith("{"):
        raw = _read_json(path)
    elif start.startswith("<") and not start.startswith(("<!doctype html", "<html")):
        raw = _read_sbml(path)
    else:
        what = "is an HTML page" if start.startswith("<") else "is neither JSON nor SBML"
        raise InputError(where, what if start else "is empty", _FETCH_AGAIN)
    return _assemble(raw, model or _stem(path), where)


def gene_complexes(rule: Rule | None) -> list[frozenset[str]]:
    """Complexes that a rule stands for: its disjunctive form, as written, nothing absorbed.

    Raises
    ------
    OverflowError
        If there are more than `MAX_COMPLEXES` of them.
    """
    if rule is None:
        return []
    if isinstance(rule, str):
        return [frozenset({rule})]
    parts = [gene_complexes(part) for part in rule[1]]
    sizes = [len(part) for part in parts]
    if (math.prod(sizes) if rule[0] == "and" else sum(sizes)) > MAX_COMPLEXES:
        raise OverflowError(f"the rule stands for more than {MAX_COMPLEXES} complexes")
    if rule[0] == "or":
        return list(dict.fromkeys(genes for part in parts for genes in part))
    return list(dict.fromkeys(frozenset().union(*chosen) for chosen in product(*parts)))


def _gprs(reactions: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Table of complexes, and (model, reaction, rule) of rules that stand for too many."""
    parsed: dict[str, list[tuple[str, list[str]]] | None] = {"": []}
    rows: list[tuple[str, str, str, str]] = []
    too_many: list[tuple[str, str, str]] = []
    for model, reaction, text in reactions[["model", "reaction", "gene_rule"]].itertuples(
        index=False, name=None
    ):
        if text not in parsed:
            try:
                members = [sorted(genes) for genes in gene_complexes(parse_gpr(text))]
                parsed[text] = [("+".join(genes), genes) for genes in members]
            except OverflowError:
                parsed[text] = None
        complexes = parsed[text]
        if complexes is None:
            too_many.append((model, reaction, text))
            continue
        rows.extend((model, gene, name, reaction) for name, genes in complexes for gene in genes)
    return pd.DataFrame(rows, columns=["model", "gene", "complex", "reaction"], dtype=str), too_many


def read_bigg_models(paths: Mapping[str, str | Path]) -> BiggTables:
    """Read several models into one set of tables.

    Parameters
    ----------
    paths : mapping of str to path
        Name of each model to its file.

    Returns
    -------
    BiggTables
        Rows in the order of `paths` and of the files. Annotations of reactions and metabolites
        carry no model, so that equal ones of several models are one row. What the dirt counts
        is named in ``findings``.

    Raises
    ------
    InputError
        If there are no models, or as `read_bigg_model`.
    """
    if not paths:
        raise InputError("models of BiGG", "there are none to read", "Name a model in the config")
    models = [
        read_bigg_model(path, model)
        for model, path in tqdm(paths.items(), desc="models of BiGG", disable=None, leave=False)
    ]
    names = [item.name for item in fields(BiggModel) if item.name != "dirt"]
    joined = {
        name: pd.concat([getattr(model, name) for model in models], ignore_index=True)
        for name in names
    }
    for name in ("reaction_annotations", "metabolite_annotations"):
        joined[name] = joined[name].drop_duplicates(ignore_index=True)
    dirt = Dirt()
    dirt.extend(model.dirt for model in models)
    gprs, too_many = _gprs(joined["reactions"])
    finding = f"gene rule of more than {MAX_COMPLEXES} complexes"
    dirt.add(finding, len(too_many), "left out of the complexes, kept as a rule")
    if too_many:
        extra = pd.DataFrame(too_many, columns=["model", "item", "detail"]).assign(finding=finding)
        joined["findings"] = pd.concat([joined["findings"], extra], ignore_index=True)
    dirt.add(
        "reaction whose stoichiometry differs between models",
        _differing_reactions(joined["stoichiometry"]),
        "kept for each model",
    )
    formulas = joined["species"].loc[joined["species"]["formula"] != ""]
    dirt.add(
        "metabolite whose formula differs between models or compartments",
        int((formulas.groupby("metabolite")["formula"].nunique() > 1).sum()),
        "kept for each model",
    )
    return BiggTables(
        **joined,
        dirt=dirt.frame(),
        gprs=gprs,
        model_bounds=joined["reactions"][["model", "reaction", "lower_bound", "upper_bound"]],
    )


def _differing_reactions(stoichiometry: pd.DataFrame) -> int:
    rows = stoichiometry.sort_values(["model", "reaction", "species"])
    term = rows["species"] + " " + rows["coefficient"].map("{:.9g}".format)
    equations = term.groupby([rows["model"], rows["reaction"]], sort=False).agg("; ".join)
    return int((equations.groupby("reaction").nunique() > 1).sum())


def _column(frame: pd.DataFrame, namespace: str, name: str) -> pd.DataFrame:
    rows = frame[frame["namespace"] == namespace].drop(columns="namespace")
    return rows.rename(columns={"identifier": name}).reset_index(drop=True)


def reaction_rhea(tables: BiggModel) -> pd.DataFrame:
    """Rhea identifiers of reactions: reaction, rhea_id (digits).

    All four directions of one Rhea reaction are usually listed, and obsolete ones may be.
    """
    return _column(tables.reaction_annotations, "rhea", "rhea_id")


def metabolite_chebi(tables: BiggModel) -> pd.DataFrame:
    """ChEBI identifiers of metabolites: metabolite, chebi (``CHEBI:15377``); often several."""
    return _column(tables.metabolite_annotations, "chebi", "chebi")


def gene_uniprot(tables: BiggModel) -> pd.DataFrame:
    """UniProt accessions of genes: model, gene, accession; only some models have them."""
    return _column(tables.gene_annotations, "uniprot", "accession")
