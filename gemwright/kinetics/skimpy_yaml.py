"""Kinetic models as SKiMpy's YAML files, and patches of such files.

The layout is that of SKiMpy's ``export_to_yaml``: the sections boundary_conditions, compartments,
constraints, dependent_reactants, initial_conditions, name, parameters, reactants and reactions.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.errors import InputError
from gemwright.io.files import write_text
from gemwright.io.yaml_documents import read_yaml
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism, Participants
from gemwright.kinetics.state import KineticState
from gemwright.kinetics.yaml_values import (
    is_plain,
    mapping_of,
    names_of,
    number_of,
    section,
    text_of,
    value_of,
)

Document = dict[str, Any]

_BOUNDARY = "ConstantConcentration"
_DISPLACEMENT = "DisplacementSmallMoleculeModifier"
_FIRST_ORDER = "FirstOrderSmallMoleculeModifier"
_PARTICIPANT = re.compile(r"(substrate|product)([0-9]{0,6})")
# (substrates, products) of the mechanisms that fix them; None: any number
_SIZES: dict[Mechanism, tuple[int, int] | None] = {
    Mechanism.CONVENIENCE: None,
    Mechanism.HILL: None,
    Mechanism.IRREVERSIBLE: None,
    Mechanism.REVERSIBLE: (1, 1),
    Mechanism.UNI_BI: (1, 2),
    Mechanism.BI_UNI: (2, 1),
}


def read_document(path: str | Path) -> Document:
    """Read a YAML file as it stands.

    Parameters
    ----------
    path : str or Path
        A SKiMpy model or a patch of one.

    Returns
    -------
    dict
        Its sections.

    Raises
    ------
    InputError
        If the file is not there, is not YAML, or is not a mapping of sections.
    """
    document = read_yaml(path)
    if not isinstance(document, dict):
        raise InputError(
            str(path), "it holds no sections", "give a model that SKiMpy's export_to_yaml wrote"
        )
    return document


def read_skimpy_yaml(path: str | Path) -> KineticModel:
    """Read a kinetic model from SKiMpy's YAML.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    KineticModel
        Reactions and dynamic species in the order of the file; species of constant concentration
        are the boundary. Parameter values and initial conditions are not part of a model.

    Raises
    ------
    InputError
        If a key is missing, a class is unknown, or the participants do not fit the mechanism.
    """
    return model_of_document(read_document(path), str(path))


def model_of_document(document: Mapping[str, Any], source: str) -> KineticModel:
    """Kinetic model that a document of SKiMpy's layout describes.

    Parameters
    ----------
    document : mapping
        Sections of the file, as `read_document` or `apply_patch` gives them.
    source : str
        Where it comes from, for messages.

    Returns
    -------
    KineticModel
        See `read_skimpy_yaml`.

    Raises
    ------
    InputError
        See `read_skimpy_yaml`.
    """
    if document.get("constraints"):
        raise InputError(
            f"{source}, constraints",
            f"{len(names_of(document['constraints'], source))} constraints are not modelled",
            "take them out of the file",
        )
    reactants = section(document, "reactants", source)
    compartments = {}
    for name, entry in reactants.items():
        where = f"{source}, reactant {name}"
        if value_of(entry, "compartment", where) is not None:
            compartments[name] = text_of(entry, "compartment", where)
    boundary = [
        _boundary_species(name, entry, reactants, source)
        for name, entry in section(document, "boundary_conditions", source).items()
    ]
    constant = set(boundary)
    return KineticModel(
        name=text_of(document, "name", source),
        reactions=tuple(
            _reaction(name, entry, source)
            for name, entry in section(document, "reactions", source).items()
        ),
        dynamic=tuple(name for name in reactants if name not in constant),
        boundary=tuple(boundary),
        compartments=compartments,
        dependent=tuple(names_of(document.get("dependent_reactants"), source)),
    )


def write_skimpy_yaml(
    model: KineticModel,
    path: str | Path,
    state: KineticState | None = None,
    parameters: Mapping[str, float] | None = None,
) -> None:
    """Write a kinetic model as SKiMpy's YAML.

    Parameters
    ----------
    model : KineticModel
        The model; `read_skimpy_yaml` gives an equal one back.
    path : str or Path
        The file, replaced atomically.
    state : KineticState, optional
        Gives the initial conditions and boundary concentrations (uM) and the equilibrium
        constants of the reversible reactions.
    parameters : mapping of str to float, optional
        Values by SKiMpy's parameter names; they go before what `state` gives.
    """
    import yaml

    document = document_of_model(model, state, parameters)
    text = yaml.safe_dump(
        document, sort_keys=False, default_flow_style=False, allow_unicode=True, width=100
    )
    write_text(path, text)


def document_of_model(
    model: KineticModel,
    state: KineticState | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Document:
    """Sections of the YAML file of a model; see `write_skimpy_yaml`."""
    values: dict[str, float | None] = {species: None for species in model.boundary}
    conditions: dict[str, float] = {}
    if state is not None:
        concentrations = dict(zip(model.species, map(float, state.concentrations), strict=True))
        conditions = {species: concentrations[species] for species in model.dynamic}
        values |= {species: concentrations[species] for species in model.boundary}
        constants = np.exp(state.ln_equilibrium_constants(model))
        for reaction, constant in zip(model.reactions, constants, strict=True):
            if reaction.reversible:
                values[f"k_equilibrium_{reaction.name}"] = float(constant)
    if parameters is not None:
        values |= {name: float(value) for name, value in parameters.items()}
    used = sorted(set(model.compartments.values()))

    def entry(species: str) -> Document:
        return {"compartment": model.compartments.get(species), "name": species}

    return {
        "boundary_conditions": {
            f"CC_{species}": {"class": _BOUNDARY, "reactant": species} for species in model.boundary
        },
        "compartments": {name: name for name in used},
        "constraints": {},
        "dependent_reactants": {species: entry(species) for species in model.dependent},
        "initial_conditions": conditions,
        "name": model.name,
        "parameters": values,
        "reactants": {species: entry(species) for species in model.species},
        "reactions": {reaction.name: _entry(reaction) for reaction in model.reactions},
    }


def _boundary_species(name: str, entry: Any, reactants: Document, source: str) -> str:
    where = f"{source}, boundary condition {name}"
    kind = text_of(entry, "class", where)
    if kind != _BOUNDARY:
        raise InputError(where, f"the class {kind!r} is not known", f"use {_BOUNDARY}")
    species = text_of(entry, "reactant", where)
    if species not in reactants:
        raise InputError(
            where, f"{species!r} is not among the reactants", "list it under 'reactants'"
        )
    return species


def _reaction(name: str, entry: Any, source: str) -> KineticReaction:
    where = f"{source}, reaction {name}"
    if isinstance(entry, Mapping) and entry.get("enzyme") is not None:
        raise InputError(
            where,
            f"it has the enzyme {entry['enzyme']!r}, and enzymes are not modelled",
            "set it to null and give the maximal velocity",
        )
    law = mapping_of(entry, "mechanism", where)
    kind = text_of(law, "class", where)
    try:
        mechanism = Mechanism(kind)
    except ValueError:
        known = ", ".join(item.value for item in Mechanism)
        raise InputError(
            where, f"the mechanism {kind!r} is not known", f"use one of {known}"
        ) from None
    substrates, products = _participants(law, where)
    _check_participants(mechanism, substrates, products, where)
    modifiers: dict[str, list[tuple[str, float]]] = {_DISPLACEMENT: [], _FIRST_ORDER: []}
    for label, modifier in mapping_of(entry, "modifiers", where).items():
        spot = f"{where}, modifier {label}"
        modifier_kind = text_of(modifier, "class", spot)
        if modifier_kind not in modifiers:
            raise InputError(
                spot,
                f"the modifier {modifier_kind!r} is not known",
                f"use one of {', '.join(modifiers)}",
            )
        counts = value_of(modifier, "mechanism_stoichiometry", spot)
        count = number_of(value_of(counts, "small_molecule", spot), spot)
        modifiers[modifier_kind].append((text_of(modifier, "small_molecule", spot), count))
    if modifiers[_FIRST_ORDER] and mechanism is not Mechanism.IRREVERSIBLE:
        raise InputError(
            where,
            f"{_FIRST_ORDER} stands at a reversible mechanism",
            f"use {_DISPLACEMENT} there",
        )
    return KineticReaction(
        name=name,
        mechanism=mechanism,
        substrates=substrates,
        products=products,
        displacements=tuple(modifiers[_DISPLACEMENT]),
        first_order=tuple(modifiers[_FIRST_ORDER]),
    )


def _participants(law: Mapping[str, Any], where: str) -> tuple[Participants, Participants]:
    """Substrates and products of a mechanism in the order of their numbers."""
    given = law.get("mechanism_stoichiometry")
    counts = None if given is None else mapping_of(law, "mechanism_stoichiometry", where)
    found: dict[str, list[tuple[int, str, float]]] = {"substrate": [], "product": []}
    for key, species in law.items():
        match = _PARTICIPANT.fullmatch(str(key))
        if match is None:
            if key not in ("class", "mechanism_stoichiometry"):
                raise InputError(
                    where,
                    f"the mechanism's key {key!r} is not known",
                    "use substrates and products only",
                )
            continue
        side = match[1]
        count = 1.0
        if counts is not None:
            signed = number_of(
                value_of(counts, str(key), f"{where}, mechanism_stoichiometry"), where
            )
            count = -signed if side == "substrate" else signed
        if not count > 0:
            raise InputError(
                where,
                f"the stoichiometric number of {key} has the wrong sign",
                "give substrates negative numbers and products positive ones",
            )
        if not is_plain(species):
            raise InputError(where, f"{key} is no name of a species", "give a name")
        found[side].append((int(match[2] or 1), str(species), count))
    surplus = sorted({*map(str, counts or ())} - {*map(str, law)})
    if surplus:
        raise InputError(
            where, f"{', '.join(surplus)}: a number without a species", "name the species"
        )
    for side, members in found.items():
        members.sort()
        if [number for number, _, _ in members] != list(range(1, len(members) + 1)):
            raise InputError(
                where,
                f"the {side}s are numbered {', '.join(str(number) for number, _, _ in members)}",
                "number them 1, 2, 3 and so on",
            )
    substrates, products = (
        tuple((species, count) for _, species, count in found[side])
        for side in ("substrate", "product")
    )
    return substrates, products


def _check_participants(
    mechanism: Mechanism, substrates: Participants, products: Participants, where: str
) -> None:
    size = (len(substrates), len(products))
    if not all(size):
        raise InputError(where, "it has no substrate or no product", "name one at least of each")
    fixed = _SIZES[mechanism]
    if fixed is not None and size != fixed:
        raise InputError(
            where,
            f"{mechanism.value} has {size[0]} substrates and {size[1]} products",
            f"give {fixed[0]} and {fixed[1]}, or use {Mechanism.CONVENIENCE.value}",
        )
    ones = all(count == 1.0 for _, count in (*substrates, *products))
    if mechanism is Mechanism.HILL and (size[0] != size[1] or not ones):
        raise InputError(
            where,
            f"{mechanism.value} pairs substrates with products one to one, and these are"
            f" {size[0]} and {size[1]}{'' if ones else ' with numbers other than 1'}",
            f"use {Mechanism.CONVENIENCE.value}",
        )


def _entry(reaction: KineticReaction) -> Document:
    """Section of one reaction."""
    fixed = _SIZES[reaction.mechanism]
    law: Document = {"class": reaction.mechanism.value}
    members: Document = {}
    counts: dict[str, float] = {}
    sides = (("substrate", -1.0, reaction.substrates), ("product", 1.0, reaction.products))
    for position, (side, sign, participants) in enumerate(sides):
        for number, (species, count) in enumerate(participants, start=1):
            # a side of one participant for certain is not numbered, in SKiMpy as well
            key = side if fixed is not None and fixed[position] == 1 else f"{side}{number}"
            members[key] = species
            counts[key] = sign * float(count)
    if fixed is None:
        law["mechanism_stoichiometry"] = counts
    modifiers: Document = {}
    for prefix, kind, molecules in (
        ("DSM", _DISPLACEMENT, reaction.displacements),
        ("FSM", _FIRST_ORDER, reaction.first_order),
    ):
        for species, count in molecules:
            modifiers[f"{prefix}_{species}"] = {
                "class": kind,
                "mechanism_stoichiometry": {"small_molecule": float(count)},
                "small_molecule": species,
            }
    return {
        "enzyme": None,
        "mechanism": law | members,
        "modifiers": modifiers,
        "name": reaction.name,
    }
