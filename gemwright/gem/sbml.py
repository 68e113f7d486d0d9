"""SBML level 3 with fbc version 2: written byte by byte the same, and read back."""

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.gpr import Rule, format_gpr, parse_gpr
from gemwright.gem.model import MetabolicModel
from gemwright.gem.sbml_tables import read_sbml_tables
from gemwright.gem.species import is_exchange, transported
from gemwright.io.compressed import open_content
from gemwright.io.files import atomic_path

_CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
_FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
_COMPARTMENTS = {"c": "cytosol", "p": "periplasm", "e": "extracellular space"}
_IDENTIFIERS = "https://identifiers.org"
_FORMULA = re.compile(r"(?:[A-Z][a-z]*\d*)+")
_UNSAFE = re.compile(r"[^A-Za-z0-9_]")
_INFINITE = 1000.0


def sbml_id(prefix: str, identifier: str) -> str:
    """SBML id of an identifier; what SBML forbids is written ``__<code>__``, as cobra does."""
    return prefix + _UNSAFE.sub(lambda match: f"__{ord(match.group())}__", identifier)


def plain_id(prefix: str, identifier: str) -> str:
    """Undo `sbml_id`."""
    bare = identifier.removeprefix(prefix)
    return re.sub(r"__(\d+)__", lambda match: chr(int(match.group(1))), bare)


def _check(code: int | None, what: str) -> None:
    import libsbml

    if code is None or (isinstance(code, int) and code != libsbml.LIBSBML_OPERATION_SUCCESS):
        raise RuntimeError(f"libSBML refused to {what} (code {code})")


def _annotate(element: Any, uris: list[str]) -> None:
    import libsbml

    if not uris:
        return
    element.setMetaId(element.getId())
    term = libsbml.CVTerm()
    term.setQualifierType(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(libsbml.BQB_IS)
    for uri in uris:
        term.addResource(uri)
    _check(element.addCVTerm(term), f"annotate {element.getId()}")


def _note(element: Any, lines: Sequence[str]) -> None:
    if lines:
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
        body = f'<html xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</html>'
        _check(element.setNotes(body), f"note something on {element.getId()}")


def _uris(row: Mapping[Any, Any], namespaces: dict[str, str]) -> list[str]:
    uris = []
    for column, namespace in namespaces.items():
        for entry in str(row.get(column) or "").split(";"):
            if entry:
                uris.append(f"{_IDENTIFIERS}/{namespace}/{entry}")
    return uris


def _bound_id(value: float) -> str:
    named = {0.0: "cobra_0_bound", _INFINITE: "cobra_default_ub", -_INFINITE: "cobra_default_lb"}
    return named.get(value) or sbml_id("bound_", repr(value))


def _association(parent: Any, rule: Rule) -> None:
    if isinstance(rule, str):
        leaf = parent.createGeneProductRef()
        _check(leaf.setGeneProduct(sbml_id("G_", rule)), f"name gene {rule}")
        return
    operator, parts = rule
    node = parent.createAnd() if operator == "and" else parent.createOr()
    for part in parts:
        _association(node, part)


def sbml_text(
    model: MetabolicModel,
    notes: Mapping[str, Sequence[str]] | None = None,
    gene_names: Mapping[str, str] | None = None,
) -> str:
    """Write a model as SBML L3V1 with fbc v2, strict; no time stamps, everything sorted.

    Names, formulas, charges, annotations (BiGG, ChEBI, InChIKey, MetaNetX; Rhea, EC), SBO terms,
    gene products and rules are written; the reactions' bounds say which medium is set. What the
    tables do not have (a charge, an annotation) is left out.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    notes : mapping of str to sequence of str, optional
        Lines (``key: value`` as cobra reads them) to note on parts, by SBML id (see `sbml_id`;
        ``R_PFK``, ``G_b3916``); ``""`` is the model.
    gene_names : mapping of str to str, optional
        Gene to its name, where known.

    Raises
    ------
    RuntimeError
        If libSBML refuses a part.
    """
    import libsbml

    tables = model.tables
    notes, gene_names = notes or {}, gene_names or {}
    namespaces = libsbml.SBMLNamespaces(3, 1, "fbc", 2)
    document = libsbml.SBMLDocument(namespaces)
    document.setPackageRequired("fbc", False)
    sbml = document.createModel()
    sbml.setId(sbml_id("", model.identifier))
    sbml.setMetaId(f"meta_{sbml_id('', model.identifier)}")
    sbml.setName(model.identifier)
    _note(sbml, notes.get("", ()))
    fbc = sbml.getPlugin("fbc")
    fbc.setStrict(True)

    flux = sbml.createUnitDefinition()
    flux.setId("mmol_per_gDW_per_hr")
    for kind, exponent, scale, multiplier in (
        (libsbml.UNIT_KIND_MOLE, 1, -3, 1.0),
        (libsbml.UNIT_KIND_GRAM, -1, 0, 1.0),
        (libsbml.UNIT_KIND_SECOND, -1, 0, 3600.0),
    ):
        unit = flux.createUnit()
        unit.setKind(kind)
        unit.setExponent(exponent)
        unit.setScale(scale)
        unit.setMultiplier(multiplier)

    used = set(tables.stoichiometry["species"])
    species = tables.species[tables.species["species"].isin(used)].sort_values("species")
    for letter in sorted(set(species["compartment"])):
        compartment = sbml.createCompartment()
        compartment.setId(sbml_id("C_", letter))
        compartment.setName(_COMPARTMENTS.get(letter, letter))
        compartment.setConstant(True)
        compartment.setSize(1.0)
        compartment.setSpatialDimensions(3)
        compartment.setSBOTerm("SBO:0000290")

    for row in species.to_dict("records"):
        item = sbml.createSpecies()
        item.setId(sbml_id("M_", row["species"]))
        item.setName(row["name"] or row["species"])
        item.setCompartment(sbml_id("C_", row["compartment"]))
        item.setHasOnlySubstanceUnits(True)
        item.setBoundaryCondition(False)
        item.setConstant(False)
        item.setSBOTerm("SBO:0000247")
        plugin = item.getPlugin("fbc")
        if not pd.isna(row["charge"]):
            plugin.setCharge(int(row["charge"]))
        if _FORMULA.fullmatch(row["formula"]):
            _check(plugin.setChemicalFormula(row["formula"]), f"set formula {row['formula']}")
        metabolite = [f"{_IDENTIFIERS}/bigg.metabolite/{row['metabolite']}"]
        more = {"chebi": "chebi", "inchikey": "inchikey", "metanetx": "metanetx.chemical"}
        _annotate(item, metabolite + _uris(row, more))

    reactions = tables.reactions.sort_values("reaction")
    values = {0.0, -_INFINITE, _INFINITE, *reactions["lower_bound"], *reactions["upper_bound"]}
    for value in sorted(values):
        parameter = sbml.createParameter()
        parameter.setId(_bound_id(value))
        parameter.setValue(value)
        parameter.setConstant(True)
        parameter.setUnits("mmol_per_gDW_per_hr")
        parameter.setSBOTerm(
            "SBO:0000626" if value in (0.0, -_INFINITE, _INFINITE) else "SBO:0000625"
        )

    for gene in model.genes:
        product = fbc.createGeneProduct()
        identifier = sbml_id("G_", gene)
        product.setId(identifier)
        product.setLabel(gene)
        product.setName(gene_names.get(gene, gene))
        product.setSBOTerm("SBO:0000243")
        _note(product, notes.get(identifier, ()))

    rules = model.rules
    carriers = set(transported(tables.stoichiometry)["reaction"])
    exchanges = set(reactions.loc[is_exchange(reactions["reaction"]), "reaction"])
    sides = {
        reaction: list(zip(group["species"], group["coefficient"], strict=True))
        for reaction, group in tables.stoichiometry.sort_values(["reaction", "species"]).groupby(
            "reaction"
        )
    }
    for row in reactions.to_dict("records"):
        name = row["reaction"]
        item = sbml.createReaction()
        item.setId(sbml_id("R_", name))
        item.setName(row["name"] or name)
        item.setReversible(bool(row["lower_bound"] < 0 < row["upper_bound"]))
        item.setFast(False)
        item.setSBOTerm(_sbo_term(name, tables.objective, exchanges, carriers))
        plugin = item.getPlugin("fbc")
        plugin.setLowerFluxBound(_bound_id(row["lower_bound"]))
        plugin.setUpperFluxBound(_bound_id(row["upper_bound"]))
        for identifier, coefficient in sides.get(name, ()):
            reference = item.createReactant() if coefficient < 0 else item.createProduct()
            reference.setSpecies(sbml_id("M_", identifier))
            reference.setStoichiometry(abs(float(coefficient)))
            reference.setConstant(True)
        if name in rules:
            rule = parse_gpr(rules[name])
            assert rule is not None
            _association(plugin.createGeneProductAssociation(), rule)
        _note(item, notes.get(item.getId(), ()))
        bigg = [] if name == tables.objective else [f"{_IDENTIFIERS}/bigg.reaction/{name}"]
        _annotate(item, bigg + _uris(row, {"rhea": "rhea", "ec": "ec-code"}))

    objective = fbc.createObjective()
    objective.setId("obj")
    objective.setType("maximize")
    fbc.setActiveObjectiveId("obj")
    term = objective.createFluxObjective()
    term.setReaction(sbml_id("R_", tables.objective))
    term.setCoefficient(1.0)
    # the writer of libSBML's documents would add its version and the date in a comment
    writer = libsbml.SBMLWriter()
    text: str = writer.writeSBMLToString(document)
    return text


def _sbo_term(name: str, biomass: str, exchanges: set[str], carriers: set[str]) -> str:
    if name == biomass:
        return "SBO:0000629"
    if name in exchanges:
        return "SBO:0000627"
    if name.startswith("sink_"):
        return "SBO:0000632"
    if name.startswith("DM_"):
        return "SBO:0000628"
    if name == "ATPM":
        return "SBO:0000630"
    return "SBO:0000185" if name in carriers else "SBO:0000176"


def write_sbml(
    model: MetabolicModel,
    path: str | Path,
    notes: Mapping[str, Sequence[str]] | None = None,
    gene_names: Mapping[str, str] | None = None,
) -> None:
    """Write a model as SBML; see `sbml_text`. The same model gives the same bytes."""
    text = sbml_text(model, notes, gene_names)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def consistency_errors(path: str | Path) -> list[str]:
    """Errors that libSBML's consistency check finds in a file; warnings are left out."""
    import libsbml

    document = libsbml.readSBMLFromFile(str(path))
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.checkConsistency()
    return [
        document.getError(number).getMessage().strip()
        for number in range(document.getNumErrors())
        if document.getError(number).getSeverity() >= libsbml.LIBSBML_SEV_ERROR
    ]


def _read_rule(node: ElementTree.Element, labels: dict[str, str]) -> Rule:
    if node.tag == f"{_FBC}geneProductRef":
        identifier = node.get(f"{_FBC}geneProduct", "")
        return labels.get(identifier, identifier.removeprefix("G_"))
    operator = "and" if node.tag == f"{_FBC}and" else "or"
    return operator, tuple(_read_rule(child, labels) for child in node)


def _model_element(path: str | Path) -> ElementTree.Element:
    with open_content(path) as handle:
        model = ElementTree.parse(handle).getroot().find(f"{_CORE}model")
    if model is None:
        raise InputError(str(path), "has no model", "Give SBML level 3 with fbc 2")
    return model


def read_model(path: str | Path) -> MetabolicModel:
    """Read a model with its gene rules.

    Parameters
    ----------
    path : str or Path
        SBML L3V1 with fbc v2, gzipped if the name ends in ``.gz``. Gene ids are those of the gene
        products without ``G_``.

    Raises
    ------
    InputError
        If the file is missing or no such SBML.
    """
    try:
        tables = read_sbml_tables(path)
    except (KeyError, ValueError, EOFError, zlib.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            str(path),
            f"is cut off, or a bound, charge or coefficient is no number ({error})",
            "Give SBML level 3 version 1 with fbc 2, for example as cobra writes it",
        ) from error
    model = _model_element(path)
    labels = {
        item.get(f"{_FBC}id", ""): plain_id("G_", item.get(f"{_FBC}id", ""))
        for item in model.iter(f"{_FBC}geneProduct")
    }
    rows = []
    for item in model.iter(f"{_CORE}reaction"):
        association = item.find(f"{_FBC}geneProductAssociation")
        text = (
            ""
            if association is None or not len(association)
            else format_gpr(_read_rule(association[0], labels))
        )
        rows.append((item.get("id", "").removeprefix("R_"), text))
    return MetabolicModel(
        model.get("id", ""), tables, pd.DataFrame(rows, columns=["reaction", "gpr"])
    )


def read_gene_names(path: str | Path) -> dict[str, str]:
    """Names of the genes in a file that `read_model` reads, where they differ from the ids.

    A name is that of the gene product (``adhE`` of ``b1241``).

    Raises
    ------
    InputError
        If the file holds no model.
    """
    names = {}
    for item in _model_element(path).iter(f"{_FBC}geneProduct"):
        identifier, name = item.get(f"{_FBC}id", ""), item.get(f"{_FBC}name", "")
        gene = plain_id("G_", identifier)
        if name and name not in (gene, identifier):
            names[gene] = name
    return names
