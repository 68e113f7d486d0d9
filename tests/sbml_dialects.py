"""The textbook model of cobra, written in the dialects of SBML that other programs write."""

import bz2
import gzip
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

CORE = {
    "L2V1": "http://www.sbml.org/sbml/level2",
    "L2V4": "http://www.sbml.org/sbml/level2/version4",
    "L3": "http://www.sbml.org/sbml/level3/version1/core",
    "L3V2": "http://www.sbml.org/sbml/level3/version2/core",
}
BIOMASS = "Biomass_Ecoli_core"
OBJECTIVES = {
    "single": ({BIOMASS: 1.0}, "maximize"),
    "weighted": ({BIOMASS: 2.5}, "maximize"),
    "with a zero": ({"ATPM": 0.0, BIOMASS: 1.0}, "maximize"),
    "two": ({BIOMASS: 1.0, "ATPM": 0.1}, "maximize"),
    "smallest": ({"EX_o2_e": -1.0}, "minimize"),
    "smallest uptake": ({"EX_co2_e": 1.0}, "minimize"),
}


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes
    ----------
    core : str
        A key of `CORE`.
    fbc : int
        Version of fbc, 0 for bounds in kinetic laws.
    boundary : str
        ``""``, ``"b"`` (exchanges end in a species ``_b`` with a boundary condition) or
        ``"marked"`` (glucose outside has one, and its exchange stays).
    bounds : str
        ``"told"``, ``"infinite"`` or ``"missing"`` (those of 1000 are left out).
    ids : str
        ``"bigg"``, ``"brackets"`` (``glc__D[e]``, coded), ``"raven"`` (``s_0001``) or ``"bare"``
        (without ``M_`` and ``R_``).
    charges : bool
        Whether charges are told.
    objective : str
        A key of `OBJECTIVES`.
    decoy : bool
        Whether another objective stands in front of the active one.
    packing : str
        ``""``, ``".gz"`` or ``".bz2"``.
    """

    core: str = "L3"
    fbc: int = 2
    boundary: str = ""
    bounds: str = "told"
    ids: str = "bigg"
    charges: bool = True
    objective: str = "single"
    decoy: bool = False
    packing: str = ""


@cache
def textbook():
    import cobra

    return cobra.io.load_model("textbook")


def ids_of(dialect, model):
    """Ids of species and reactions in a file, by those of BiGG."""
    species, reactions = {}, {}
    mark = "" if dialect.ids == "bare" else "M_"
    for number, item in enumerate(model.metabolites):
        name = item.id
        if dialect.ids == "brackets":
            name = f"{name.rpartition('_')[0]}__91__{item.compartment}__93__"
        elif dialect.ids == "raven":
            name = f"s_{number:04d}"
        species[item.id] = f"{mark}{name}"
    mark = "" if dialect.ids == "bare" else "R_"
    for number, item in enumerate(model.reactions):
        name = item.id.replace("-", "__45__")
        if dialect.ids == "brackets" and name.startswith("EX_"):
            name = f"{name.removesuffix('_e')}__40__e__41__"
        elif dialect.ids == "raven":
            name = f"r_{number:04d}"
        reactions[item.id] = f"{mark}{name}"
    return species, reactions


def written(dialect, rules=None):
    """Bytes of the textbook model in a dialect; `rules` replaces gene rules by text."""
    model = textbook()
    space = CORE[dialect.core]
    level = int(dialect.core[1])
    version = int(dialect.core[3:] or 1)
    fbc = f"http://www.sbml.org/sbml/level3/version1/fbc/version{dialect.fbc}"
    head = f'xmlns="{space}" level="{level}" version="{version}"'
    if dialect.fbc:
        head += f' xmlns:fbc="{fbc}" fbc:required="false"'
    strict = ' fbc:strict="true"' if dialect.fbc > 1 and dialect.bounds == "told" else ""
    species, reactions = ids_of(dialect, model)
    rules = {item.id: item.gene_reaction_rule for item in model.reactions} | (rules or {})
    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<sbml {head}><model id="core"{strict}>']
    constant = ' constant="true"' if level == 3 else ""
    out.append(
        f'<listOfCompartments><compartment id="c"{constant}/><compartment id="e"{constant}/>'
        "</listOfCompartments><listOfSpecies>"
    )
    for item in model.metabolites:
        marked = dialect.boundary == "marked" and item.id == "glc__D_e"
        out.append(_species(dialect, level, species[item.id], item, boundary=marked))
        if dialect.boundary == "b" and item.compartment == "e":
            out.append(_species(dialect, level, f"{species[item.id]}_b", item, boundary=True))
    out.append("</listOfSpecies>")
    values = {"low": -1000.0, "high": 1000.0}
    laws = {}
    for item in model.reactions:
        low, high = item.bounds
        if dialect.bounds == "infinite":
            low = -float("inf") if low == -1000 else low
            high = float("inf") if high == 1000 else high
        told = [
            not (dialect.bounds == "missing" and value == default)
            for value, default in ((low, -1000), (high, 1000))
        ]
        values |= {f"{reactions[item.id]}_low": low, f"{reactions[item.id]}_high": high}
        laws[item.id] = low, high, told
    if dialect.fbc > 1:
        out.append("<listOfParameters>")
        out += [
            f'<parameter id="{name}" value="{_number(value)}" constant="true"/>'
            for name, value in values.items()
        ]
        out.append("</listOfParameters>")
    out.append("<listOfReactions>")
    terms, direction = OBJECTIVES[dialect.objective]
    for item in model.reactions:
        low, high, told = laws[item.id]
        attributes = [f'id="{reactions[item.id]}" name={quoteattr(item.name)}']
        attributes.append(f'reversible="{"true" if low < 0 else "false"}"')
        attributes += ['fast="false"'] if dialect.core == "L3" else []
        if dialect.fbc > 1:
            for side, shown in zip(("low", "high"), told, strict=True):
                name = "lower" if side == "low" else "upper"
                if shown:
                    attributes.append(f'fbc:{name}FluxBound="{reactions[item.id]}_{side}"')
        out.append(f"<reaction {' '.join(attributes)}>")
        rule = rules[item.id]
        if dialect.fbc < 2 and rule:
            out.append(
                '<notes><body xmlns="http://www.w3.org/1999/xhtml">'
                f"<p>GENE_ASSOCIATION: {escape(rule)}</p></body></notes>"
            )
        sides = {True: [], False: []}
        for metabolite, number in item.metabolites.items():
            reference = f'species="{species[metabolite.id]}" stoichiometry="{abs(number)!r}"'
            sides[number < 0].append(f"<speciesReference {reference}{constant}/>")
        if dialect.boundary == "b" and len(item.metabolites) == 1:
            (metabolite,) = item.metabolites
            reference = f'species="{species[metabolite.id]}_b" stoichiometry="1"'
            sides[item.metabolites[metabolite] > 0].append(
                f"<speciesReference {reference}{constant}/>"
            )
        for is_left, name in ((True, "Reactants"), (False, "Products")):
            if sides[is_left]:
                out.append(f"<listOf{name}>{''.join(sides[is_left])}</listOf{name}>")
        if not dialect.fbc:
            out.append(_law(level, low, high, told, terms.get(item.id)))
        if dialect.fbc > 1 and rule:
            out.append(
                f"<fbc:geneProductAssociation>{_fbc_rule(rule)}</fbc:geneProductAssociation>"
            )
        out.append("</reaction>")
    out.append("</listOfReactions>")
    if dialect.fbc == 1:
        out.append("<fbc:listOfFluxBounds>")
        for name, (low, high, told) in laws.items():
            for operation, value, shown in zip(
                ("greaterEqual", "lessEqual"), (low, high), told, strict=True
            ):
                if shown:
                    out.append(
                        f'<fbc:fluxBound fbc:reaction="{reactions[name]}"'
                        f' fbc:operation="{operation}" fbc:value="{_number(value)}"/>'
                    )
        out.append("</fbc:listOfFluxBounds>")
    if dialect.fbc:
        out.append('<fbc:listOfObjectives fbc:activeObjective="wanted">')
        if dialect.decoy:
            out.append(_objective("other", {reactions["ATPM"]: 1.0}, "maximize", dialect.fbc))
        named = {reactions[name]: weight for name, weight in terms.items()}
        out.append(_objective("wanted", named, direction, dialect.fbc))
        out.append("</fbc:listOfObjectives>")
    if dialect.fbc > 1:
        out.append("<fbc:listOfGeneProducts>")
        out += [
            f'<fbc:geneProduct fbc:id="G_{gene.id}" fbc:label="{gene.id}"/>' for gene in model.genes
        ]
        out.append("</fbc:listOfGeneProducts>")
    out.append("</model></sbml>")
    data = "\n".join(out).encode()
    pack = {".gz": lambda raw: gzip.compress(raw, 1), ".bz2": bz2.compress}
    return pack[dialect.packing](data) if dialect.packing else data


def _number(value):
    return {float("inf"): "INF", -float("inf"): "-INF"}.get(value, repr(value))


def _species(dialect, level, identifier, item, *, boundary):
    parts = [f'id="{identifier}" name={quoteattr(item.name)} compartment="{item.compartment}"']
    parts.append(f'boundaryCondition="{str(boundary).lower()}"')
    notes = ""
    if level == 3:
        parts.append('hasOnlySubstanceUnits="false" constant="false"')
    if dialect.fbc:
        parts.append(f'fbc:chemicalFormula="{item.formula}"')
        if dialect.charges:
            parts.append(f'fbc:charge="{item.charge}"')
    else:
        charge = f"<p>CHARGE: {item.charge}</p>" if dialect.charges else ""
        notes = (
            '<notes><body xmlns="http://www.w3.org/1999/xhtml">'
            f"<p>FORMULA: {item.formula}</p>{charge}</body></notes>"
        )
    return f"<species {' '.join(parts)}>{notes}</species>"


def _law(level, low, high, told, weight):
    kind = "arameter" if level == 2 else "ocalParameter"
    name = ("p" if level == 2 else "l") + kind
    values = []
    if told[0]:
        values.append(("LOWER_BOUND", low))
    if told[1]:
        values.append(("UPPER_BOUND", high))
    if weight is not None:
        values.append(("OBJECTIVE_COEFFICIENT", weight))
    lines = "".join(f'<{name} id="{key}" value="{_number(value)}"/>' for key, value in values)
    title = f"listOf{name[0].upper()}{name[1:]}s"
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><cn>0</cn></math>'
    return f"<kineticLaw>{math}{f'<{title}>{lines}</{title}>' if lines else ''}</kineticLaw>"


def _fbc_rule(text):
    import ast

    def shown(node):
        if isinstance(node, ast.Name):
            return f'<fbc:geneProductRef fbc:geneProduct="G_{node.id}"/>'
        word = "and" if isinstance(node.op, ast.And) else "or"
        return f"<fbc:{word}>{''.join(map(shown, node.values))}</fbc:{word}>"

    return shown(ast.parse(text, mode="eval").body)


def _objective(identifier, terms, direction, fbc):
    linear = ' fbc:variableType="linear"' if fbc == 3 else ""
    listed = "".join(
        f'<fbc:fluxObjective fbc:reaction="{name}" fbc:coefficient="{weight!r}"{linear}/>'
        for name, weight in terms.items()
    )
    return (
        f'<fbc:objective fbc:id="{identifier}" fbc:type="{direction}"><fbc:listOfFluxObjectives>'
        f"{listed}</fbc:listOfFluxObjectives></fbc:objective>"
    )
