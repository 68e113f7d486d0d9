"""Models of BiGG as SBML L3 fbc v2."""

from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.gem.gpr import format_gpr
from gemwright.gem.identifiers import plain_id
from gemwright.gem.sbml_document import FBC, read_document
from gemwright.gem.sbml_numbers import finite, objective_of
from gemwright.gem.sbml_reader import RESOURCE, items, read_sbml
from gemwright.sources.bigg_annotations import IDENTIFIERS_ORG, annotation_pairs
from gemwright.sources.bigg_raw import RawModel

_GROUPS = "{http://www.sbml.org/sbml/level3/version1/groups/version1}"


def read_sbml_model(path: str | Path) -> RawModel:
    """Read a model as SBML L3 fbc v2.

    Raises
    ------
    InputError
        If it is no SBML, is cut off, defines an item twice, or a number is none.
    """
    where = str(path)
    try:
        document = read_document(path)
        model = read_sbml(path, document)
        objective, _ = objective_of(document, where)
        # of some of BiGG's files none is the active one
        objective = objective or {
            plain_id("R_", item.get(f"{FBC}reaction", "")): finite(
                item.get(f"{FBC}coefficient", "NaN"), f"{where}, objective", "coefficient"
            )
            for item in document.model.iter(f"{FBC}fluxObjective")
        }
    except InputError as error:
        raise InputError(error.where, error.what, FETCH_AGAIN) from error
    element = document.model
    raw = RawModel(identifier=element.get("id", ""))
    subsystems = {
        plain_id("R_", member.get(f"{_GROUPS}idRef", "")): group.get(f"{_GROUPS}name", "")
        for group in element.iter(f"{_GROUPS}group")
        for member in group.iter(f"{_GROUPS}member")
    }
    for kind, prefix in (("species", "M_"), ("reaction", "R_")):
        for item in items(element, kind):
            name = plain_id(prefix, item.get("id", ""))
            _resources(item, f"{where}, {kind} {name!r}", raw, kind, name)
    for item in items(element, "geneProduct"):
        name = plain_id("G_", item.get(f"{FBC}id", ""))
        raw.genes.append((name, item.get(f"{FBC}name", "")))
        _resources(item, f"{where}, gene {name!r}", raw, "gene", name)
    for name, compartment, label, formula, charge in model.species[
        ["species", "compartment", "name", "formula", "charge"]
    ].itertuples(index=False, name=None):
        known = None if pd.isna(charge) else int(charge)
        raw.species.append((name, compartment, label, formula, known))
    for name, label, low, high in model.reactions[
        ["reaction", "name", "lower_bound", "upper_bound"]
    ].itertuples(index=False, name=None):
        rule = format_gpr(model.rules.get(name))
        raw.reactions.append(
            (
                name,
                label,
                float(low),
                float(high),
                subsystems.get(name, ""),
                rule,
                objective.get(name, 0.0),
            )
        )
    # a species on both sides has one row a side: the net coefficient counts, as in JSON
    net = model.stoichiometry.groupby(["reaction", "species"], sort=False, as_index=False).sum()
    raw.stoichiometry = list(net.itertuples(index=False, name=None))
    return raw


def _resources(
    element: ElementTree.Element, where: str, raw: RawModel, kind: str, name: str
) -> None:
    entries = [
        ["", address]
        for item in element.iter()
        if (address := item.get(RESOURCE)) and IDENTIFIERS_ORG in address
    ]
    pairs = annotation_pairs(entries, where, raw.counts)
    raw.annotations[kind] += [(name, *pair) for pair in pairs]
