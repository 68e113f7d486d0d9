"""SBML level 3 version 1 with fbc version 2, written byte by byte the same."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from gemwright.gem.gpr import Rule
from gemwright.gem.identifiers import sbml_id
from gemwright.gem.model import REACTION_NAMESPACES, SPECIES_NAMESPACES, MetabolicModel
from gemwright.gem.species import is_exchange, transported
from gemwright.io.files import write_text

_COMPARTMENTS = {"c": "cytosol", "p": "periplasm", "e": "extracellular space"}
_IDENTIFIERS = "https://identifiers.org"
_FORMULA = re.compile(r"(?:[A-Z][a-z]*\d*)+")
_INFINITE = 1000.0


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

    Raises
    ------
    RuntimeError
        If libSBML refuses a part.
    """
    import libsbml

    notes = notes or {}
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

    used = set(model.stoichiometry["species"])
    species = model.species[model.species["species"].isin(used)].sort_values("species")
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
        _annotate(item, metabolite + _uris(row, dict(sorted(SPECIES_NAMESPACES.items()))))

    reactions = model.reactions.sort_values("reaction")
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
        product.setName(model.gene_names.get(gene, gene))
        product.setSBOTerm("SBO:0000243")
        _note(product, notes.get(identifier, ()))

    carriers = set(transported(model.stoichiometry)["reaction"])
    exchanges = set(reactions.loc[is_exchange(reactions["reaction"]), "reaction"])
    sides = {
        reaction: list(zip(group["species"], group["coefficient"], strict=True))
        for reaction, group in model.stoichiometry.sort_values(["reaction", "species"]).groupby(
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
        item.setSBOTerm(_sbo_term(name, model.objective, exchanges, carriers))
        plugin = item.getPlugin("fbc")
        plugin.setLowerFluxBound(_bound_id(row["lower_bound"]))
        plugin.setUpperFluxBound(_bound_id(row["upper_bound"]))
        for identifier, coefficient in sides.get(name, ()):
            reference = item.createReactant() if coefficient < 0 else item.createProduct()
            reference.setSpecies(sbml_id("M_", identifier))
            reference.setStoichiometry(abs(float(coefficient)))
            reference.setConstant(True)
        if name in model.rules:
            _association(plugin.createGeneProductAssociation(), model.rules[name])
        _note(item, notes.get(item.getId(), ()))
        bigg = [] if name == model.objective else [f"{_IDENTIFIERS}/bigg.reaction/{name}"]
        _annotate(item, bigg + _uris(row, REACTION_NAMESPACES))

    objective = fbc.createObjective()
    objective.setId("obj")
    objective.setType("maximize")
    fbc.setActiveObjectiveId("obj")
    term = objective.createFluxObjective()
    term.setReaction(sbml_id("R_", model.objective))
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
) -> None:
    """Write a model as SBML; see `sbml_text`. The same model gives the same bytes."""
    write_text(path, sbml_text(model, notes))
