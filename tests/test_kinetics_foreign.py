"""Kinetic SBML of others: units, volumes, values and formulas read right, or refused by name."""

import gzip
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemwright.errors import InputError
from gemwright.io.limits import XML_DEPTH
from gemwright.kinetics.network import Mechanism
from gemwright.kinetics.sbml_formulas import AVOGADRO
from gemwright.kinetics.sbml_import import read_sbml

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
UNITS = {
    "umol": ("mole", 1, -6, 1.0, 1.0),
    "mmol": ("mole", 1, -3, 1.0, 1e3),
    "mol": ("mole", 1, 0, 1.0, 1e6),
    "molecules": ("item", 1, 0, 1.0, 1e6 / AVOGADRO),
    "l": ("litre", 1, 0, 1.0, 1.0),
    "ml": ("litre", 1, -3, 1.0, 1e-3),
    "fl": ("litre", 1, -15, 1.0, 1e-15),
    "m3": ("metre", 3, 0, 1.0, 1e3),
    "cm3": ("metre", 3, -2, 1.0, 1e-3),
    "h": ("second", 1, 0, 3600.0, 1.0),
    "s": ("second", 1, 0, 1.0, 1 / 3600),
    "min": ("second", 1, 0, 60.0, 1 / 60),
}


def apply(operator, *operands):
    return f"<apply><{operator}/>{''.join(operands)}</apply>"


def ci(name):
    return f"<ci>{name}</ci>"


def saturated(velocity, substrate, constant):
    """V S / (S + K) in MathML."""
    return apply(
        "divide",
        apply("times", ci(velocity), ci(substrate)),
        apply("plus", ci(substrate), ci(constant)),
    )


def reaction(name, consumed, produced, law, extra=""):
    def listed(tag, references):
        members = "".join(
            f'<speciesReference species="{item}" stoichiometry="1" constant="true"/>'
            if not item.startswith("<")
            else item
            for item in references
        )
        return f"<{tag}>{members}</{tag}>" if members else ""

    return (
        f'<reaction id="{name}" reversible="false" fast="false">'
        f"{listed('listOfReactants', consumed)}{listed('listOfProducts', produced)}"
        f"<kineticLaw>{MATH}{law}</math>{extra}</kineticLaw></reaction>"
    )


REACTIONS = (
    reaction("R1", ["X"], ["A"], saturated("v1", "X", "kx")),
    reaction("R2", ["A"], ["B"], saturated("v2", "A", "ka")),
    reaction("R3", ["B"], ["Y"], saturated("v3", "B", "kb")),
)
LEVELS = {"X": 1.0, "A": 1.0, "B": 1.0, "Y": 1.0}
PARAMETERS = {"v1": 2.0, "v2": 2.0, "v3": 2.0, "kx": 1.0, "ka": 1.0, "kb": 1.0}


def attribute(name, value):
    return "" if value is None else f' {name}="{value!r}"'


def sbml(
    levels=LEVELS,
    parameters=PARAMETERS,
    reactions=REACTIONS,
    substance="mmol",
    time="h",
    volume="l",
    place="",
    size=1.0,
    amounts=False,
    model="",
    lists="",
    after="",
):
    """Chain X -> A -> B -> Y at 1, as the shared cases have it, with parts to be replaced."""
    definitions = "".join(
        f'<unitDefinition id="{name}"><listOfUnits><unit kind="{kind}" exponent="{exponent}"'
        f' scale="{scale}" multiplier="{multiplier}"/></listOfUnits></unitDefinition>'
        for name, (kind, exponent, scale, multiplier, _) in UNITS.items()
    )
    what = "initialAmount" if amounts else "initialConcentration"
    species = "".join(
        f'<species id="{name}" compartment="c"{attribute(what, level)}'
        f' hasOnlySubstanceUnits="{str(amounts).lower()}"'
        f' boundaryCondition="{str(name in "XY").lower()}" constant="{str(name in "XY").lower()}"/>'
        for name, level in levels.items()
    )
    values = "".join(
        f'<parameter id="{name}"{attribute("value", value)} constant="false"/>'
        for name, value in parameters.items()
    )
    declared = f' volumeUnits="{volume}"' if volume else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        f'<model id="m" substanceUnits="{substance}" timeUnits="{time}"'
        f' extentUnits="{substance}"{declared} {model}>{lists}'
        f"<listOfUnitDefinitions>{definitions}</listOfUnitDefinitions>"
        f'<listOfCompartments><compartment id="c" size="{size!r}" constant="true"'
        f' spatialDimensions="3" {place}/></listOfCompartments>'
        f"<listOfSpecies>{species}</listOfSpecies><listOfParameters>{values}</listOfParameters>"
        f"{after}<listOfReactions>{''.join(reactions)}</listOfReactions></model></sbml>"
    )


@pytest.fixture
def read(tmp_path):
    def read(text=None, **parts):
        path = tmp_path / "model.xml"
        path.write_text(sbml(**parts) if text is None else text)
        return read_sbml(path)

    return read


def with_law(law, number=1, **parts):
    changed = list(REACTIONS)
    name, consumed, produced = (("R1", "X", "A"), ("R2", "A", "B"), ("R3", "B", "Y"))[number - 1]
    changed[number - 1] = reaction(name, [consumed], [produced], law, **parts)
    return changed


def test_the_plain_file(read):
    model, state, saturations = read()
    assert [item.mechanism for item in model.reactions] == [Mechanism.IRREVERSIBLE] * 3
    # 1 mmol in a litre
    assert state.concentrations == pytest.approx([1e3] * 4, rel=1e-12)
    assert state.fluxes == pytest.approx([1e3] * 3, rel=1e-12)
    assert saturations == pytest.approx([0.5] * 6)


@pytest.mark.case("23-kinetic-volume-units")
@pytest.mark.parametrize("parts", [{"place": 'units="ml"', "volume": ""}, {"volume": "ml"}])
def test_a_millimole_in_a_millilitre_is_a_million_micromolar(read, parts):
    _, state, saturations = read(**parts)
    assert state.concentrations == pytest.approx([1e6] * 4, rel=1e-12)
    assert state.fluxes == pytest.approx([1e6] * 3, rel=1e-12)
    assert saturations == pytest.approx([0.5] * 6)


@settings(max_examples=60)
@given(
    substance=st.sampled_from(["umol", "mmol", "mol", "molecules"]),
    clock=st.sampled_from(["h", "s", "min"]),
    volume=st.sampled_from(["l", "ml", "fl", "m3", "cm3"]),
    size=st.sampled_from([1.0, 0.5, 3.0, 1e-3]),
    amounts=st.booleans(),
    assigned=st.booleans(),
)
def test_units_do_not_change_what_a_file_says(
    tmp_path_factory, substance, clock, volume, size, amounts, assigned
):
    """The chain at 40, 20, 10 and 5 uM with 30 uM/h, written in other units."""
    amount, hours, litres = UNITS[substance][-1], UNITS[clock][-1], UNITS[volume][-1]
    # from uM to the file's levels, and from uM/h to its rates
    level = litres / amount * (size if amounts else 1.0)
    rate = size * litres / amount * hours
    concentrations = {"X": 40.0, "A": 20.0, "B": 10.0, "Y": 5.0}
    constants = {"kx": 20.0, "ka": 40.0, "kb": 90.0}
    parameters = {name: value * level for name, value in constants.items()}
    for number, (name, constant) in enumerate(zip("XAB", constants.values(), strict=True), 1):
        share = concentrations[name] / (concentrations[name] + constant)
        parameters[f"v{number}"] = 30.0 / share * rate
    levels = {name: value * level for name, value in concentrations.items()}
    after = ""
    if assigned:
        after = (
            f'<listOfInitialAssignments><initialAssignment symbol="A">{MATH}'
            f"{apply('divide', ci('X'), '<cn>2</cn>')}</math></initialAssignment>"
            "</listOfInitialAssignments>"
        )
        levels["A"] = None
    text = sbml(levels, parameters, substance=substance, time=clock, volume=volume, size=size,
                amounts=amounts, after=after)  # fmt: skip
    path = tmp_path_factory.mktemp("units") / "model.xml"
    path.write_text(text)
    _, state, saturations = read_sbml(path)
    assert state.concentrations == pytest.approx([20.0, 10.0, 40.0, 5.0], rel=1e-9)
    assert state.fluxes == pytest.approx([30.0] * 3, rel=1e-9)
    # substrates; the products' K_M are not in the file
    assert saturations[::2] == pytest.approx([2 / 3, 1 / 3, 0.1], rel=1e-7)


def test_units_of_species_and_conversion_factors(read):
    """Laws in mol/h, species in mmol: the factor 1000 gives mmol."""
    parameters = {**PARAMETERS, "f": 1000.0, "v1": 2e-3, "v2": 2e-3, "v3": 2e-3}
    _, state, _ = read(parameters=parameters, model='conversionFactor="f"')
    assert state.fluxes == pytest.approx([1e3] * 3, rel=1e-12)
    with pytest.raises(InputError, match="conversion factor g has no positive value"):
        read(parameters=parameters, model='conversionFactor="g"')
    text = sbml(parameters=parameters)
    text = text.replace('<species id="A"', '<species id="A" conversionFactor="f"')
    with pytest.raises(InputError, match=r"conversion factors of species differ \(A 1e\+06, B 10"):
        read(text)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"substance": "l"}, "unit l: it is no unit of substance; give one made of mole"),
        ({"substance": "gram"}, "unit gram: the unit 'gram' is not known here"),
        ({"time": "mmol"}, "unit mmol: it is no unit of time"),
        ({"volume": "h"}, "unit h: it is no unit of volume"),
        ({"size": 0.0}, "compartment c: its volume is 0"),
        ({"size": float("nan")}, "compartment c: its volume is nan"),
    ],
)
def test_units_of_something_else_are_named(read, parts, told):
    with pytest.raises(InputError, match=told):
        read(**parts)


def test_a_compartment_without_size_is_told(read, caplog):
    """It counted as 1 without a word."""
    read()
    assert "no size" not in caplog.text
    text = sbml().replace(' size="1.0"', "")
    _, state, _ = read(text)
    assert state.concentrations == pytest.approx([1e3] * 4)
    assert "no size is given for the compartments c; 1 is assumed" in caplog.text
    caplog.clear()
    assigned = (
        f'<listOfInitialAssignments><initialAssignment symbol="c">{MATH}<cn>2</cn></math>'
        "</initialAssignment></listOfInitialAssignments>"
    )
    read(text.replace("<listOfReactions>", f"{assigned}<listOfReactions>"))
    assert "no size" not in caplog.text


def test_an_outer_place_may_have_another_volume(read):
    """Only what changes has a mass balance."""
    text = sbml(size=2.0, parameters={**PARAMETERS, "v1": 4.0, "v2": 4.0, "v3": 4.0})
    outer = '<compartment id="e" size="50" constant="true"/></listOfCompartments>'
    text = text.replace("</listOfCompartments>", outer)
    text = text.replace('<species id="X" compartment="c"', '<species id="X" compartment="e"')
    _, state, _ = read(text)
    assert state.concentrations == pytest.approx([1e3] * 4)
    assert state.fluxes == pytest.approx([1e3] * 3)
    text = text.replace('<species id="A" compartment="c"', '<species id="A" compartment="e"')
    with pytest.raises(InputError, match=r"have different volumes \(e 50, c 2\)"):
        read(text)


@pytest.mark.case("21-kinetic-constant-law")
@pytest.mark.parametrize(
    "changed",
    [
        with_law(apply("divide", ci("v1"), "<cn type='integer'>2</cn>")),
        [
            reaction("R1", [], ["A"], apply("divide", ci("v1"), "<cn type='integer'>2</cn>")),
            *REACTIONS[1:],
        ],
        with_law("<cn>1</cn>"),
        with_law(apply("divide", apply("times", ci("v1"), ci("X")), ci("X"))),
    ],
)  # fmt: skip
def test_a_rate_that_depends_on_no_concentration_is_named(read, changed):
    with pytest.raises(InputError, match="reaction R1: its rate depends on no concentration"):
        read(reactions=changed)


def test_a_rate_that_depends_on_its_product_only_is_named(read):
    with pytest.raises(InputError, match=r"R1: its rate does not depend on what it consumes \(X\)"):
        read(reactions=with_law(saturated("v1", "A", "kx")))


@pytest.mark.case("25-kinetic-initial-values")
def test_what_starts_at_nothing_and_what_has_no_value_are_named(read):
    with pytest.raises(InputError, match=r"model.xml: B starts at 0; give the positive"):
        read(levels={**LEVELS, "B": 0.0})
    with pytest.raises(InputError, match="A starts at -1, B starts at 0; "):
        read(levels={**LEVELS, "A": -1.0, "B": 0.0})
    with pytest.raises(InputError, match=r"species A: it has no initial concentration"):
        read(levels={**LEVELS, "A": None})
    with pytest.raises(InputError, match=r"reaction R2: .*: ka has no value; give values"):
        read(parameters={**PARAMETERS, "ka": None})
    with pytest.raises(InputError, match=r"reaction R2: .*: ka has the value nan"):
        read(parameters={**PARAMETERS, "ka": float("nan")})
    with pytest.raises(InputError, match=r"reaction R1: .*: k is not defined in the file"):
        read(reactions=with_law(saturated("v1", "X", "k")))
    own = '<listOfLocalParameters><localParameter id="k"/></listOfLocalParameters>'
    with pytest.raises(InputError, match="reaction R1: its rate law uses k, and k has no value"):
        read(reactions=with_law(saturated("v1", "X", "k"), extra=own))


def test_a_parameter_of_a_law_goes_before_what_has_its_name(read):
    own = '<listOfLocalParameters><localParameter id="Y" value="1"/></listOfLocalParameters>'
    _, state, saturations = read(
        levels={**LEVELS, "Y": 7.0}, reactions=with_law(saturated("v1", "X", "Y"), extra=own)
    )
    assert state.fluxes == pytest.approx([1e3] * 3)
    assert saturations[0] == pytest.approx(0.5)


def rules(*assignments):
    listed = "".join(
        f'<assignmentRule variable="{name}">{MATH}{law}</math></assignmentRule>'
        for name, law in assignments
    )
    return f"<listOfRules>{listed}</listOfRules>"


def test_rules_of_parameters_are_computed_and_others_named(read):
    # ka = kx / 1, and R2's law through a rule that follows A
    after = rules(("u", saturated("v2", "A", "w")), ("w", apply("divide", ci("kx"), "<cn>1</cn>")))
    parameters = {**PARAMETERS, "u": None, "w": None}
    _, state, saturations = read(
        parameters=parameters, after=after, reactions=with_law(ci("u"), number=2)
    )
    assert state.fluxes == pytest.approx([1e3] * 3)
    assert saturations[2] == pytest.approx(0.5)
    with pytest.raises(InputError, match=r"1 rules \(A\)"):
        read(after=rules(("A", "<cn>1</cn>")))
    rate = rules(("ka", "<cn>1</cn>")).replace("assignmentRule", "rateRule")
    with pytest.raises(InputError, match=r"1 rules \(ka\)"):
        read(after=rate)
    with pytest.raises(InputError, match=r"depends on itself \(.*u.*\)"):
        read(parameters=parameters, after=rules(("u", ci("w")), ("w", ci("u"))))


def test_events_are_named(read):
    event = (
        '<listOfEvents><event id="pulse" useValuesFromTriggerTime="true"><trigger'
        f' initialValue="true" persistent="true">{MATH}<true/></math></trigger></event>'
        "</listOfEvents></model>"
    )
    with pytest.raises(InputError, match=r"1 events \(pulse\)"):
        read(sbml().replace("</model>", event))


def test_several_references_to_a_species_are_summed(read):
    """2 A -> B written as A + A -> B: the Convenience law with a number of 2."""
    squared = apply("times", ci("A"), ci("A"))
    law = apply(
        "divide",
        apply("times", ci("v2"), apply("minus", squared, apply("divide", ci("B"), "<cn>4</cn>"))),
        apply("plus", "<cn>1</cn>", ci("A"), squared, ci("B")),
    )
    changed = [
        reaction("R1", ["X"], ["A"], saturated("v1", "X", "kx")),
        reaction("R2", ["A", "A"], ["B"], law),
        REACTIONS[2],
    ]
    parameters = {**PARAMETERS, "v1": 4.0, "v2": 16 / 3}
    model, state, saturations = read(reactions=changed, parameters=parameters)
    assert model.reactions[1].substrates == (("A", 2.0),)
    assert model.reactions[1].mechanism is Mechanism.CONVENIENCE
    assert state.fluxes == pytest.approx([2e3, 1e3, 1e3])
    assert saturations[2:4] == pytest.approx([0.5, 0.5], rel=1e-7)


def test_a_stoichiometric_number_may_be_assigned(read):
    two = '<speciesReference id="n" species="A" constant="true"/>'
    changed = [
        reaction("R1", ["X"], [two], saturated("v1", "X", "kx")),
        *REACTIONS[1:],
    ]
    after = (
        f'<listOfInitialAssignments><initialAssignment symbol="n">{MATH}<cn>2</cn></math>'
        "</initialAssignment></listOfInitialAssignments>"
    )
    parameters = {**PARAMETERS, "v1": 1.0}
    model, _, _ = read(reactions=changed, after=after, parameters=parameters)
    assert model.reactions[0].products == (("A", 2.0),)
    with pytest.raises(InputError, match="R1: the stoichiometric number of A is not a fixed"):
        read(reactions=changed, parameters=parameters)


@pytest.mark.case("r18-kinetic-functions")
def test_functions_that_unfold_without_end_are_refused_at_once(read):
    bodies = ["<ci>x</ci>"] + [
        apply("plus", *[f"<apply><ci>f{n}</ci><ci>x</ci></apply>"] * 2) for n in range(29)
    ]
    lists = "".join(
        f'<functionDefinition id="f{n}">{MATH}<lambda><bvar><ci>x</ci></bvar>{body}</lambda></math>'
        "</functionDefinition>"
        for n, body in enumerate(bodies)
    )
    lists = f"<listOfFunctionDefinitions>{lists}</listOfFunctionDefinitions>"
    started = time.process_time()
    call = "<apply><ci>f29</ci><ci>X</ci></apply>"
    with pytest.raises(InputError, match="R1: its rate law calls f14, which unfolds to more than"):
        read(lists=lists, reactions=with_law(call))
    # arguments that are put in twice, too
    nested = ci("X")
    for _ in range(40):
        nested = f"<apply><ci>f1</ci>{nested}</apply>"
    with pytest.raises(InputError, match="R1: its rate law unfolds to more than"):
        read(lists=lists, reactions=with_law(nested))
    assert time.process_time() - started < 5
    # those that nobody calls harm nobody
    read(lists=lists)
    circle = lists.replace("<ci>f3</ci>", "<ci>f9</ci>")
    with pytest.raises(InputError, match="function that depends on itself"):
        read(lists=circle)


@pytest.mark.case("r19-kinetic-no-argument")
@pytest.mark.parametrize("operator", ["divide", "minus", "power", "exp", "ln", "root", "abs"])
def test_an_operator_without_arguments_is_named_with_its_reaction(read, operator):
    law = apply("times", saturated("v1", "X", "kx"), f"<apply><{operator}/></apply>")
    with pytest.raises(InputError, match=rf"model.xml(, reaction R1: .*{operator}|: it cannot)"):
        read(reactions=with_law(law))


@pytest.mark.parametrize(
    ("law", "told"),
    [
        ("<piecewise><piece><ci>X</ci><true/></piece></piecewise>", "uses piecewise"),
        (apply("sin", ci("X")), "uses sin"),
        (apply("ceiling", ci("X")), "uses ceiling"),
        (
            '<csymbol encoding="text"'
            ' definitionURL="http://www.sbml.org/sbml/symbols/time">X</csymbol>',
            "uses time",
        ),
        ("<apply><ci>f</ci><ci>X</ci></apply>", "uses the function f"),
        ("<infinity/>", "rate at the initial concentrations is inf"),
    ],
)
def test_what_is_not_evaluated_is_named(read, law, told):
    with pytest.raises(InputError, match=f"reaction R1: its .*{told}"):
        read(reactions=with_law(law))


def test_a_law_in_logarithms_is_the_law(read):
    """exp(ln v1 + ln X - ln(X + kx))."""
    law = apply(
        "exp",
        apply(
            "minus",
            apply("plus", apply("ln", ci("v1")), apply("ln", ci("X"))),
            apply("ln", apply("plus", ci("X"), ci("kx"))),
        ),
    )
    _, state, saturations = read(reactions=with_law(law))
    assert state.fluxes == pytest.approx([1e3] * 3)
    assert saturations[0] == pytest.approx(0.5)


def test_deep_formulas_are_read_or_refused(read):
    def nested(levels):
        law = saturated("v1", "X", "kx")
        return "<apply><plus/>" * levels + law + "</apply>" * levels

    read(reactions=with_law(nested(900)))
    with pytest.raises(InputError, match=rf"nested more than {XML_DEPTH:,} deep"):
        read(reactions=with_law(nested(30_000)))


def test_entities_are_refused(read):
    text = sbml().replace("<sbml", '<!DOCTYPE sbml [<!ENTITY a "aaaa">]><sbml')
    with pytest.raises(InputError, match="it declares a document type"):
        read(text)


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path):
    path = tmp_path / "model.xml"
    path.write_bytes(gzip.compress(sbml().encode()))
    assert read_sbml(path)[1].fluxes == pytest.approx([1e3] * 3)
    path.write_bytes(gzip.compress(sbml().encode())[:-30])
    with pytest.raises(InputError, match="cut off or damaged"):
        read_sbml(path)


def test_names_that_stand_twice_or_nowhere(read):
    text = sbml()
    with pytest.raises(InputError, match=r"species A: it stands there twice"):
        read(text.replace('species id="B"', 'species id="A"'))
    with pytest.raises(InputError, match=r"species A: its compartment 'z' is not in the file"):
        read(text.replace('id="A" compartment="c"', 'id="A" compartment="z"'))
    with pytest.raises(InputError, match="reaction R1: its species 'Z' is not in the file"):
        read(text.replace('speciesReference species="X"', 'speciesReference species="Z"'))
    none = re.sub("<listOfReactions>.*</listOfReactions>", "", text)
    with pytest.raises(InputError, match="it has no reactions"):
        read(none)


def test_many_participants_are_refused_at_once(read):
    """Twelve substrates would have 12! pairings with twelve products."""
    names = [f"S{n}" for n in range(12)]
    law = apply("times", ci("v1"), *map(ci, names))
    law = apply("divide", law, apply("plus", "<cn>1</cn>", *map(ci, names)))
    changed = [reaction("R1", names, ["A"] + [f"P{n}" for n in range(11)], law), *REACTIONS[1:]]
    levels = {**LEVELS, **dict.fromkeys([*names, *(f"P{n}" for n in range(11))], 1.0)}
    started = time.process_time()
    with pytest.raises(InputError, match="reaction R1: its rate law is none of our mechanisms"):
        read(reactions=changed, levels=levels)
    assert time.process_time() - started < 5


def test_numbers_are_finite(read):
    assert np.isfinite(read()[2]).all()
