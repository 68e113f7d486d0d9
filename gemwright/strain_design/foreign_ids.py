"""What compounds the species of a model are whose ids are not BiGG's."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from gemwright.gem.formulas import known_atoms
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import has_bigg_id
from gemwright.inputs.metabolite_ids import as_registered, spelling
from gemwright.sources.compound_names import (
    bigg_metabolites,
    bigg_of_identifier,
    bigg_of_inchikey,
    inchi_of,
)

_SEED = re.compile(r"cpd\d{5}")
# column of annotations to the database of `gemwright.sources.compound_names`
_COLUMNS = {
    "chebi": "chebi", "hmdb": "hmdb", "kegg": "kegg", "metanetx": "metanetx.chemical",
    "seed": "seed",
}  # fmt: skip


def with_known_compounds(model: MetabolicModel) -> MetabolicModel:
    """Fill in the BiGG metabolites and formulas of species that are not called as BiGG's are.

    They are looked up, offline, by the species' annotations (ChEBI, HMDB, InChIKey, KEGG,
    MetaNetX, ModelSEED) and by ids of ModelSEED. What the model tells itself stays; what is not
    found, is ambiguous, or is told otherwise by two annotations stays unknown.

    Parameters
    ----------
    model : MetabolicModel
        A model from a user's file.

    Returns
    -------
    MetabolicModel
        With a column ``bigg`` (metabolite ids joined by ``;``) of the species if one is foreign.
        A formula that was missing has the hydrogens that the species' charge asks for.
    """
    if all(map(has_bigg_id, model.species["species"])):
        return model
    bigg, formulas = [], []
    for row in model.species.to_dict("records"):
        entry, formula = str(row.get("bigg") or ""), row["formula"]
        if not has_bigg_id(row["species"]):
            entry = entry or _bigg(row)
            formula = formula or _formula(row)
        bigg.append(entry)
        formulas.append(formula)
    return replace(model, species=model.species.assign(bigg=bigg, formula=formulas))


def _identifiers(row: Mapping[Any, Any]) -> dict[str, list[str]]:
    """Ids of a species by database, of its annotations and of its own id."""
    found = {
        namespace: [as_registered(namespace, entry) for entry in _entries(row, column)]
        for column, namespace in _COLUMNS.items()
    }
    found["id"] = [row["metabolite"]] if _SEED.fullmatch(row["metabolite"]) else []
    return {namespace: list(filter(None, entries)) for namespace, entries in found.items()}


def _entries(row: Mapping[Any, Any], column: str) -> list[str]:
    value = row.get(column)
    return [entry for entry in value.split(";") if entry] if isinstance(value, str) else []


def _bigg(row: Mapping[Any, Any]) -> str:
    """Find the one metabolite that all annotations allow; each may allow several."""
    allowed = [
        frozenset().union(*(bigg_of_identifier(_database(name), entry) for entry in entries))
        for name, entries in _identifiers(row).items()
    ]
    keys = [*_entries(row, "inchikey"), *_entries(row, "inchi_key")]
    allowed.append(frozenset().union(*map(bigg_of_inchikey, keys)))
    told = [metabolites for metabolites in allowed if metabolites]
    common = frozenset.intersection(*told) if told else frozenset()
    if len(common) != 1:
        return ""
    (found,) = common
    # in brackets, ids may be BiGG's: h[c] whose annotation is that of H2 stays unknown
    own = spelling(row["metabolite"])
    return found if own == spelling(found) or own not in _spellings() else ""


@cache
def _spellings() -> frozenset[str]:
    return frozenset(map(spelling, bigg_metabolites()))


def _database(name: str) -> str:
    return "seed" if name == "id" else name


def _formula(row: Mapping[Any, Any]) -> str:
    """Find the formula of the structure that annotations tell, ``""`` if they tell several."""
    formulas = [
        formula_of_inchi(inchi, row["charge"])
        for name, entries in _identifiers(row).items()
        for entry in entries
        if (inchi := inchi_of(_database(name), entry))
    ]
    # protons aside: of one compound, databases know several states
    skeletons = {re.sub(r"H\d*(?![a-z])", "", formula) for formula in formulas if formula}
    return next(filter(None, formulas)) if len(skeletons) == 1 else ""


def formula_of_inchi(inchi: str, charge: Any) -> str:
    """Write the formula of a structure at a charge, ``""`` if it has none.

    Parameters
    ----------
    inchi : str
        Such as ``InChI=1S/C4H6O4/c5-3(6)1-2-4(7)8/h1-2H2,(H,5,6)(H,7,8)``.
    charge : int or missing
        Charge of the species: a proton more or less for each unit.
    """
    layers = inchi.split("/")[1:]
    atoms = known_atoms(layers[0]) if layers else None
    if atoms is None:
        return ""
    counts = dict(atoms)
    own = sum(int(layer[1:]) for layer in layers[1:] if re.fullmatch(r"q[+-]\d+", layer))
    if isinstance(charge, int):
        counts["H"] = counts.get("H", 0) + charge - own
        if counts["H"] < 0:
            return ""
    order = sorted(counts, key=lambda element: (element != "C", element != "H", element))
    return "".join(
        f"{element}{counts[element] if counts[element] > 1 else ''}"
        for element in order
        if counts[element]
    )
