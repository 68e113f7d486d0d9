"""SBML level 3 version 1 with fbc version 2, written byte by byte the same."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.annotation import one_line, reaction_annotations, species_annotations
from gemwright.gem.gpr import Rule
from gemwright.gem.identifiers import sbml_id
from gemwright.gem.model import MetabolicModel
from gemwright.gem.model_difference import FORMULA, difference
from gemwright.gem.sbml_reader import read_sbml
from gemwright.gem.species import has_bigg_id, is_exchange, transported
from gemwright.io.files import atomic_path

_COMPARTMENTS = {"c": "cytosol", "p": "periplasm", "e": "extracellular space"}
_IDENTIFIERS = "https://identifiers.org"
_NO_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INFINITE = 1000.0


class _RefusedError(Exception):
    """LibSBML took a value for wrong."""


def _check(code: int | None, what: str) -> None:
    import libsbml

    if code is None or (isinstance(code, int) and code != libsbml.LIBSBML_OPERATION_SUCCESS):
        raise _RefusedError(f"libSBML refuses to {what} (code {code})")


def _set(element: Any, **values: Any) -> Any:
    """Set attributes (``Id`` by ``setId``), each checked; give the element back."""
    if element is None:
        raise _RefusedError("libSBML refuses to make an element")
    for name, value in values.items():
        if isinstance(value, str):
            value = _text(value)
        _check(getattr(element, f"set{name}")(value), f"set {name} to {value!r}")
    return element


def _text(text: str) -> str:
    """Text without line ends and tabs, which XML does not keep in attributes."""
    plain = one_line(text)
    if found := _NO_XML.search(plain):
        raise _RefusedError(f"{plain[:60]!r} holds {found.group()!r}, which XML cannot hold")
    return plain


def _annotate(element: Any, uris: list[str]) -> None:
    import libsbml

    if not uris:
        return
    _set(element, MetaId=element.getId())
    term = libsbml.CVTerm()
    _set(
        term,
        QualifierType=libsbml.BIOLOGICAL_QUALIFIER,
        BiologicalQualifierType=libsbml.BQB_IS,
    )
    for uri in uris:
        _check(term.addResource(_text(uri)), f"annotate {element.getId()} with {uri!r}")
    _check(element.addCVTerm(term), f"annotate {element.getId()}")


def _note(element: Any, lines: Sequence[str]) -> None:
    if lines:
        paragraphs = "".join(f"<p>{escape(_text(line))}</p>" for line in lines)
        body = f'<html xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</html>'
        _check(element.setNotes(body), f"note something on {element.getId()}")


def _uris(annotations: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"{_IDENTIFIERS}/{namespace}/{entry}"
        for namespace, entries in annotations.items()
        for entry in entries
    ]


def _bound_id(value: float) -> str:
    named = {0.0: "cobra_0_bound", _INFINITE: "cobra_default_ub", -_INFINITE: "cobra_default_lb"}
    return named.get(value) or sbml_id("bound_", repr(value))


def _association(parent: Any, rule: Rule) -> None:
    waiting: list[tuple[Any, Rule]] = [(parent, rule)]
    while waiting:
        above, part = waiting.pop(0)
        if isinstance(part, str):
            _set(above.createGeneProductRef(), GeneProduct=sbml_id("G_", part))
            continue
        operator, parts = part
        node = above.createAnd() if operator == "and" else above.createOr()
        waiting.extend((node, inner) for inner in parts)


def _compartment_id(compartment: str) -> str:
    return sbml_id("C_", compartment) if compartment else "C_"


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
    InputError
        If libSBML refuses a part, or a name has a character that XML cannot hold.
    """
    try:
        return _sbml_text(model, notes or {})
    except _RefusedError as error:
        raise InputError(
            f"model {model.identifier!r}", str(error), "correct that part of the model"
        ) from error


def _sbml_text(model: MetabolicModel, notes: Mapping[str, Sequence[str]]) -> str:
    import libsbml

    namespaces = libsbml.SBMLNamespaces(3, 1, "fbc", 2)
    document = libsbml.SBMLDocument(namespaces)
    _check(document.setPackageRequired("fbc", False), "declare fbc")
    identifier = sbml_id("", model.identifier)
    sbml = _set(
        document.createModel(), Id=identifier, MetaId=f"meta_{identifier}", Name=model.identifier
    )
    _note(sbml, notes.get("", ()))
    fbc = _set(sbml.getPlugin("fbc"), Strict=True)
    _write_units(sbml)
    _write_species(sbml, model)
    reactions = model.reactions.sort_values("reaction")
    values = {0.0, -_INFINITE, _INFINITE, *reactions["lower_bound"], *reactions["upper_bound"]}
    for value in sorted(values):
        standard = value in (0.0, -_INFINITE, _INFINITE)
        _set(
            sbml.createParameter(),
            Id=_bound_id(value),
            Value=float(value),
            Constant=True,
            Units="mmol_per_gDW_per_hr",
            SBOTerm="SBO:0000626" if standard else "SBO:0000625",
        )
    for gene in model.genes:
        product = _set(
            fbc.createGeneProduct(),
            Id=sbml_id("G_", gene),
            Label=gene,
            Name=model.gene_names.get(gene, gene),
            SBOTerm="SBO:0000243",
        )
        _note(product, notes.get(product.getId(), ()))
    _write_reactions(sbml, model, reactions, notes)
    terms = model.objective_terms or ({model.objective: 1.0} if model.objective else {})
    if terms:
        direction = "minimize" if model.minimise else "maximize"
        objective = _set(fbc.createObjective(), Id="obj", Type=direction)
        _set(fbc, ActiveObjectiveId="obj")
        for name, coefficient in terms.items():
            term = _set(objective.createFluxObjective(), Reaction=sbml_id("R_", name))
            _check(term.setCoefficient(float(coefficient)), f"weigh {name} by {coefficient}")
    # the writer of libSBML's documents would add its version and the date in a comment
    writer = libsbml.SBMLWriter()
    text: str = writer.writeSBMLToString(document)
    return text


def _write_units(sbml: Any) -> None:
    import libsbml

    flux = _set(sbml.createUnitDefinition(), Id="mmol_per_gDW_per_hr")
    for kind, exponent, scale, multiplier in (
        (libsbml.UNIT_KIND_MOLE, 1, -3, 1.0),
        (libsbml.UNIT_KIND_GRAM, -1, 0, 1.0),
        (libsbml.UNIT_KIND_SECOND, -1, 0, 3600.0),
    ):
        _set(flux.createUnit(), Kind=kind, Exponent=exponent, Scale=scale, Multiplier=multiplier)


def _write_species(sbml: Any, model: MetabolicModel) -> None:
    used = set(model.stoichiometry["species"])
    species = model.species[model.species["species"].isin(used)].sort_values("species")
    for letter in sorted(set(species["compartment"])):
        _set(
            sbml.createCompartment(),
            Id=_compartment_id(letter),
            Name=_COMPARTMENTS.get(letter, letter),
            Constant=True,
            Size=1.0,
            SpatialDimensions=3,
            SBOTerm="SBO:0000290",
        )
    for row in species.to_dict("records"):
        item = _set(
            sbml.createSpecies(),
            Id=sbml_id("M_", row["species"]),
            Name=row["name"] or row["species"],
            Compartment=_compartment_id(row["compartment"]),
            HasOnlySubstanceUnits=True,
            BoundaryCondition=False,
            Constant=False,
            SBOTerm="SBO:0000247",
        )
        plugin = item.getPlugin("fbc")
        if not pd.isna(row["charge"]):
            _check(plugin.setCharge(int(row["charge"])), f"set charge {row['charge']}")
        if FORMULA.fullmatch(row["formula"]):
            _set(plugin, ChemicalFormula=row["formula"])
        _annotate(item, _uris(species_annotations(row)))


def _write_reactions(
    sbml: Any,
    model: MetabolicModel,
    reactions: pd.DataFrame,
    notes: Mapping[str, Sequence[str]],
) -> None:
    as_bigg = {
        name: name if has_bigg_id(name) else f"{metabolite}_{compartment}"
        for name, metabolite, compartment in model.species[
            ["species", "metabolite", "compartment"]
        ].itertuples(index=False, name=None)
    }
    named = model.stoichiometry.assign(
        species=model.stoichiometry["species"].map(as_bigg).fillna("")
    )
    carriers = set(transported(named)["reaction"])
    bigg_ids = any(map(has_bigg_id, set(model.stoichiometry["species"])))
    exchanges = set(reactions.loc[is_exchange(reactions["reaction"]), "reaction"])
    sides = {
        reaction: list(zip(group["species"], group["coefficient"], strict=True))
        for reaction, group in model.stoichiometry.sort_values(["reaction", "species"]).groupby(
            "reaction"
        )
    }
    for row in reactions.to_dict("records"):
        name = row["reaction"]
        item = _set(
            sbml.createReaction(),
            Id=sbml_id("R_", name),
            Name=row["name"] or name,
            Reversible=bool(row["lower_bound"] < 0 < row["upper_bound"]),
            Fast=False,
            SBOTerm=_sbo_term(name, model.objective, exchanges, carriers),
        )
        plugin = _set(
            item.getPlugin("fbc"),
            LowerFluxBound=_bound_id(row["lower_bound"]),
            UpperFluxBound=_bound_id(row["upper_bound"]),
        )
        for identifier, coefficient in sides.get(name, ()):
            reference = item.createReactant() if coefficient < 0 else item.createProduct()
            _set(
                reference,
                Species=sbml_id("M_", identifier),
                Stoichiometry=abs(float(coefficient)),
                Constant=True,
            )
        if name in model.rules:
            _association(plugin.createGeneProductAssociation(), model.rules[name])
        _note(item, notes.get(item.getId(), ()))
        known = [name] if bigg_ids and name != model.objective else []
        _annotate(item, _uris({"bigg.reaction": known} | reaction_annotations(row)))


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
    """Write a model as SBML; see `sbml_text`. The same model gives the same bytes.

    What was written is read again and compared with the model before it gets its name.

    Raises
    ------
    InputError
        As `sbml_text`; if the file would read back as another model.
    """
    text = sbml_text(model, notes)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        try:
            different = difference(model, read_sbml(temporary))
        except InputError as error:
            different = f"{error.where.removeprefix(str(temporary)).lstrip(', ')}: {error.what}"
        if different:
            raise InputError(
                str(path),
                f"model {model.identifier!r} would read back as another ({different})",
                "correct that part of the model",
            )
