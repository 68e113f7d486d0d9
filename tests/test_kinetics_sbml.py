"""Kinetic models as SBML: what roadrunner and we compute from them, and reading them back."""

import dataclasses
import re

import libsbml
import numpy as np
import pytest
import roadrunner
from mirror import needs_mirror
from toy_kinetic_formats import ecoli, released_saturations, toy_model, toy_saturations, toy_state
from toy_kinetics import reaction_rates

from gemwright.errors import InputError
from gemwright.kinetics.network import KineticReaction, Mechanism
from gemwright.kinetics.parameters import maximal_velocities, michaelis_constants
from gemwright.kinetics.sbml_export import identifiers_of, sbml_text, write_sbml
from gemwright.kinetics.sbml_import import read_sbml


def _rate(reaction, velocity, equilibrium, km, c):
    """The rate laws of the design notes, one reaction at a time."""
    a = [c[name] / km[-1, k] for k, (name, _) in enumerate(reaction.substrates)]
    if reaction.mechanism is Mechanism.IRREVERSIBLE:
        rate = velocity
        for (name, _), k in zip(reaction.substrates, range(len(a)), strict=True):
            rate *= c[name] / (c[name] + km[-1, k])
        for name, n in reaction.first_order:
            rate *= c[name] ** max(-n, 0.0)
        return rate
    b = [c[name] / km[1, k] for k, (name, _) in enumerate(reaction.products)]
    forward, backward, scale = 1.0, 1.0, 1.0
    for k, (name, n) in enumerate(reaction.substrates):
        forward *= c[name] ** n
        scale *= km[-1, k] ** n
    for name, n in (*reaction.products, *reaction.displacements):
        backward *= c[name] ** n
    if reaction.mechanism is Mechanism.HILL:
        denominator = np.prod([1 + x + y for x, y in zip(a, b, strict=True)])
    else:
        left = [
            1 + sum(x**p for p in range(1, int(n) + 1))
            for x, (_, n) in zip(a, reaction.substrates, strict=True)
        ]
        right = [
            1 + sum(x**p for p in range(1, int(n) + 1))
            for x, (_, n) in zip(b, reaction.products, strict=True)
        ]
        denominator = np.prod(left) + np.prod(right) - 1
    return velocity * (forward - backward / equilibrium) / scale / denominator


def _rates(model, state, saturations, concentrations):
    velocities = maximal_velocities(model, state, saturations[None])[0]
    km = michaelis_constants(model, state, saturations[None])[0]
    c = dict(zip(model.species, concentrations, strict=True))
    reference = dict(zip(model.species, state.concentrations, strict=True))
    rates = []
    for reaction, v, gamma in zip(model.reactions, velocities, state.displacements, strict=True):
        own = {
            (term.side, term.position): value
            for term, value in zip(model.terms, km, strict=True)
            if term.reaction == reaction.name
        }
        quotient = np.prod([reference[name] ** n for name, n in reaction.balance.items()])
        rates.append(_rate(reaction, v, quotient / gamma, own, c))
    return np.array(rates)


def _load(model, state, saturations):
    runner = roadrunner.RoadRunner(sbml_text(model, state, saturations))
    identifiers = identifiers_of(model)
    return runner, [identifiers.species[name] for name in model.dynamic], identifiers


def test_three_ways_to_the_same_rates():
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    runner, species, identifiers = _load(model, state, saturations)
    generator = np.random.default_rng(1)
    for _ in range(5):
        point = state.concentrations.copy()
        point[: len(species)] *= np.exp(generator.uniform(-2, 2, len(species)))
        for name, value in zip(species, point[: len(species)], strict=True):
            runner[f"[{name}]"] = value
        found = [runner[identifiers.reactions[reaction.name]] for reaction in model.reactions]
        expected = _rates(model, state, saturations, point)
        assert np.allclose(found, expected, rtol=1e-11, atol=0)
        ours = reaction_rates(model, state, saturations[None], point)[0]
        assert np.allclose(ours, expected, rtol=1e-11, atol=0)


def test_sbml_is_consistent_and_rests():
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    document = libsbml.readSBMLFromString(sbml_text(model, state, saturations))
    document.checkConsistency()
    assert document.getErrorLog().toString() == ""
    runner, _, _ = _load(model, state, saturations)
    assert np.abs(np.array(runner.getRatesOfChange())).max() < 1e-10 * state.fluxes.max()


def test_identifiers_are_valid_and_different():
    model = toy_model()
    # names that become the same identifier, and one that formulas take for a number
    changed = dataclasses.replace(model, boundary=(*model.boundary, "c_c", "c.c", "pi_", "NaN"))
    identifiers = identifiers_of(changed)
    every = [
        *identifiers.species.values(),
        *identifiers.reactions.values(),
        *identifiers.compartments.values(),
        *identifiers.velocities.values(),
        *identifiers.constants.values(),
        *identifiers.michaelis,
    ]
    assert len(set(every)) == len(every)
    assert all(libsbml.SyntaxChecker.isValidSBMLSId(name) for name in every)
    assert identifiers.species["pi"] == "_pi"


def test_one_set_at_a_time():
    with pytest.raises(ValueError, match="not one set"):
        sbml_text(toy_model(), toy_state(), toy_saturations(2))


def _same_state(found, expected, tolerance):
    assert np.allclose(found.fluxes, expected.fluxes, rtol=tolerance, atol=0)
    assert np.allclose(found.concentrations, expected.concentrations, rtol=tolerance, atol=0)


@pytest.mark.parametrize("bare", [False, True])
def test_round_trip(tmp_path, bare):
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    if bare:
        model = dataclasses.replace(model, compartments={"d": "cell"}, dependent=())
    path = tmp_path / "model.xml"
    write_sbml(model, state, saturations, path)
    first = path.read_bytes()
    found, back, sigma = read_sbml(path)
    assert found == model
    _same_state(back, state, 1e-11)
    assert np.allclose(back.displacements, state.displacements, rtol=1e-12, atol=0)
    assert np.allclose(sigma, saturations, rtol=1e-12, atol=0)
    write_sbml(model, state, saturations, path)
    assert path.read_bytes() == first


def _foreign(text):
    """SBML without our annotations and names."""
    text = re.sub(r"<annotation>.*?</annotation>", "", text, flags=re.S)
    return re.sub(r' name="[^"]*"', "", text)


def test_laws_of_other_files_are_recognised(tmp_path):
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    path = tmp_path / "foreign.xml"
    path.write_text(_foreign(sbml_text(model, state, saturations)))
    found, back, sigma = read_sbml(path)
    for old, new in zip(model.reactions, found.reactions, strict=True):
        assert new.mechanism is old.mechanism
        assert [count for _, count in new.substrates] == [count for _, count in old.substrates]
        assert len(new.displacements) == len(old.displacements)
        assert len(new.first_order) == len(old.first_order)
    _same_state(back, state, 1e-11)
    reversible = np.array([reaction.reversible for reaction in model.reactions])
    assert np.allclose(
        back.displacements[reversible], state.displacements[reversible], rtol=1e-7, atol=0
    )
    known = np.array([not term.inert for term in model.terms])
    assert np.allclose(sigma[known], saturations[known], rtol=1e-7, atol=0)
    assert np.all(sigma[~known] == 0.5)


def test_pairing_is_found_by_what_a_law_computes(tmp_path):
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    text = _foreign(sbml_text(model, state, saturations))
    # list the products of the paired mechanism the other way round; the law stays
    start, end = text.index('<reaction id="D_OX"'), text.index('<reaction id="SPLIT"')
    block = text[start:end]
    first, second = re.findall(r'<speciesReference species="(?:_pi|nadh)"[^>]*/>', block)
    swapped = block.replace(first, "@").replace(second, first).replace("@", second)
    path = tmp_path / "foreign.xml"
    path.write_text(text.replace(block, swapped))
    found, _, _ = read_sbml(path)
    reaction = found.reactions[1]
    assert reaction.mechanism is Mechanism.HILL
    assert dict(zip(reaction.substrates, reaction.products, strict=True)) == {
        ("_2pg", 1.0): ("_pi", 1.0),
        ("nad", 1.0): ("nadh", 1.0),
    }


def test_edited_parameters_are_believed(tmp_path):
    """The annotation tells the mechanism; numbers are those of the file."""
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    text = sbml_text(model, state, saturations)
    value = float(re.search(r'id="km_substrate_IN"[^>]*value="([^"]+)"', text)[1])
    velocity = float(re.search(r'id="vmax_forward_IN"[^>]*value="([^"]+)"', text)[1])
    # another K_M, and the V_max that keeps the flux
    sigma = saturations.copy()
    sigma[0] = 100 / (100 + 2 * value)
    kept = maximal_velocities(model, state, sigma[None])[0, 0]
    text = text.replace(f'value="{value:.15g}"', f'value="{2 * value:.15g}"')
    text = text.replace(f'value="{velocity:.15g}"', f'value="{kept:.15g}"')
    path = tmp_path / "edited.xml"
    path.write_text(text)
    found, _, back = read_sbml(path)
    assert found == model
    assert np.allclose(back, sigma, rtol=1e-12, atol=0)


LEVEL_2 = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="small">
<listOfFunctionDefinitions><functionDefinition id="mm">
<math xmlns="http://www.w3.org/1998/Math/MathML"><lambda>
<bvar><ci>s</ci></bvar><bvar><ci>p</ci></bvar><bvar><ci>v</ci></bvar><bvar><ci>k</ci></bvar>
<apply><divide/><apply><times/><ci>v</ci><apply><minus/><ci>s</ci><apply><divide/><ci>p</ci>
<cn>4</cn></apply></apply></apply><apply><plus/><ci>k</ci><ci>s</ci><apply><times/><cn>0.5</cn>
<ci>p</ci></apply></apply></apply></lambda></math></functionDefinition></listOfFunctionDefinitions>
<listOfUnitDefinitions><unitDefinition id="substance"><listOfUnits>
<unit kind="mole" scale="-3"/></listOfUnits></unitDefinition></listOfUnitDefinitions>
<listOfCompartments><compartment id="c" size="1"/></listOfCompartments>
<listOfSpecies>
<species id="x" compartment="c" initialConcentration="4" boundaryCondition="true"/>
<species id="a" compartment="c" initialConcentration="3"/>
<species id="y" compartment="c" initialConcentration="{y}" boundaryCondition="true"/>
</listOfSpecies>
<listOfReactions>{reactions}</listOfReactions></model></sbml>
"""
LEVEL_2_REACTION = """<reaction id="{name}"><listOfReactants><speciesReference species="{s}"/>
</listOfReactants><listOfProducts><speciesReference species="{p}"/></listOfProducts>{modifiers}
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">{law}</math>
<listOfParameters><parameter id="v" value="7"/></listOfParameters></kineticLaw></reaction>
"""
MM = "<apply><ci>mm</ci><ci>{s}</ci><ci>{p}</ci><ci>v</ci><cn>3</cn></apply>"


def _level_2(tmp_path, law=MM, modifiers="", y="1.6"):
    reactions = "".join(
        LEVEL_2_REACTION.format(
            name=name,
            s=s,
            p=p,
            modifiers=modifiers if name == "R2" else "",
            law=(law if name == "R2" else MM).format(s=s, p=p),
        )
        for name, s, p in (("R1", "x", "a"), ("R2", "a", "y"))
    )
    path = tmp_path / "small.xml"
    path.write_text(LEVEL_2.format(reactions=reactions, y=y))
    return path


def _steady_y():
    """The y at which (3 - y/4) / (6 + y/2) = (4 - 3/4) / (3 + 4 + 3/2)."""
    rate = 3.25 / 8.5
    return (3 - 6 * rate) / (0.25 + 0.5 * rate)


def test_functions_local_parameters_and_units(tmp_path):
    y = _steady_y()
    model, state, saturations = read_sbml(_level_2(tmp_path, y=repr(y)))
    assert [reaction.mechanism for reaction in model.reactions] == [Mechanism.REVERSIBLE] * 2
    # mM and seconds
    assert state.concentrations[1] == pytest.approx(4000)
    assert state.fluxes == pytest.approx([7 * 3.25 / 8.5 * 1000 * 3600] * 2)
    # v (s - p/4) / (3 + s + p/2): K_M are 3 and 6
    assert saturations == pytest.approx([4 / 7, 3 / 9, 3 / 6, y / (y + 6)], rel=1e-8)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"law": "<apply><times/><ci>v</ci><ci>a</ci></apply>"},
            "reaction R2: its rate law is none",
        ),
        (
            {
                "law": "<apply><times/><ci>x</ci>" + MM + "</apply>",
                "modifiers": '<listOfModifiers><modifierSpeciesReference species="x"/>'
                "</listOfModifiers>",
            },
            "reaction R2: its rate depends on x",
        ),
        ({"y": "0.1"}, "species a: the fluxes do not balance"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        read_sbml(_level_2(tmp_path, **{"y": repr(_steady_y()), **changes}))


def test_broken_files_are_told(tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text("<sbml>")
    with pytest.raises(InputError, match="cannot be read as SBML"):
        read_sbml(path)
    text = _level_2(tmp_path).read_text()
    rule = (
        '<listOfRules><assignmentRule variable="a">'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math>'
        "</assignmentRule></listOfRules><listOfReactions>"
    )
    path.write_text(text.replace("<listOfReactions>", rule))
    with pytest.raises(InputError, match="1 rules"):
        read_sbml(path)
    path.write_text(re.sub(r"<kineticLaw>.*?</kineticLaw>", "", text, count=1, flags=re.S))
    with pytest.raises(InputError, match="reaction R1: it has no kinetic law"):
        read_sbml(path)


def test_squared_substrate_is_not_taken_for_a_plain_one(tmp_path):
    """A Convenience law with a stoichiometric number of 2 keeps it."""
    model, state, saturations = toy_model(), toy_state(), toy_saturations()[0]
    path = tmp_path / "foreign.xml"
    path.write_text(_foreign(sbml_text(model, state, saturations)))
    reaction = read_sbml(path)[0].reactions[4]
    assert reaction == KineticReaction("DIMER", Mechanism.CONVENIENCE, (("e", 2.0),), (("f", 1.0),))


@needs_mirror
def test_released_set_has_the_same_eigenvalue_in_roadrunner(tmp_path):
    model, state = ecoli()
    saturations, eigenvalues = released_saturations(model, state)
    path = tmp_path / "ecoli.xml"
    write_sbml(model, state, saturations[0], path)
    runner = roadrunner.RoadRunner(str(path))
    dynamic = np.abs(model.stoichiometry[: len(model.dynamic)])
    turnover = dynamic @ np.abs(state.fluxes)
    assert (np.abs(np.array(runner.getRatesOfChange())) / turnover).max() < 1e-10
    runner.conservedMoietyAnalysis = True
    jacobian = np.array(runner.getReducedJacobian())
    assert jacobian.shape == (44, 44)
    largest = np.linalg.eigvals(jacobian).real.max()
    assert eigenvalues[0] == pytest.approx(-27.84846263, rel=1e-8)
    assert largest == pytest.approx(eigenvalues[0], rel=1e-5)
    found, back, sigma = read_sbml(path)
    assert found == model
    _same_state(back, state, 1e-9)
    assert np.allclose(sigma, saturations[0], rtol=1e-12, atol=0)


@needs_mirror
def test_every_law_of_the_paper_is_recognised_without_annotations(tmp_path):
    model, state = ecoli()
    saturations, _ = released_saturations(model, state)
    path = tmp_path / "foreign.xml"
    path.write_text(_foreign(sbml_text(model, state, saturations[0])))
    found, _, _ = read_sbml(path)
    for old, new in zip(model.reactions, found.reactions, strict=True):
        assert new.mechanism is old.mechanism
        assert new.substrates == old.substrates
        if old.reversible:
            assert new.products == old.products
            assert sorted(new.displacements) == sorted(old.displacements)
