"""SBML of levels 2 and 3, with fbc 1 to 3 or without, read without building model objects."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.boundary_species import without_balance
from gemwright.gem.gpr import Rule, RuleMaker, depth_of, fold, parse_gpr
from gemwright.gem.identifiers import plain_id
from gemwright.gem.model import (
    ALL_SPECIES_NAMESPACES,
    FOREIGN_NAMESPACES,
    REACTION_NAMESPACES,
    MetabolicModel,
)
from gemwright.gem.sbml_document import CORE, FBC, SbmlDocument, read_document
from gemwright.gem.sbml_numbers import (
    bounds_reader,
    charge,
    finite,
    local_parameters,
    objective_of,
)
from gemwright.gem.species import compartment_apart, of_foreign_species
from gemwright.io.limits import RULE_DEPTH

RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_ENDINGS = (".gz", ".bz2", ".xz", ".xml", ".sbml")
_GENE_NOTES = ("GENE ASSOCIATION", "GENE_ASSOCIATION")
_TRUE = ("true", "1")
_log = logging.getLogger(__name__)


def read_sbml(path: str | Path, document: SbmlDocument | None = None) -> MetabolicModel:
    """Read a model.

    Parameters
    ----------
    path : str or Path
        SBML, packed by gzip, bzip2 or xz or not.
    document : SbmlDocument, optional
        Its `read_document`, if it is parsed already.

    Returns
    -------
    MetabolicModel
        Called by the id inside the file, or else by the file's name. Species with a boundary
        condition are not balanced, see `without_balance`.

    Raises
    ------
    InputError
        As `read_document`, `bounds_reader` and `objective_of`; if a charge or coefficient is no
        number, a gene rule has no genes, an item is defined twice, something is named that the
        model does not have, or there is no reaction.
    """
    where = str(path)
    document = document or read_document(path)
    model = document.model
    for found in model.iter(f"{FBC}userDefinedConstraint"):
        raise InputError(
            f"{where}, constraint {found.get(f'{FBC}id')!r}",
            "constraints of a user on several fluxes are not read",
            "remove it, or write it as a reaction",
        )
    species, loose = _species(document, where)
    reactions, stoichiometry, rules = _reactions(document, where)
    if reactions.empty or species.empty:
        raise InputError(
            where, f"has no {'reaction' if reactions.empty else 'species'}", "give a whole model"
        )
    if stoichiometry.empty:
        raise InputError(where, "has no reaction that names a species", "give a whole model")
    _check_species(stoichiometry, set(species["species"]), where)
    if loose:
        reactions, stoichiometry = without_balance(loose, reactions, stoichiometry, where)
    terms, minimise = objective_of(document, where)
    for name in terms.keys() - set(reactions["reaction"]):
        raise InputError(
            where,
            f"the model has no objective reaction {name!r}",
            "name one of its reactions in the objective",
        )
    return MetabolicModel(
        identifier=plain_id("", model.get("id", "")) or _stem(path),
        species=species,
        reactions=reactions,
        stoichiometry=stoichiometry,
        objective="",
        rules=rules,
        gene_names=_gene_names(model, where),
    ).with_objective(terms, minimise)


def items(model: ElementTree.Element, kind: str, where: str = "") -> list[ElementTree.Element]:
    """Elements of one kind.

    Parameters
    ----------
    model : xml.etree.ElementTree.Element
        The ``<model>``.
    kind : str
        ``species``, ``reaction`` or ``geneProduct``.
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        If one has no id, or two of them have one id.
    """
    space = FBC if kind == "geneProduct" else CORE
    names = "Species" if kind == "species" else f"{kind[:1].upper()}{kind[1:]}s"
    found = model.findall(f"{space}listOf{names}/{space}{kind}")
    key = f"{FBC}id" if kind == "geneProduct" else "id"
    prefix = {"species": "M_", "reaction": "R_", "geneProduct": "G_"}[kind]
    # what stands elsewhere, such as inside of an annotation, is not read, but counted
    written = [item.get(key, "") for item in model.iter(f"{space}{kind}")]
    for name, count in Counter(plain_id(prefix, text) for text in written).items():
        if not name:
            raise InputError(where, f"a {kind} has no id", "give it one")
        if count > 1:
            same = sorted({text for text in written if plain_id(prefix, text) == name})
            raise InputError(
                where,
                f"the {kind} {' or '.join(map(repr, same))} is defined twice",
                "remove one of the two",
            )
    return found


def _stem(path: str | Path) -> str:
    name = Path(path).name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name or "model"


def _check_species(stoichiometry: pd.DataFrame, known: set[str], where: str) -> None:
    unknown = stoichiometry[~stoichiometry["species"].isin(known)]
    for reaction, species in unknown[["reaction", "species"]].head(1).itertuples(index=False):
        raise InputError(
            f"{where}, reaction {reaction!r}",
            f"the species {species!r} is not in the list of species",
            "add it to the list, or correct the reaction",
        )


def _annotations(element: ElementTree.Element) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in element.iter():
        uri = item.get(RESOURCE)
        if uri and "identifiers.org/" in uri:
            namespace, slash, identifier = uri.split("identifiers.org/", 1)[1].partition("/")
            if not slash:
                # compact: ec-code:1.1.1.1, and CHEBI:15377, whose prefix belongs to the identifier
                namespace, _, identifier = namespace.partition(":")
                if namespace.isupper():
                    namespace, identifier = namespace.lower(), f"{namespace}:{identifier}"
            if identifier not in ("", "NaN"):  # what the COBRA Toolbox writes for nothing
                found[namespace].add(identifier)
    return found


def _entries(found: dict[str, set[str]], namespaces: Iterable[str]) -> list[str]:
    return [";".join(sorted(found.get(name, ()))) for name in namespaces]


def _notes(element: ElementTree.Element) -> dict[str, str]:
    """Paragraphs ``key: value`` of an element's notes, those without a value left out."""
    found = {}
    for notes in element.iterfind(f"{CORE}notes"):
        for item in notes.iter():
            if isinstance(item.tag, str) and item.tag.rpartition("}")[2].lower() == "p":
                key, _, value = "".join(item.itertext()).partition(":")
                if value.strip():
                    found[key.strip()] = value.strip()
    return found


def _species(document: SbmlDocument, where: str) -> tuple[pd.DataFrame, list[str]]:
    rows, loose, bigg = [], [], []
    for item in items(document.model, "species", where):
        identifier = plain_id("M_", item.get("id", ""))
        spot = f"{where}, species {identifier!r}"
        compartment = plain_id("C_", item.get("compartment", ""))
        formula, charged = item.get(f"{FBC}chemicalFormula", ""), item.get(f"{FBC}charge")
        if not document.fbc:
            notes = _notes(item)
            formula = notes.get("FORMULA", "")
            charged = item.get("charge")
            if charged is None and _is_whole(notes.get("CHARGE", "")):
                charged = notes["CHARGE"]
        found = _annotations(item)
        metabolite = compartment_apart(identifier, compartment)
        rows.append(
            (
                identifier,
                metabolite,
                compartment,
                item.get("name", ""),
                formula,
                None if charged is None else charge(charged, spot),
                *_entries(found, ALL_SPECIES_NAMESPACES.values()),
            )
        )
        bigg.append(";".join(sorted(found.get("bigg.metabolite", ()))))
        if item.get("boundaryCondition") in _TRUE:
            loose.append(identifier)
    columns = ["species", "metabolite", "compartment", "name", "formula", "charge"]
    table = pd.DataFrame(rows, columns=[*columns, *ALL_SPECIES_NAMESPACES])
    table = of_foreign_species(table, FOREIGN_NAMESPACES)
    if any(entry and entry != row[1] for entry, row in zip(bigg, rows, strict=True)):
        table["bigg"] = bigg
    return table.astype({"charge": "Int64"}), loose


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").removeprefix("+").isdigit()


def _reactions(
    document: SbmlDocument, where: str
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Rule]]:
    changed = _changed(document.model)
    bounds = bounds_reader(document, changed, where)
    rows, stoichiometry = [], []
    rules: dict[str, Rule] = {}
    make = RuleMaker()
    told = True
    for item in items(document.model, "reaction", where):
        identifier = plain_id("R_", item.get("id", ""))
        spot = f"{where}, reaction {identifier!r}"
        found = _annotations(item)
        name = item.get("name", "")
        rows.append(
            (identifier, name, *bounds(item, spot), *_entries(found, REACTION_NAMESPACES.values()))
        )
        told = told and _tells_bounds(item, document)
        for group, sign in (("listOfReactants", -1.0), ("listOfProducts", 1.0)):
            for reference in item.iterfind(f"{CORE}{group}/{CORE}speciesReference"):
                number = _coefficient(reference, document, changed, spot)
                species = plain_id("M_", reference.get("species", ""))
                stoichiometry.append((identifier, species, sign * number))
        rule = _rule_of(item, document, make, spot)
        if rule is not None:
            rules[identifier] = rule
    if rules and document.fbc >= 2 and not _has_genes(document.model):
        _log.warning("%s: has no gene products, and gene rules are read from notes", where)
    if not told:
        _log.warning("%s: bounds that it does not tell are taken for -1000 and 1000", where)
    return (
        pd.DataFrame(
            rows,
            columns=["reaction", "name", "lower_bound", "upper_bound", *REACTION_NAMESPACES],
        ),
        pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        rules,
    )


def _tells_bounds(reaction: ElementTree.Element, document: SbmlDocument) -> bool:
    if document.fbc == 0:
        return {"LOWER_BOUND", "UPPER_BOUND"} <= local_parameters(reaction).keys()
    sides = (f"{FBC}lowerFluxBound", f"{FBC}upperFluxBound")
    return document.fbc == 1 or all(side in reaction.attrib for side in sides)


def _changed(model: ElementTree.Element) -> set[str]:
    """List what initial assignments and rules give a value to."""
    assigned = model.iterfind(f"{CORE}listOfInitialAssignments/{CORE}initialAssignment")
    ruled: Iterator[ElementTree.Element] = (
        item for rules in model.iterfind(f"{CORE}listOfRules") for item in rules
    )
    found = {item.get("symbol", "") for item in assigned}
    return found | {item.get("variable", "") for item in ruled}


def _coefficient(
    reference: ElementTree.Element, document: SbmlDocument, changed: set[str], spot: str
) -> float:
    species = reference.get("species", "")
    calculated = reference.find(f"{CORE}stoichiometryMath") is not None
    if calculated or reference.get("id") in changed:
        raise InputError(
            spot, f"the coefficient of {species!r} is calculated", "write it as a number"
        )
    text = reference.get("stoichiometry", "1" if document.level < 3 else None)
    if text is None:
        raise InputError(spot, f"{species!r} has no coefficient", "give each species a number")
    return finite(text, spot, "coefficient")


def _rule_of(
    reaction: ElementTree.Element, document: SbmlDocument, make: RuleMaker, spot: str
) -> Rule | None:
    if document.fbc >= 2:
        association = reaction.find(f"{FBC}geneProductAssociation")
        parts = [] if association is None else _fbc_children(association)
        if parts or _has_genes(document.model):
            return _rule(parts[0], make, spot) if parts else None
    notes = _notes(reaction)
    text = next((notes[key] for key in _GENE_NOTES if key in notes), "")
    try:
        rule = parse_gpr(text, make)
    except InputError as error:
        raise InputError(f"{spot}, {error.where}", error.what, error.cure) from error
    if rule is None:
        return None
    return fold(rule, lambda gene: plain_id("G_", gene), make)


def _has_genes(model: ElementTree.Element) -> bool:
    return model.find(f"{FBC}listOfGeneProducts") is not None


def _fbc_children(element: ElementTree.Element) -> list[ElementTree.Element]:
    return [child for child in element if str(child.tag).startswith(FBC)]


def _rule(top: ElementTree.Element, make: RuleMaker, where: str) -> Rule:
    done: dict[ElementTree.Element, Rule] = {}
    waiting = [(top, False)]
    while waiting:
        element, ready = waiting.pop()
        operator = element.tag.removeprefix(FBC)
        parts = _fbc_children(element)
        if operator == "geneProductRef":
            done[element] = plain_id("G_", element.get(f"{FBC}geneProduct", ""))
            if not done[element]:
                raise InputError(where, "the gene rule names no gene", "give each part a gene")
        elif operator not in ("and", "or") or not parts:
            raise InputError(
                where, f"the gene rule holds <{operator}> without genes", "correct the rule"
            )
        elif ready:
            done[element] = make(operator, [done[part] for part in parts])
        else:
            waiting.append((element, True))
            waiting.extend((part, False) for part in parts)
    if len(done) > RULE_DEPTH and depth_of(done[top]) > RULE_DEPTH:
        raise InputError(
            where,
            f"the gene rule has more than {RULE_DEPTH:,} levels of 'and' and 'or'",
            "write it simpler",
        )
    return done[top]


def _gene_names(model: ElementTree.Element, where: str) -> dict[str, str]:
    names = {}
    for item in items(model, "geneProduct", where):
        identifier, name = item.get(f"{FBC}id", ""), item.get(f"{FBC}name", "")
        gene = plain_id("G_", identifier)
        if name and name not in (gene, identifier):
            names[gene] = name
    return names
