"""SBML level 3 version 1 with fbc version 2, read in one pass without building model objects."""

import gc
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.gpr import Rule
from gemwright.gem.identifiers import plain_id
from gemwright.gem.model import REACTION_NAMESPACES, SPECIES_NAMESPACES, MetabolicModel
from gemwright.io.compressed import open_content

CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_CURE = "give SBML level 3 version 1 with fbc 2, for example as cobra writes it"


def model_element(path: str | Path) -> ElementTree.Element:
    """Parse a file and return its ``<model>``.

    Raises
    ------
    InputError
        If the file is missing, is cut off, or is not SBML level 3 version 1.
    """
    collecting = gc.isenabled()
    # the collector walks the growing tree over and over, which takes more than half of the time
    gc.disable()
    try:
        with open_content(path) as handle:
            model = ElementTree.parse(handle).getroot().find(f"{CORE}model")
    except (OSError, EOFError, zlib.error, ElementTree.ParseError) as error:
        raise InputError(
            str(path), f"is cut off or no readable SBML ({error})", "check the file"
        ) from error
    finally:
        if collecting:
            gc.enable()
    if model is None:
        raise InputError(str(path), "is not SBML level 3 version 1", _CURE)
    return model


def read_sbml(path: str | Path, element: ElementTree.Element | None = None) -> MetabolicModel:
    """Read a model.

    Parameters
    ----------
    path : str or Path
        SBML, gzipped or not.
    element : xml.etree.ElementTree.Element, optional
        Its `model_element`, if it is parsed already.

    Returns
    -------
    MetabolicModel
        Called by the id inside the file, or else by the file's name.

    Raises
    ------
    InputError
        As `model_element`; if a bound, charge or coefficient is no number, a gene rule has no
        genes, or an item is defined twice.
    """
    where = str(path)
    model = model_element(path) if element is None else element
    stem = Path(path).name.removesuffix(".gz").removesuffix(".xml").removesuffix(".sbml")
    reactions, stoichiometry, rules = _reactions(model, where)
    return MetabolicModel(
        identifier=model.get("id") or stem,
        species=_species(model, where),
        reactions=reactions,
        stoichiometry=stoichiometry,
        objective=next(iter(objective_terms(model, where)), ""),
        rules=rules,
        gene_names=_gene_names(model, where),
    )


def items(model: ElementTree.Element, kind: str, where: str = "") -> list[ElementTree.Element]:
    """Elements of one kind.

    Parameters
    ----------
    model : xml.etree.ElementTree.Element
        The ``<model>``.
    kind : str
        ``species``, ``reaction``, ``geneProduct`` or ``parameter``.
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        If two of them have one id.
    """
    space = FBC if kind == "geneProduct" else CORE
    names = "Species" if kind == "species" else f"{kind[:1].upper()}{kind[1:]}s"
    found = model.findall(f"{space}listOf{names}/{space}{kind}")
    key = f"{FBC}id" if kind == "geneProduct" else "id"
    for name, count in Counter(item.get(key, "") for item in found).items():
        if count > 1:
            raise InputError(
                where, f"the {kind} {name!r} is defined twice", "remove one of the two"
            )
    return found


def objective_terms(model: ElementTree.Element, where: str) -> dict[str, float]:
    """Coefficients of the reactions in the flux objective, in file order."""
    return {
        name: _number(
            item.get(f"{FBC}coefficient", "nan"), f"{where}, objective {name!r}", "coefficient"
        )
        for item in model.iter(f"{FBC}fluxObjective")
        for name in [item.get(f"{FBC}reaction", "").removeprefix("R_")]
    }


def _number(text: str, where: str, what: str, kind: Callable[[str], float] = float) -> float:
    try:
        return kind(text)
    except ValueError as error:
        raise InputError(where, f"its {what} {text!r} is no number", "correct it") from error


def _annotations(element: ElementTree.Element, namespaces: dict[str, str]) -> list[str]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in element.iter():
        uri = item.get(RESOURCE)
        if uri and "identifiers.org/" in uri:
            namespace, _, identifier = uri.split("identifiers.org/", 1)[1].partition("/")
            if identifier:
                found[namespace].add(identifier)
    return [";".join(sorted(found.get(name, ()))) for name in namespaces.values()]


def _species(model: ElementTree.Element, where: str) -> pd.DataFrame:
    rows = []
    for item in items(model, "species", where):
        identifier = item.get("id", "").removeprefix("M_")
        charge = item.get(f"{FBC}charge")
        rows.append(
            (
                identifier,
                identifier.rpartition("_")[0],
                item.get("compartment", "").removeprefix("C_"),
                item.get("name", ""),
                item.get(f"{FBC}chemicalFormula", ""),
                None
                if charge is None
                else _number(charge, f"{where}, species {identifier!r}", "charge", int),
                *_annotations(item, SPECIES_NAMESPACES),
            )
        )
    columns = ["species", "metabolite", "compartment", "name", "formula", "charge"]
    table = pd.DataFrame(rows, columns=[*columns, *SPECIES_NAMESPACES])
    return table.astype({"charge": "Int64"})


def _reactions(
    model: ElementTree.Element, where: str
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Rule]]:
    values = {
        item.get("id", ""): _number(
            item.get("value", "nan"), f"{where}, parameter {item.get('id')!r}", "value"
        )
        for item in items(model, "parameter", where)
    }
    rows, stoichiometry = [], []
    rules: dict[str, Rule] = {}
    for item in items(model, "reaction", where):
        identifier = item.get("id", "").removeprefix("R_")
        spot = f"{where}, reaction {identifier!r}"
        bounds = []
        for side in ("lower", "upper"):
            parameter = item.get(f"{FBC}{side}FluxBound", "")
            if parameter not in values:
                raise InputError(
                    spot, f"its {side} bound {parameter!r} is no number among the parameters", _CURE
                )
            bounds.append(values[parameter])
        notes = _annotations(item, REACTION_NAMESPACES)
        rows.append((identifier, item.get("name", ""), *bounds, *notes))
        for group, sign in (("listOfReactants", -1.0), ("listOfProducts", 1.0)):
            for reference in item.iterfind(f"{CORE}{group}/{CORE}speciesReference"):
                number = _number(reference.get("stoichiometry", "1"), spot, "coefficient")
                species = reference.get("species", "").removeprefix("M_")
                stoichiometry.append((identifier, species, sign * number))
        association = item.find(f"{FBC}geneProductAssociation")
        if association is not None:
            for part in _fbc_children(association)[:1]:
                rules[identifier] = _rule(part, spot)
    return (
        pd.DataFrame(
            rows,
            columns=["reaction", "name", "lower_bound", "upper_bound", *REACTION_NAMESPACES],
        ),
        pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        rules,
    )


def _fbc_children(element: ElementTree.Element) -> list[ElementTree.Element]:
    return [child for child in element if child.tag.startswith(FBC)]


def _rule(element: ElementTree.Element, where: str) -> Rule:
    if element.tag == f"{FBC}geneProductRef":
        return plain_id("G_", element.get(f"{FBC}geneProduct", ""))
    operator = element.tag.removeprefix(FBC)
    parts = tuple(_rule(part, where) for part in _fbc_children(element))
    if operator not in ("and", "or") or not parts:
        raise InputError(where, f"the gene rule holds <{operator}> without genes", _CURE)
    return parts[0] if len(parts) == 1 else (operator, parts)


def _gene_names(model: ElementTree.Element, where: str) -> dict[str, str]:
    names = {}
    for item in items(model, "geneProduct", where):
        identifier, name = item.get(f"{FBC}id", ""), item.get(f"{FBC}name", "")
        gene = plain_id("G_", identifier)
        if name and name not in (gene, identifier):
            names[gene] = name
    return names
