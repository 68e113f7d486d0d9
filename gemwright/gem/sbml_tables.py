"""An SBML L3 fbc model as plain tables, read in one pass without building model objects."""

import gzip
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.model import ModelTables

_CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
_FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def _annotations(element: ElementTree.Element) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in element.iter():
        uri = item.get(_RESOURCE)
        if uri and "identifiers.org/" in uri:
            namespace, _, identifier = uri.split("identifiers.org/", 1)[1].partition("/")
            if identifier:
                found[namespace].add(identifier)
    return {namespace: ";".join(sorted(ids)) for namespace, ids in found.items()}


def read_sbml_tables(path: str | Path) -> ModelTables:
    """Read an SBML L3 model with the fbc package into tables.

    Parameters
    ----------
    path : str or Path
        SBML, gzipped if the name ends in ``.gz``.

    Raises
    ------
    InputError
        If the file is missing or is not SBML level 3 version 1 with fbc version 2.
    """
    where = str(path)
    try:
        with (gzip.open if where.endswith(".gz") else open)(path, "rb") as handle:
            root = ElementTree.parse(handle).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise InputError(where, f"is no readable SBML ({error})", "Check the file") from error
    model = root.find(f"{_CORE}model")
    if model is None:
        raise InputError(where, "is not SBML level 3 version 1", "Convert it to L3 fbc v2")
    values = {
        item.get("id", ""): float(item.get("value", "nan"))
        for item in model.iter(f"{_CORE}parameter")
    }
    species = []
    for item in model.iter(f"{_CORE}species"):
        identifier = item.get("id", "").removeprefix("M_")
        notes = _annotations(item)
        species.append(
            {
                "species": identifier,
                "metabolite": identifier.rpartition("_")[0],
                "compartment": item.get("compartment", "").removeprefix("C_"),
                "name": item.get("name", ""),
                "formula": item.get(f"{_FBC}chemicalFormula", ""),
                "charge": int(item.get(f"{_FBC}charge", "0")),
                "inchikey": notes.get("inchikey", ""),
                "chebi": notes.get("chebi", ""),
                "metanetx": notes.get("metanetx.chemical", ""),
            }
        )
    reactions, stoichiometry = [], []
    for item in model.iter(f"{_CORE}reaction"):
        identifier = item.get("id", "").removeprefix("R_")
        notes = _annotations(item)
        reactions.append(
            {
                "reaction": identifier,
                "name": item.get("name", ""),
                "lower_bound": values[item.get(f"{_FBC}lowerFluxBound", "")],
                "upper_bound": values[item.get(f"{_FBC}upperFluxBound", "")],
                "rhea": notes.get("rhea", ""),
                "ec": notes.get("ec-code", ""),
            }
        )
        for side, sign in (("listOfReactants", -1.0), ("listOfProducts", 1.0)):
            for reference in item.iterfind(f"{_CORE}{side}/{_CORE}speciesReference"):
                stoichiometry.append(
                    (
                        identifier,
                        reference.get("species", "").removeprefix("M_"),
                        sign * float(reference.get("stoichiometry", "1")),
                    )
                )
    objective = model.find(f".//{_FBC}fluxObjective")
    return ModelTables(
        species=pd.DataFrame(species),
        reactions=pd.DataFrame(reactions),
        stoichiometry=pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        objective=""
        if objective is None
        else objective.get(f"{_FBC}reaction", "").removeprefix("R_"),
    )
