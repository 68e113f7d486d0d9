"""What compounds the species of a model are whose ids are not BiGG's."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from gemwright.gem.formulas import known_atoms
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import has_bigg_id
from gemwright.sources.compound_names import bigg_of_identifier, bigg_of_inchikey, inchi_of

_SEED = re.compile(r"cpd\d{5}")


def with_known_compounds(model: MetabolicModel) -> MetabolicModel:
    """Fill in the BiGG metabolites and formulas of species that are not called as BiGG's are.

    They are looked up, offline, by the species' annotations (ChEBI, MetaNetX, InChIKey) and by
    ids of ModelSEED. What the model tells itself stays, and what is not found stays unknown.

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


def _identifiers(row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    if _SEED.fullmatch(row["metabolite"]):
        yield "seed", row["metabolite"]
    for column, namespace in (("chebi", "chebi"), ("metanetx", "metanetx.chemical")):
        for entry in filter(None, str(row.get(column) or "").split(";")):
            yield namespace, entry


def _bigg(row: Mapping[Any, Any]) -> str:
    for namespace, identifier in _identifiers(row):
        found = bigg_of_identifier(namespace, identifier)
        if len(found) == 1:
            return next(iter(found))
    for key in filter(None, str(row.get("inchikey") or "").split(";")):
        found = bigg_of_inchikey(key)
        if len(found) == 1:
            return next(iter(found))
    return ""


def _formula(row: Mapping[Any, Any]) -> str:
    for namespace, identifier in _identifiers(row):
        if inchi := inchi_of(namespace, identifier):
            return formula_of_inchi(inchi, row["charge"])
    return ""


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
