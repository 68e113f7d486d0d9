"""Genome-scale models in SBML of several dialects and in JSON, and gene rules."""

import gzip
import sys
from functools import cache
from pathlib import Path

from harness import Target

sys.path.append(str(Path(__file__).parents[1]))

from networks import branched

from gemwright.gem.gpr import format_gpr, parse_gpr
from gemwright.gem.load import read_model
from gemwright.gem.model_difference import difference
from gemwright.gem.sbml_reader import read_sbml
from gemwright.gem.sbml_writer import sbml_text, write_sbml

RULES = {"At": "p1 and (p2 or PA.3)", "B1": "p1", "B2": "(p1 and p2) or p4-x"}
OLD = b"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level2" level="2" version="1"><model id="old">
<listOfCompartments><compartment id="c0"/></listOfCompartments>
<listOfSpecies><species id="M_cpd00027_c0" name="a" compartment="c0" charge="-1"/>
<species id="M_cpd00029_b" compartment="c0" boundaryCondition="true"/></listOfSpecies>
<listOfReactions><reaction id="R_rxn1_c0" reversible="false"><notes>
<html:p xmlns:html="http://www.w3.org/1999/xhtml">GENE_ASSOCIATION:(g1 or (g2 and g3))</html:p>
</notes>
<listOfReactants><speciesReference species="M_cpd00029_b"/></listOfReactants>
<listOfProducts><speciesReference species="M_cpd00027_c0" stoichiometry="2"/></listOfProducts>
<kineticLaw><listOfParameters><parameter id="LOWER_BOUND" value="0"/>
<parameter id="UPPER_BOUND" value="10"/></listOfParameters></kineticLaw></reaction>
<reaction id="R_bio1"><listOfReactants><speciesReference species="M_cpd00027_c0"/></listOfReactants>
<kineticLaw><listOfParameters><parameter id="OBJECTIVE_COEFFICIENT" value="1"/></listOfParameters>
</kineticLaw></reaction></listOfReactions></model></sbml>
"""
FBC1 = b"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
 fbc:required="false" xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version1">
<model id="m">
<listOfSpecies><species id="M_a__91__c__93__" compartment="c" boundaryCondition="false"
 fbc:charge="-2" fbc:chemicalFormula="C4H4O4"/></listOfSpecies>
<listOfReactions><reaction id="R_in" reversible="true"><listOfProducts>
<speciesReference species="M_a__91__c__93__" stoichiometry="1"/></listOfProducts></reaction>
<reaction id="R_out" reversible="false"><listOfReactants>
<speciesReference species="M_a__91__c__93__" stoichiometry="1"/></listOfReactants></reaction>
</listOfReactions><fbc:listOfFluxBounds>
<fbc:fluxBound fbc:reaction="R_in" fbc:operation="lessEqual" fbc:value="7"/></fbc:listOfFluxBounds>
<fbc:listOfObjectives fbc:activeObjective="o"><fbc:objective fbc:id="o" fbc:type="maximize">
<fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction="R_out" fbc:coefficient="1"/>
</fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives></model></sbml>
"""
JSON = b"""{"id": "j", "metabolites": [{"id": "a_c", "compartment": "c", "charge": -1,
"formula": "C2H3O2", "annotation": {"chebi": ["CHEBI:30089"]}}], "reactions": [
{"id": "EX_a", "metabolites": {"a_c": -1.0}, "lower_bound": -10, "upper_bound": 1000.0,
"gene_reaction_rule": "g1 and (g2 or g3)", "objective_coefficient": 1.0}],
"genes": [{"id": "g1", "name": "one"}], "compartments": {"c": ""}, "version": "1"}
"""


@cache
def _model() -> bytes:
    return sbml_text(branched(rules=RULES).on_medium({"a": 7.5})).encode()


def _sbml() -> list[bytes]:
    second = _model().replace(b"level3/version1/core", b"level3/version2/core")
    second = second.replace(b'version="1"', b'version="2"', 2)
    return [_model(), second, OLD, FBC1, gzip.compress(_model(), 1, mtime=0)]


def _round_trip(path: Path) -> None:
    """Read a model, write it, and read the same."""
    model = read_model(path)
    written = path.with_name("again.xml")
    write_sbml(model, written)
    assert difference(model, read_sbml(written)) == ""


def _rule(path: Path) -> None:
    rule = parse_gpr(path.read_bytes().decode("latin-1"))
    assert rule is None or format_gpr(parse_gpr(format_gpr(rule))) == format_gpr(rule)


TARGETS = [
    Target("genome-scale sbml", ".xml", _sbml, _round_trip),
    Target("genome-scale json", ".json", lambda: [JSON], _round_trip),
    Target("gene rule", ".txt", lambda: [t.encode() for t in RULES.values()], _rule),
]
