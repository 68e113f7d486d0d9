"""Kinetic models from SBML with kinetic laws.

Files of `gemwright.kinetics.sbml_export` say which mechanism a law is. The laws of other files are
recognised by `law_recognition`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gemwright.arrays import FloatArray
from gemwright.errors import InputError
from gemwright.io.compressed import unpacked
from gemwright.io.xml_depth import require_plain_xml
from gemwright.kinetics.law_recognition import (
    EXACT,
    LawReaction,
    RateLaw,
    Recognised,
    mass_action_ratio,
    recognise,
    sampled_levels,
)
from gemwright.kinetics.network import KineticModel, KineticReaction, Mechanism, Participants
from gemwright.kinetics.sbml_export import identifiers_of, michaelis_by_place, rate_law
from gemwright.kinetics.sbml_formulas import read_formula
from gemwright.kinetics.sbml_reactions import note_of, positive, read_reaction, summed
from gemwright.kinetics.sbml_units import unit_size
from gemwright.kinetics.sbml_values import Values, read_values
from gemwright.kinetics.state import KineticState, check_state

UNKNOWN_SATURATION = 0.5  # of products whose K_M no rate depends on
_SAME = 1e-9  # relative difference of volumes and units that are taken for the same


def read_sbml(path: str | Path) -> tuple[KineticModel, KineticState, FloatArray]:
    """Read a parameterised kinetic model from SBML.

    Parameters
    ----------
    path : str or Path
        SBML of any level with a kinetic law for every reaction, gzipped or not. Units of
        substance, time and volume are converted to umol, h and litre where the file declares them.

    Returns
    -------
    model : KineticModel
        The network with its mechanisms; names are those that `write_sbml` was given, or the
        identifiers of other files.
    state : KineticState
        The initial concentrations (uM) and the rates there (uM/h).
    saturations : numpy.ndarray
        Shape (terms,), at the initial concentrations; `UNKNOWN_SATURATION` for products of
        irreversible reactions whose K_M the file does not give.

    Raises
    ------
    InputError
        If the file cannot be read, has events, or rules that change more than parameters, holds a
        rate law that is none of our mechanisms (the reaction is named), lacks a value that a law
        needs, or does not start in a steady state with positive concentrations.
    """
    import libsbml

    if not Path(path).is_file():
        raise InputError(str(path), "there is no such file", "check the path")
    require_plain_xml(path)
    with unpacked(path) as plain:
        document = libsbml.readSBMLFromFile(str(plain))
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or document.getNumErrors(
        libsbml.LIBSBML_SEV_FATAL
    ):
        what = " ".join(document.getErrorLog().toString().split())[:300]
        raise InputError(str(path), f"it cannot be read as SBML ({what})", "give valid SBML")
    sbml = document.getModel()
    if sbml is None:
        raise InputError(str(path), "it holds no model", "give an SBML file with one")
    for number in range(document.getNumPlugins() if document.getLevel() > 2 else 0):
        package = document.getPlugin(number).getPackageName()
        if document.getPackageRequired(package):
            raise InputError(
                str(path), f"it needs the package {package} of SBML", "write the model without it"
            )
    for what, number in (("species", sbml.getNumSpecies()), ("reactions", sbml.getNumReactions())):
        if not number:
            raise InputError(str(path), f"it has no {what}", "give a model with kinetic laws")
    return _model_of(sbml, str(path))


def _model_of(sbml: Any, source: str) -> tuple[KineticModel, KineticState, FloatArray]:
    model_note = note_of(sbml, source)
    ours = model_note is not None
    values = read_values(sbml, source)
    labels: dict[str, str] = {}
    dynamic: list[str] = []
    boundary: list[str] = []
    compartments = {}
    for species in sbml.getListOfSpecies():
        identifier = species.getId()
        labels[identifier] = species.getName() if ours and species.isSetName() else identifier
        constant = species.getBoundaryCondition() or species.getConstant()
        (boundary if constant else dynamic).append(identifier)
        place = sbml.getCompartment(species.getCompartment())
        if place is None:
            raise InputError(
                f"{source}, species {identifier}",
                f"its compartment {species.getCompartment()!r} is not in the file",
                "add it",
            )
        if note_of(place, source) is None:
            name = place.getName() if ours and place.isSetName() else place.getId()
            compartments[labels[identifier]] = name
    if not dynamic:
        raise InputError(source, "no species changes", "give a model with species that do")
    initial = _initial_levels((*dynamic, *boundary), values, source)
    concentrations, scale = _scales(sbml, values, dynamic, source)
    entries = [
        read_reaction(reaction, values, initial, scale, source, ours)
        for reaction in sbml.getListOfReactions()
    ]

    def build(reactions: list[KineticReaction]) -> KineticModel:
        return KineticModel(
            name=sbml.getName() or sbml.getId() or source,
            reactions=tuple(reaction.renamed(labels.__getitem__) for reaction in reactions),
            dynamic=tuple(labels[identifier] for identifier in dynamic),
            boundary=tuple(labels[identifier] for identifier in boundary),
            compartments=compartments,
            dependent=tuple(
                labels.get(identifier, identifier)
                for identifier in (model_note or {}).get("dependent", "").split()
            ),
        )

    found = _declared(entries, build, values.initial) if ours else {}
    for entry in entries:
        if entry.name not in found:
            found[entry.name] = recognise(summed(entry))
    model = build([found[entry.name].reaction for entry in entries])
    levels = np.array([initial[identifier] for identifier in (*dynamic, *boundary)])
    point = {identifier: np.array([value]) for identifier, value in initial.items()}
    state = KineticState(
        np.array([entry.law(point)[0] for entry in entries]),
        levels * np.array([concentrations[identifier] for identifier in (*dynamic, *boundary)]),
        np.array([found[entry.name].displacement for entry in entries]),
    )
    check_state(model, state, f"{source} (initial concentrations)")
    by_species = dict(zip(model.species, levels, strict=True))
    saturations = []
    for term in model.terms:
        constant = found[term.reaction].michaelis.get((term.side, term.position))
        level = by_species[term.species]
        saturations.append(
            UNKNOWN_SATURATION if constant is None else float(level / (level + constant))
        )
    return model, state, np.array(saturations)


def _initial_levels(species: tuple[str, ...], values: Values, source: str) -> dict[str, float]:
    """Positive initial value of what each species' identifier means in formulas."""
    missing = [name for name in species if name not in values.initial]
    if missing:
        raise InputError(
            f"{source}, species {', '.join(missing)}",
            "it has no initial concentration",
            "give the concentrations of a steady state",
        )
    wrong = {name: values.initial[name] for name in species if not positive(values.initial[name])}
    if wrong:
        listed = ", ".join(f"{name} starts at {value:g}" for name, value in wrong.items())
        raise InputError(source, listed, "give the positive concentrations of a steady state")
    return {name: values.initial[name] for name in species}


def _scales(
    sbml: Any, values: Values, dynamic: list[str], source: str
) -> tuple[dict[str, float], float]:
    """Factors from the levels of species to uM, and from rates to uM/h."""
    hours = unit_size(sbml, "time", sbml.getTimeUnits(), source)
    litres = {
        place.getId(): _litres(sbml, place, values, source)
        for place in sbml.getListOfCompartments()
    }
    concentrations: dict[str, float] = {}
    volumes: dict[str, float] = {}
    extents: dict[str, float] = {}
    sizes = {}
    for species in sbml.getListOfSpecies():
        name, place = species.getId(), species.getCompartment()
        declared = species.getSubstanceUnits() or sbml.getSubstanceUnits()
        if declared not in sizes:
            sizes[declared] = unit_size(sbml, "substance", declared, source)
        size, litre = values.initial[place], litres[place]
        amount = sizes[declared]
        volume = size * litre
        concentrations[name] = amount / (volume if species.getHasOnlySubstanceUnits() else litre)
        if name in dynamic:
            volumes[place] = volume
            factor = species.getConversionFactor() or sbml.getConversionFactor()
            extents[name] = amount * _conversion(factor, values, f"{source}, species {name}")
    _require_one(volumes, source, "the compartments have different volumes", "volume")
    _require_one(
        extents, source, "units of substance and conversion factors of species differ", "unit"
    )
    volume = next(iter(volumes.values()))
    return concentrations, next(iter(extents.values())) / volume * (1.0 / hours)


def _require_one(found: Mapping[str, float], source: str, what: str, kind: str) -> None:
    first = next(iter(found.values()))
    if not all(abs(value - first) <= _SAME * first for value in found.values()):
        listed = ", ".join(f"{name} {value:g}" for name, value in found.items())
        raise InputError(source, f"{what} ({listed})", f"give all the same {kind}")


def _litres(sbml: Any, place: Any, values: Values, source: str) -> float:
    """Litres in the unit of a compartment's size."""
    where = f"{source}, compartment {place.getId()}"
    if not place.getConstant():
        raise InputError(where, "its volume changes", "make it constant")
    dimensions = place.getSpatialDimensionsAsDouble() if place.isSetSpatialDimensions() else 3.0
    if dimensions != 3:
        raise InputError(where, f"it has {dimensions:g} dimensions", "give a volume")
    size = values.initial.get(place.getId(), np.nan)
    if not positive(size):
        raise InputError(where, f"its volume is {size:g}", "give a positive volume")
    return unit_size(sbml, "volume", place.getUnits() or sbml.getVolumeUnits(), source)


def _conversion(factor: str, values: Values, where: str) -> float:
    if not factor:
        return 1.0
    value = values.initial.get(factor, np.nan)
    if not positive(value):
        raise InputError(
            where, f"its conversion factor {factor} has no positive value", "give it one"
        )
    return value


def _declared(
    entries: list[LawReaction],
    build: Callable[[list[KineticReaction]], KineticModel],
    constants: Mapping[str, float],
) -> dict[str, Recognised]:
    """Reactions whose annotated mechanism, with our parameters, is what their law computes."""
    reactions = [_annotated(entry) for entry in entries]
    if any(reaction is None for reaction in reactions):
        return {}
    drafts = [reaction for reaction in reactions if reaction is not None]
    model = build(drafts)
    names = identifiers_of(model)
    places = michaelis_by_place(model, names)
    found = {}
    for entry, draft, reaction in zip(entries, drafts, model.reactions, strict=True):
        wanted = [*places[reaction.name].values(), names.velocities[reaction.name]]
        if reaction.reversible:
            wanted.append(names.constants[reaction.name])
        if not all(name in constants for name in wanted):
            continue
        formula = read_formula(rate_law(reaction, names, places[reaction.name]), {})
        if not formula.names <= {*entry.law.constants, *entry.initial}:
            continue
        levels = sampled_levels(entry, 20)
        expected = RateLaw(formula, entry.law.constants, entry.law.scale)(levels)
        if not np.allclose(entry.law(levels), expected, rtol=EXACT, atol=0.0):
            continue
        michaelis = {place: constants[name] for place, name in places[reaction.name].items()}
        if reaction.reversible:
            gamma = (
                mass_action_ratio(draft, entry.initial) / constants[names.constants[reaction.name]]
            )
        else:
            gamma = float(entry.note.get("displacement", "0"))
        found[entry.name] = Recognised(draft, michaelis, gamma)
    return found


def _annotated(entry: LawReaction) -> KineticReaction | None:
    """Reaction as our annotation gives it; None if it does not."""
    known = {mechanism.value: mechanism for mechanism in Mechanism}
    mechanism = known.get(entry.note.get("mechanism", ""))
    if mechanism is None:
        return None
    modifiers: dict[str, Participants] = {}
    try:
        for key in ("displacements", "firstOrder"):
            words = entry.note.get(key, "").split()
            modifiers[key] = tuple(
                (name, float(count)) for name, count in zip(words[::2], words[1::2], strict=True)
            )
        float(entry.note.get("displacement", "0"))
    except ValueError:
        return None  # edited by somebody: the law itself tells
    moved = (*modifiers["displacements"], *modifiers["firstOrder"])
    # modifiers stand behind the participants
    n_substrates = len(entry.consumed) - sum(count < 0 for _, count in moved)
    n_products = len(entry.produced) - sum(count > 0 for _, count in moved)
    if n_substrates < 1 or n_products < 1 or not {name for name, _ in moved} <= {*entry.initial}:
        return None
    return KineticReaction(
        entry.name,
        mechanism,
        entry.consumed[:n_substrates],
        entry.produced[:n_products],
        modifiers["displacements"],
        modifiers["firstOrder"],
    )
