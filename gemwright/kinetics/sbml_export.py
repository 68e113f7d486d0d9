"""Parameterised kinetic models as SBML L3 with kinetic laws.

Concentrations are in uM, time is in hours, compartments have the volume 1. Identifiers are those
of the model with every character that SBML does not allow replaced; the ``name`` attribute keeps
the original. What the laws alone do not determine (the mechanism's name, which protons it takes as
modifiers) stands in an annotation of each reaction, for `gemwright.kinetics.sbml_import`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.gem.identifiers import fit_name
from gemwright.io.files import write_text
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism
from gemwright.kinetics.parameters import maximal_velocities, michaelis_constants
from gemwright.kinetics.state import KineticState

NAMESPACE = "urn:gemwright:kinetics"

# identifiers that formulas take for something else
_RESERVED = frozenset(
    (
        *("pi", "time", "avogadro", "exponentiale", "infinity", "inf", "nan", "notanumber"),
        *("true", "false", "delay", "rateof"),
    )
)
_NO_COMPARTMENT = "cell"
_ONE = "1 dimensionless"
_SBO_VELOCITY, _SBO_EQUILIBRIUM, _SBO_MICHAELIS = 186, 281, 27


@dataclass(frozen=True)
class Identifiers:
    """SBML identifiers of a model's parts.

    Parameters
    ----------
    species, reactions : dict of str to str
        By the model's names.
    compartments : dict
        By the model's names; None for one that holds species of no compartment.
    velocities, constants : dict of str to str
        Of V_max and K_eq, by reaction.
    michaelis : tuple of str
        Of the K_M, in the order of `KineticModel.km_names`.
    """

    species: dict[str, str]
    reactions: dict[str, str]
    compartments: dict[str | None, str]
    velocities: dict[str, str]
    constants: dict[str, str]
    michaelis: tuple[str, ...]


def identifiers_of(model: KineticModel) -> Identifiers:
    """SBML identifiers of a model's parts, all different."""
    used: set[str] = set()

    def new(name: str) -> str:
        identifier = fit_name(name) or "_"
        if identifier.lower() in _RESERVED:
            identifier = f"_{identifier}"
        while identifier in used:
            identifier += "_"
        used.add(identifier)
        return identifier

    places = dict.fromkeys(model.compartments.get(species) for species in model.species)
    return Identifiers(
        species={name: new(name) for name in model.species},
        reactions={reaction.name: new(reaction.name) for reaction in model.reactions},
        compartments={name: new(name or _NO_COMPARTMENT) for name in places},
        velocities={r.name: new(f"vmax_forward_{r.name}") for r in model.reactions},
        constants={r.name: new(f"k_equilibrium_{r.name}") for r in model.reactions if r.reversible},
        michaelis=tuple(new(name) for name in model.km_names),
    )


def write_sbml(
    model: KineticModel, state: KineticState, saturations: FloatArray, path: str | Path
) -> None:
    """Write a parameterised model as SBML L3V1, atomically.

    Parameters
    ----------
    model : KineticModel
        The network.
    state : KineticState
        Its reference state: the initial concentrations, at which the model rests.
    saturations : numpy.ndarray
        One set, shape (terms,).
    path : str or Path
        The file.
    """
    write_text(path, sbml_text(model, state, saturations))


def sbml_text(model: KineticModel, state: KineticState, saturations: FloatArray) -> str:
    """SBML of a parameterised model; see `write_sbml`."""
    import libsbml

    if saturations.shape != (len(model.terms),):
        raise ValueError(f"saturations of shape {saturations.shape} are not one set of this model")
    names = identifiers_of(model)
    document = libsbml.SBMLDocument(3, 1)
    sbml = document.createModel()
    sbml.setId(fit_name(model.name) or "_")
    sbml.setName(model.name)
    units = _Units(libsbml, sbml)
    sbml.setSubstanceUnits(units.substance)
    sbml.setExtentUnits(units.substance)
    sbml.setTimeUnits(units.time)
    sbml.setVolumeUnits("litre")
    sbml.setAnnotation(
        _note("model", dependent=" ".join(names.species[name] for name in model.dependent))
    )
    for name, identifier in names.compartments.items():
        compartment = sbml.createCompartment()
        compartment.setId(identifier)
        if name is None:
            compartment.setAnnotation(_note("compartment", placeholder="true"))
        else:
            compartment.setName(name)
        compartment.setSpatialDimensions(3)
        compartment.setSize(1.0)
        compartment.setUnits("litre")
        compartment.setConstant(True)
    for position, name in enumerate(model.species):
        constant = position >= len(model.dynamic)
        species = sbml.createSpecies()
        species.setId(names.species[name])
        species.setName(name)
        species.setCompartment(names.compartments[model.compartments.get(name)])
        species.setInitialConcentration(float(state.concentrations[position]))
        species.setSubstanceUnits(units.substance)
        species.setHasOnlySubstanceUnits(False)
        species.setBoundaryCondition(constant)
        species.setConstant(constant)
    _add_parameters(sbml, units, model, state, saturations, names)
    michaelis = michaelis_by_place(model, names)
    for reaction, gamma in zip(model.reactions, state.displacements, strict=True):
        _add_reaction(sbml, reaction, float(gamma), names, michaelis)
    return str(libsbml.writeSBMLToString(document))


def rate_law(
    reaction: KineticReaction, names: Identifiers, michaelis: dict[tuple[int, int], str]
) -> Any:
    """Write a reaction's rate as libsbml's formula.

    Parameters
    ----------
    reaction : KineticReaction
        The reaction.
    names : Identifiers
        Of its species and parameters.
    michaelis : dict
        Identifiers of its K_M by (side, position).

    Returns
    -------
    libsbml.ASTNode
        uM/h at the volume 1.
    """
    import libsbml

    formula = _infix_rate(reaction, names, michaelis)
    math = libsbml.parseL3Formula(formula)
    if math is None:
        raise RuntimeError(f"{formula}: {libsbml.getLastParseL3Error()}")
    return math


def _infix_rate(
    reaction: KineticReaction, names: Identifiers, michaelis: dict[tuple[int, int], str]
) -> str:
    """Write it in SBML's L3 infix."""
    species = names.species
    velocity = names.velocities[reaction.name]
    sites = {
        side: [
            (species[name], count, michaelis[side, position])
            for position, (name, count) in enumerate(members)
        ]
        for side, members in ((-1, reaction.substrates), (1, reaction.products))
    }
    if not reaction.reversible:
        factors = [velocity]
        factors += [f"{name} / ({name} + {km})" for name, _, km in sites[-1]]
        factors += [
            _power(species[name], -count) for name, count in reaction.first_order if count < 0
        ]
        return " * ".join(factors)
    forward = _product(_power(name, count) for name, count, _ in sites[-1])
    backward = _product(_power(name, count) for name, count, _ in sites[1])
    for name, count in reaction.displacements:
        backward += f" {'*' if count > 0 else '/'} {_power(species[name], abs(count))}"
    scale = _product(_power(km, count) for _, count, km in sites[-1])
    if reaction.mechanism is Mechanism.HILL:
        denominator = _product(
            f"({_ONE} + {s} / {ks} + {p} / {kp})"
            for (s, _, ks), (p, _, kp) in zip(sites[-1], sites[1], strict=True)
        )
    else:
        sides = (
            _product(_binding(name, km, count) for name, count, km in sites[side])
            for side in (-1, 1)
        )
        denominator = f"({' + '.join(sides)} - {_ONE})"
    constant = names.constants[reaction.name]
    return f"{velocity} * ({forward} - {backward} / {constant}) / ({scale} * {denominator})"


def michaelis_by_place(
    model: KineticModel, names: Identifiers
) -> dict[str, dict[tuple[int, int], str]]:
    """Sort the identifiers of the K_M by reaction, and by (side, position)."""
    places: dict[str, dict[tuple[int, int], str]] = {r.name: {} for r in model.reactions}
    for term, identifier in zip(model.terms, names.michaelis, strict=True):
        places[term.reaction][term.side, term.position] = identifier
    return places


def _power(name: str, count: float) -> str:
    # products are much faster than pow() in what simulators make of a formula
    if count in (1, 2, 3):
        return f"({' * '.join([name] * int(count))})" if count > 1 else name
    return f"{name}^{count:.15g}"


def _product(factors: Iterable[str]) -> str:
    return " * ".join(factors)


def _binding(name: str, km: str, count: float) -> str:
    """1 + a + ... + a**count with a = c / K_M."""
    level = f"({name} / {km})"
    powers = [f" + {_power(level, power)}" for power in range(1, int(count) + 1)]
    return f"({_ONE}{''.join(powers)})"


class _Units:
    """Unit definitions of an SBML model, made when first asked for."""

    def __init__(self, libsbml: Any, sbml: Any) -> None:
        self._libsbml, self._sbml = libsbml, sbml
        self._known: set[str] = set()
        self.substance = self._define("micromole", [("MOLE", 1.0, -6, 1.0)])
        self.time = self._define("hour", [("SECOND", 1.0, 0, 3600.0)])

    def concentration(self, power: float) -> str:
        """UM**power."""
        if power == 0:
            return "dimensionless"
        parts = [("MOLE", power, -6, 1.0), ("LITRE", -power, 0, 1.0)]
        return self._define(f"micromolar{_suffix(power)}", parts)

    def rate(self, power: float) -> str:
        """Umol/h uM**power."""
        parts = [("MOLE", 1.0 + power, -6, 1.0), ("SECOND", -1.0, 0, 3600.0)]
        if power:
            parts.append(("LITRE", -power, 0, 1.0))
        return self._define(f"micromole_per_hour{_suffix(power) if power else ''}", parts)

    def _define(self, name: str, parts: list[tuple[str, float, int, float]]) -> str:
        if name not in self._known:
            self._known.add(name)
            definition = self._sbml.createUnitDefinition()
            definition.setId(name)
            for kind, exponent, scale, multiplier in parts:
                unit = definition.createUnit()
                unit.setKind(getattr(self._libsbml, f"UNIT_KIND_{kind}"))
                unit.setExponent(exponent)
                unit.setScale(scale)
                unit.setMultiplier(multiplier)
        return name


def _suffix(power: float) -> str:
    if power == 1:
        return ""
    text = f"{abs(power):g}".replace(".", "p")
    return f"_{'minus' if power < 0 else ''}{text}"


def _add_parameters(
    sbml: Any,
    units: _Units,
    model: KineticModel,
    state: KineticState,
    saturations: FloatArray,
    names: Identifiers,
) -> None:
    velocities = maximal_velocities(model, state, saturations[None])[0]
    michaelis = michaelis_constants(model, state, saturations[None])[0]
    logs = state.ln_equilibrium_constants(model)

    def add(identifier: str, name: str, value: float, unit: str, sbo: int) -> None:
        parameter = sbml.createParameter()
        parameter.setId(identifier)
        parameter.setName(name)
        parameter.setValue(float(value))
        parameter.setUnits(unit)
        parameter.setConstant(True)
        parameter.setSBOTerm(sbo)

    for reaction, velocity, log in zip(model.reactions, velocities, logs, strict=True):
        name = f"vmax_forward_{reaction.name}"
        order = sum(-count for _, count in reaction.first_order if count < 0)
        add(names.velocities[reaction.name], name, velocity, units.rate(-order), _SBO_VELOCITY)
        if reaction.reversible:
            unit = units.concentration(sum(reaction.balance.values()))
            name = f"k_equilibrium_{reaction.name}"
            add(names.constants[reaction.name], name, np.exp(log), unit, _SBO_EQUILIBRIUM)
    for identifier, name, value in zip(names.michaelis, model.km_names, michaelis, strict=True):
        add(identifier, name, value, units.concentration(1.0), _SBO_MICHAELIS)


def _add_reaction(
    sbml: Any,
    reaction: KineticReaction,
    gamma: float,
    names: Identifiers,
    michaelis: dict[str, dict[tuple[int, int], str]],
) -> None:
    entry = sbml.createReaction()
    entry.setId(names.reactions[reaction.name])
    entry.setName(reaction.name)
    entry.setReversible(reaction.reversible)
    entry.setFast(False)
    modifiers = (*reaction.displacements, *reaction.first_order)
    consumed = (*reaction.substrates, *((name, -n) for name, n in modifiers if n < 0))
    produced = (*reaction.products, *((name, n) for name, n in modifiers if n > 0))
    for members, create in ((consumed, entry.createReactant), (produced, entry.createProduct)):
        for name, count in members:
            reference = create()
            reference.setSpecies(names.species[name])
            reference.setStoichiometry(float(count))
            reference.setConstant(True)
    details = {"mechanism": reaction.mechanism.value}
    for key, molecules in (
        ("displacements", reaction.displacements),
        ("firstOrder", reaction.first_order),
    ):
        if molecules:
            details[key] = " ".join(f"{names.species[name]} {n!r}" for name, n in molecules)
    if not reaction.reversible:
        # the law does not determine it, and nothing but the state depends on it
        details["displacement"] = repr(gamma)
    entry.setAnnotation(_note("reaction", **details))
    entry.createKineticLaw().setMath(rate_law(reaction, names, michaelis[reaction.name]))


def _note(kind: str, **values: str) -> str:
    from xml.sax.saxutils import quoteattr

    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in values.items())
    return f'<gemwright:{kind} xmlns:gemwright="{NAMESPACE}"{attributes}/>'
