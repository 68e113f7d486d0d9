"""Models of BiGG as SBML L3 fbc v2."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.gem.gpr import Rule, format_gpr
from gemwright.gem.sbml_tables import read_sbml_tables
from gemwright.io.compressed import reading
from gemwright.sources.bigg_annotations import IDENTIFIERS_ORG, annotation_pairs
from gemwright.sources.bigg_raw import RawModel

_CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
_FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
_GROUPS = "{http://www.sbml.org/sbml/level3/version1/groups/version1}"
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def read_sbml(path: str | Path) -> RawModel:
    """Read a model as SBML L3 fbc v2.

    Raises
    ------
    InputError
        If it is no SBML, is cut off, defines an item twice, or a number is none.
    """
    where = str(path)
    with reading(path) as handle:
        try:
            root = ElementTree.parse(handle).getroot()
        except ElementTree.ParseError as error:
            raise InputError(where, f"is no readable SBML ({error})", FETCH_AGAIN) from error
    try:
        tables = read_sbml_tables(path)
        objectives = {
            item.get(f"{_FBC}reaction", "").removeprefix("R_"): float(
                item.get(f"{_FBC}coefficient", "nan")
            )
            for item in root.iter(f"{_FBC}fluxObjective")
        }
    except (KeyError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            where, f"a bound, charge or coefficient is no number ({error})", FETCH_AGAIN
        ) from error
    model = root.find(f"{_CORE}model")
    assert model is not None  # `read_sbml_tables` refuses a file without
    raw = RawModel(identifier=model.get("id", ""))

    subsystems: dict[str, str] = {}
    for group in model.iter(f"{_GROUPS}group"):
        for member in group.iter(f"{_GROUPS}member"):
            reaction = member.get(f"{_GROUPS}idRef", "").removeprefix("R_")
            subsystems[reaction] = group.get(f"{_GROUPS}name", "")
    charged = set()
    for item in model.iter(f"{_CORE}species"):
        name = item.get("id", "").removeprefix("M_")
        if item.get(f"{_FBC}charge") is not None:
            charged.add(name)
        _resources(item, f"{where}, species {name!r}", raw, "species", name)
    rules: dict[str, str] = {}
    for item in model.iter(f"{_CORE}reaction"):
        name = item.get("id", "").removeprefix("R_")
        spot = f"{where}, reaction {name!r}"
        _resources(item, spot, raw, "reaction", name)
        association = item.find(f"{_FBC}geneProductAssociation")
        if association is not None and len(association):
            rules[name] = format_gpr(_sbml_rule(association[0], spot))
    for item in model.iter(f"{_FBC}geneProduct"):
        name = item.get(f"{_FBC}id", "").removeprefix("G_")
        raw.genes.append((name, item.get(f"{_FBC}name", "")))
        _resources(item, f"{where}, gene {name!r}", raw, "gene", name)

    for name, compartment, label, formula, charge in tables.species[
        ["species", "compartment", "name", "formula", "charge"]
    ].itertuples(index=False, name=None):
        raw.species.append(
            (name, compartment, label, formula, int(charge) if name in charged else None)
        )
    for name, label, low, high in tables.reactions[
        ["reaction", "name", "lower_bound", "upper_bound"]
    ].itertuples(index=False, name=None):
        raw.reactions.append(
            (
                name,
                label,
                float(low),
                float(high),
                subsystems.get(name, ""),
                rules.get(name, ""),
                objectives.get(name, 0.0),
            )
        )
    for kind, names in (
        ("reaction", [row[0] for row in raw.reactions]),
        ("species", [row[0] for row in raw.species]),
        ("gene", [row[0] for row in raw.genes]),
    ):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InputError(where, f"the {kind} {twice[0]!r} is defined twice", FETCH_AGAIN)
    # a species on both sides has one row a side: the net coefficient counts, as in JSON
    net = tables.stoichiometry.groupby(["reaction", "species"], sort=False, as_index=False).sum()
    raw.stoichiometry = list(net.itertuples(index=False, name=None))
    return raw


def _resources(
    element: ElementTree.Element, where: str, raw: RawModel, kind: str, name: str
) -> None:
    entries = [
        ["", address]
        for item in element.iter()
        if (address := item.get(_RESOURCE)) and IDENTIFIERS_ORG in address
    ]
    pairs = annotation_pairs(entries, where, raw.counts)
    raw.annotations[kind] += [(name, *pair) for pair in pairs]


def _sbml_rule(element: ElementTree.Element, where: str) -> Rule:
    if element.tag == f"{_FBC}geneProductRef":
        return element.get(f"{_FBC}geneProduct", "").removeprefix("G_")
    operator = element.tag.removeprefix(_FBC)
    parts = tuple(_sbml_rule(part, where) for part in element if part.tag.startswith(_FBC))
    if operator not in ("and", "or") or not parts:
        raise InputError(where, f"the gene rule holds <{operator}> without genes", FETCH_AGAIN)
    return parts[0] if len(parts) == 1 else (operator, parts)
