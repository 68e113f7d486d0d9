"""Build resources/metabolite_structures.tsv, the structures of BiGG metabolites.

Candidate structures come from three sources: systematic names read by OPSIN,
families of compounds assembled by code (structure_families.py) and a table of
SMILES written by hand (handwritten_smiles.tsv, which may give several forms of a
compound). A candidate is kept only if it agrees with what the universal BiGG model
that ships with CarveMe annotates for the metabolite: the first block of the
InChIKey or, without one, the heavy-atom formula. A metabolite with neither takes
the formula from CarveMe's universes for taxa.

Stereocentres that a candidate leaves open, or has wrong in at most two places, are
set to those of the annotated InChIKey where there is one. Protons are moved to
BiGG's formula and charge where acids and amines allow it.

Needs py2opsin (and a Java runtime) besides gemwright's own dependencies; run it
from anywhere:

    python tools/build_metabolite_structures.py
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import os
import re
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
for folder in (str(ROOT), str(ROOT / "tools")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from structure_families import family_candidates  # noqa: E402

from gemwright.chemistry import (  # noqa: E402
    Stereo,
    Verification,
    formula_of_smiles,
    parse_formula,
    physiological_smiles,
    resolve_stereo,
    smiles_charge,
    verify_structure,
)

T = TypeVar("T")

TABLE = ROOT / "resources" / "metabolite_structures.tsv"
HANDWRITTEN = ROOT / "tools" / "handwritten_smiles.tsv"
COLUMNS = ("bigg_id", "smiles", "inchikey", "method", "verified_by", "stereo")

SBML = "{http://www.sbml.org/sbml/level3/version1/core}"
FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XHTML = "{http://www.w3.org/1999/xhtml}"

CURRENCY = frozenset(
    {
        "ACP",
        "adp",
        "amp",
        "atp",
        "ca2",
        "cdp",
        "cl",
        "cmp",
        "co2",
        "coa",
        "cobalt2",
        "ctp",
        "cu2",
        "fad",
        "fadh2",
        "fe2",
        "fe3",
        "fmn",
        "fmnh2",
        "gdp",
        "gmp",
        "gtp",
        "h",
        "h2o",
        "h2o2",
        "hco3",
        "k",
        "mg2",
        "mn2",
        "mql8",
        "mqn8",
        "na1",
        "nad",
        "nadh",
        "nadp",
        "nadph",
        "nh4",
        "o2",
        "pi",
        "ppi",
        "q8",
        "q8h2",
        "so4",
        "trdox",
        "trdrd",
        "udp",
        "ump",
        "utp",
        "zn2",
    }
)


@dataclass
class Metabolite:
    """What BiGG says about a metabolite, over all compartments."""

    bigg_id: str
    names: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    inchikeys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reaction:
    """Sides of a reaction as metabolite ids with the compartment of each."""

    left: frozenset[tuple[str, str]]
    right: frozenset[tuple[str, str]]

    @property
    def is_transport(self) -> bool:
        """Whether the metabolites lie in more than one compartment."""
        return len({compartment for _, compartment in self.left | self.right}) > 1


@dataclass(frozen=True)
class Universe:
    """The universal BiGG model: metabolites without compartment, and reactions."""

    metabolites: dict[str, Metabolite]
    reactions: dict[str, Reaction]
    supplemented: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Structure:
    """A verified structure, one row of the table."""

    bigg_id: str
    smiles: str
    method: str
    verification: Verification

    def row(self) -> tuple[str, ...]:
        """Return the row in the order of `COLUMNS`."""
        check = self.verification
        return (
            self.bigg_id,
            self.smiles,
            check.inchikey,
            self.method,
            check.evidence.value,
            check.stereo.value,
        )


def carveme_data() -> Path:
    """Locate the generated data of the installed carveme package."""
    spec = importlib.util.find_spec("carveme")
    if spec is None or spec.origin is None:
        raise RuntimeError("the carveme package is not installed")
    return Path(spec.origin).parent / "data" / "generated"


def _add(values: list[T], value: T) -> None:
    if value not in values:
        values.append(value)


def read_universe() -> Universe:
    """Read the universal BiGG model of the installed carveme.

    A metabolite that it lists with neither formula nor InChIKey gets the formulas of
    carveme's universes for taxa, which were balanced from the same data.

    Returns
    -------
    Universe
        Its metabolites (merged over compartments) and reactions.
    """
    data = carveme_data()
    universe = read_sbml(data / "bigg_universe.xml.gz")
    for path in sorted(data.glob("universe_*.xml.gz")):
        for bigg_id, other in read_sbml(path).metabolites.items():
            metabolite = universe.metabolites.get(bigg_id)
            if metabolite is None or metabolite.inchikeys:
                continue
            if metabolite.formulas and bigg_id not in universe.supplemented:
                continue
            universe.supplemented.add(bigg_id)
            for formula in other.formulas:
                _add(metabolite.formulas, formula)
    return universe


def read_sbml(path: Path) -> Universe:
    """Read one of carveme's gzipped SBML files.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Universe
        Its metabolites (merged over compartments) and reactions.
    """
    metabolites: dict[str, Metabolite] = {}
    reactions: dict[str, Reaction] = {}
    species: dict[str, tuple[str, str]] = {}
    with gzip.open(path) as handle:
        for _, element in ElementTree.iterparse(handle):
            if element.tag == SBML + "species":
                bigg_id, compartment = _read_species(element, metabolites)
                species[element.get("id", "")] = (bigg_id, compartment)
            elif element.tag == SBML + "reaction":
                reactions[element.get("id", "")] = Reaction(
                    *(_read_side(element, side, species) for side in ("Reactants", "Products"))
                )
            else:
                continue
            element.clear()
    return Universe(metabolites, reactions)


def _read_species(
    element: ElementTree.Element, metabolites: dict[str, Metabolite]
) -> tuple[str, str]:
    compartment = element.get("compartment", "").removeprefix("C_")
    bigg_id = element.get("id", "").removeprefix("M_").removesuffix("_" + compartment)
    metabolite = metabolites.setdefault(bigg_id, Metabolite(bigg_id))
    _add(metabolite.names, element.get("name", ""))
    listed = [element.get(FBC + "chemicalFormula", "")]
    for paragraph in element.iter(XHTML + "p"):
        text = paragraph.text or ""
        if text.startswith("FORMULA:"):
            listed.extend(text.removeprefix("FORMULA:").split(";"))
    for formula in listed:
        if formula.strip():
            _add(metabolite.formulas, formula.strip())
    charge = element.get(FBC + "charge")
    if charge is not None:
        _add(metabolite.charges, int(charge))
    for item in element.iter(RDF + "li"):
        uri = item.get(RDF + "resource", "")
        if "/inchikey/" in uri:
            _add(metabolite.inchikeys, uri.rsplit("/", 1)[-1])
    return bigg_id, compartment


def _read_side(
    element: ElementTree.Element, side: str, species: dict[str, tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    references = element.iterfind(f"{SBML}listOf{side}/{SBML}speciesReference")
    return frozenset(species[reference.get("species", "")] for reference in references)


def _read_sequences(path: Path) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    with open(path) as handle:
        for line in handle:
            if line.startswith(">"):
                current = parts.setdefault(line[1:].split()[0], [])
            else:
                current.append(line.strip())
    return {name: "".join(chunks) for name, chunks in parts.items()}


def enzyme_metabolite_pairs(universe: Universe) -> set[tuple[str, str]]:
    """List the pairs of a protein and a metabolite that it turns over.

    The bounds of each model give the direction: a protein is paired with the
    consumed side, with both sides of a reversible reaction. Transport and currency
    metabolites are left out. Proteins of equal sequence are one protein.

    Parameters
    ----------
    universe : Universe
        The universal model.

    Returns
    -------
    set of tuple of (str, str)
        Protein sequence (gene id where there is none) and BiGG id.
    """
    data = carveme_data()
    sequences = _read_sequences(data / "bigg_proteins.faa")
    bounds: dict[tuple[str, str], tuple[float, float]] = {}
    with gzip.open(data / "model_specific_data.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            bounds[row["model"], "R_" + row["reaction"]] = (float(row["lb"]), float(row["ub"]))
    pairs: set[tuple[str, str]] = set()
    with gzip.open(data / "bigg_gprs.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            reaction = universe.reactions.get(row["reaction"])
            if reaction is None or reaction.is_transport:
                continue
            lower, upper = bounds.get((row["model"], row["reaction"]), (-1.0, 1.0))
            consumed: set[str] = set()
            if upper > 0 or lower >= 0:
                consumed.update(bigg_id for bigg_id, _ in reaction.left)
            if lower < 0:
                consumed.update(bigg_id for bigg_id, _ in reaction.right)
            consumed -= CURRENCY
            for gene in row["protein"].removeprefix("P_").split("+"):
                name = f"{row['model']}.{gene}"
                protein = sequences.get(name, name)
                pairs.update((protein, bigg_id) for bigg_id in consumed)
    return pairs


def coverage(
    structured: Collection[str], pairs: Iterable[tuple[str, str]]
) -> tuple[float, Counter[str]]:
    """Share of the pairs whose metabolite has a structure.

    Parameters
    ----------
    structured : collection of str
        BiGG ids with a structure.
    pairs : iterable of tuple of (str, str)
        Protein and BiGG id.

    Returns
    -------
    share : float
        Covered pairs over all pairs.
    missing : Counter of str
        Pairs of each metabolite without structure.
    """
    counts = Counter(bigg_id for _, bigg_id in pairs)
    known = frozenset(structured)
    missing = Counter({bigg_id: n for bigg_id, n in counts.items() if bigg_id not in known})
    total = sum(counts.values())
    return (1 - sum(missing.values()) / total if total else 0.0), missing


_FORMULA_TAIL = re.compile(r"[\s_]+(?:[A-Z][a-z]?\d*){2,}[-+]?$")


def name_variants(name: str) -> list[str]:
    """Rewrite a BiGG name in the ways that OPSIN is most likely to read.

    Parameters
    ----------
    name : str
        Name of a metabolite in BiGG.

    Returns
    -------
    list of str
        The distinct rewritings, most literal first.
    """
    stripped = _FORMULA_TAIL.sub("", name.strip())
    variants = [name.strip(), stripped]
    text = stripped.replace("__", "-").replace("_", "-")
    text = re.sub(r"\s+", " ", text).strip(" -,")
    variants.append(text)
    chiral = re.sub(r"(?<![A-Za-z])(DL|[DLRSEZ]) +(?=[A-Za-z(])", r"\1-", text)
    chiral = re.sub(r"\b([RSEZ])-(?=\d|[a-z])", r"(\1)-", chiral)
    chiral = re.sub(r"\b(alpha|beta|gamma|delta|cis|trans|meso|myo|N|O|S)[ ](?=\w)", r"\1-", chiral)
    variants.append(chiral)
    spaced = re.sub(r"(?<=\d) (?=[a-zA-Z])", "-", chiral)
    spaced = re.sub(r"(?<=[\d,]) (?=\d)", "", spaced)
    variants.append(spaced)
    lower = spaced[:1] + spaced[1:].replace("Phospho", "phospho")
    lower = re.sub(
        r"(?<=[a-z\)\-])(?<![DLRSNO]-)([A-Z])(?=[a-z]{2})", lambda m: m[1].lower(), lower
    )
    variants.append(lower)
    for text in (stripped, spaced, lower):
        spelled = text.replace("CoA", "coenzyme A").replace("Coa", "coenzyme A").replace("  ", " ")
        spelled = re.sub(r"-coenzyme A$", " coenzyme A", spelled)
        spelled = re.sub(r"\b[Ss]ulpho", "sulfo", spelled)
        spelled = re.sub(r"\b[Ss]ulpha", "sulfa", spelled)
        spelled = re.sub(r"aminoacid", "amino acid", spelled)
        variants.append(spelled)
        variants.append(re.sub(r"(\S)phosphate$", r"\1 phosphate", spelled))
        variants.append(re.sub(r"(?<=\d')-(?=phosphate|monophosphate|di|tri)", "-", spelled))
        variants.append(re.sub(r" \(.*\)$", "", spelled))
        variants.append(re.sub(r" (\d'?)-?(phosphate|bisphosphate|sulfate)$", r"-\1-\2", spelled))
        variants.append(re.sub(r"ate$", "ic acid", spelled))
    return [variant for variant in dict.fromkeys(variants) if variant]


def opsin_candidates(metabolites: Iterable[Metabolite]) -> dict[str, list[str]]:
    """Read the names of metabolites with OPSIN, in one batch.

    Parameters
    ----------
    metabolites : iterable of Metabolite
        The metabolites; only those that can be verified are worth giving.

    Returns
    -------
    dict of str to list of str
        SMILES per BiGG id, in the order of the name variants.
    """
    from py2opsin import py2opsin  # type: ignore[import-untyped]

    asked: dict[str, list[str]] = {}
    metabolites = list(metabolites)
    for metabolite in metabolites:
        for name in metabolite.names:
            for variant in name_variants(name):
                asked.setdefault(variant, []).append(metabolite.bigg_id)
    names = [name for name in asked if name.isascii() and "\n" not in name]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # One warning per name that is no systematic name.
        warnings.simplefilter("ignore")
        answers = py2opsin(names, tmp_fpath=os.path.join(folder, "names.txt"))
    by_id = {metabolite.bigg_id: metabolite for metabolite in metabolites}
    found: dict[str, list[str]] = defaultdict(list)
    for name, smiles in zip(names, answers, strict=True):
        if smiles:
            for bigg_id in asked[name]:
                if is_plausible_reading(name, smiles, by_id[bigg_id]):
                    _add(found[bigg_id], smiles)
    return dict(found)


_UNSATURATED = re.compile(r"(?:a(di|tri|tetra|penta|hexa))?eno(?:yl|ate|ic)")
_UNSATURATIONS = {"": 1, "di": 2, "tri": 3, "tetra": 4, "penta": 5, "hexa": 6}
_SUBSTITUENT = re.compile(r"hydroxy|hydroperoxy|oxo|keto|methyl|epoxy|amino")
_POSITION = re.compile(r"(?<![A-Za-z\d])\d+(?=[-,EZRS)'])")


def is_plausible_reading(name: str, smiles: str, metabolite: Metabolite) -> bool:
    """Tell whether OPSIN can have understood a name that only a formula checks.

    Constitutional isomers share the formula, and OPSIN takes an acylcarnitine for a
    ketone and gives unsaturation without locants the lowest ones. The hydrogens are
    compared too, because a wrong degree of unsaturation shows there.

    Parameters
    ----------
    name : str
        The name read.
    smiles : str
        OPSIN's answer.
    metabolite : Metabolite
        The metabolite; one with an InChIKey needs no such care.

    Returns
    -------
    bool
        False if the reading is to be left out.
    """
    if metabolite.inchikeys:
        return True
    lower = name.lower()
    if "." in smiles or ("carnitine" in lower and len(lower) > len("dl-carnitine")):
        return False
    unsaturated = _UNSATURATED.search(lower)
    if unsaturated:
        needed = _UNSATURATIONS[unsaturated[1] or ""] + len(_SUBSTITUENT.findall(lower))
        if len(_POSITION.findall(name)) < needed:
            return False
    return has_hydrogens_of(metabolite, smiles)


def has_hydrogens_of(metabolite: Metabolite, smiles: str) -> bool:
    """Compare hydrogens less charge, which protonation does not change."""
    try:
        present = formula_of_smiles(smiles).get("H", 0) - smiles_charge(smiles)
        expected = {
            parse_formula(formula).get("H", 0) - charge
            for formula in metabolite.formulas
            for charge in metabolite.charges
        }
    except ValueError:
        return False
    return not expected or present in expected


def read_handwritten(path: Path = HANDWRITTEN) -> dict[str, list[str]]:
    """Read the hand-written SMILES per BiGG id."""
    found: dict[str, list[str]] = defaultdict(list)
    with open(path, newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["bigg_id"]].append(row["smiles"])
    return dict(found)


def choose(metabolite: Metabolite, candidates: Iterable[tuple[str, str]]) -> Structure | None:
    """Pick the best of the candidates that can be verified.

    Parameters
    ----------
    metabolite : Metabolite
        The metabolite.
    candidates : iterable of tuple of (str, str)
        Method and SMILES, most trusted first.

    Returns
    -------
    Structure or None
        The first one whose stereochemistry agrees with the annotation, else the
        first one verified.
    """
    verified: list[Structure] = []
    for method, smiles in candidates:
        try:
            check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
        except ValueError as error:
            print(f"  {metabolite.bigg_id} ({method}): {error}", file=sys.stderr)
            continue
        if check.accepted:
            verified.append(Structure(metabolite.bigg_id, smiles, method, check))
            if check.stereo is Stereo.MATCHES:
                break
    if not verified:
        return None
    best = verified[-1] if verified[-1].verification.stereo is Stereo.MATCHES else None
    if best is None and metabolite.inchikeys:
        best = _with_annotated_stereo(verified, metabolite)
    return _at_bigg_charge(best or verified[0], metabolite)


def _with_annotated_stereo(
    verified: Iterable[Structure], metabolite: Metabolite
) -> Structure | None:
    for one in verified:
        smiles = resolve_stereo(one.smiles, metabolite.inchikeys)
        if smiles is not None:
            check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
            return Structure(one.bigg_id, smiles, one.method, check)
    return None


def _at_bigg_charge(structure: Structure, metabolite: Metabolite) -> Structure:
    formula = metabolite.formulas[0] if metabolite.formulas else None
    charge = metabolite.charges[0] if metabolite.charges else None
    smiles = physiological_smiles(structure.smiles, formula, charge)
    check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
    return Structure(structure.bigg_id, smiles, structure.method, check)


def build(universe: Universe, use_opsin: bool = True) -> list[Structure]:
    """Collect, verify and choose the structures of all metabolites.

    Parameters
    ----------
    universe : Universe
        The universal model.
    use_opsin : bool
        Whether to run OPSIN (needs Java).

    Returns
    -------
    list of Structure
        Verified structures, sorted by BiGG id.
    """
    checkable = [
        metabolite
        for metabolite in universe.metabolites.values()
        if metabolite.formulas or metabolite.inchikeys
    ]
    print(f"{len(checkable)} of {len(universe.metabolites)} metabolites can be verified")
    handwritten = read_handwritten()
    unknown = sorted(set(handwritten) - set(universe.metabolites))
    if unknown:
        print("hand-written ids that BiGG does not know:", *unknown, file=sys.stderr)
    named = opsin_candidates(checkable) if use_opsin else {}
    print(f"OPSIN read a name of {len(named)} metabolites")
    families = family_candidates(
        {metabolite.bigg_id: metabolite.formulas for metabolite in checkable}
    )
    print(f"families offer structures for {len(families)} metabolites")
    structures: list[Structure] = []
    for metabolite in sorted(checkable, key=lambda one: one.bigg_id):
        bigg_id = metabolite.bigg_id
        candidates = [("handwritten", smiles) for smiles in handwritten.get(bigg_id, [])]
        candidates += [(f"template:{name}", smiles) for name, smiles in families.get(bigg_id, [])]
        candidates += [("opsin", smiles) for smiles in named.get(bigg_id, [])]
        chosen = choose(metabolite, candidates)
        if chosen is not None:
            structures.append(chosen)
        if bigg_id in handwritten and (chosen is None or chosen.method != "handwritten"):
            print(f"  hand-written {bigg_id} was not used", file=sys.stderr)
    return structures


def write_table(structures: Iterable[Structure], path: Path) -> None:
    """Write the table by way of a temporary file beside it.

    Parameters
    ----------
    structures : iterable of Structure
        Rows, already sorted.
    path : Path
        The table.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with open(temporary, "w", newline="") as handle:
        handle.write("\t".join(COLUMNS) + "\n")
        for structure in structures:
            handle.write("\t".join(structure.row()) + "\n")
    temporary.replace(path)


def report(structures: list[Structure], universe: Universe, missing_rows: int) -> None:
    """Print counts per method and the coverage of enzyme-metabolite pairs."""
    for title, counts in (
        ("method", Counter(one.method for one in structures)),
        ("verified by", Counter(one.verification.evidence.value for one in structures)),
        ("stereo", Counter(one.verification.stereo.value for one in structures)),
    ):
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"  {title:12s} {value:32s} {count:5d}")
    pairs = enzyme_metabolite_pairs(universe)
    share, missing = coverage([one.bigg_id for one in structures], pairs)
    print(f"{len(structures)} structures cover {share:.1%} of {len(pairs)} pairs")
    for bigg_id, count in sorted(missing.items(), key=lambda item: (-item[1], item[0])):
        if missing_rows <= 0:
            break
        missing_rows -= 1
        metabolite = universe.metabolites[bigg_id]
        print(
            f"  missing {count:4d} {bigg_id}\t{'; '.join(metabolite.names)}\t"
            f"{';'.join(metabolite.formulas)}\t{';'.join(metabolite.inchikeys)}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the tool."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=TABLE, help="table to write")
    parser.add_argument("--no-opsin", action="store_true", help="leave OPSIN out")
    parser.add_argument(
        "--missing", type=int, default=0, metavar="N", help="list the N commonest missing ones"
    )
    options = parser.parse_args(arguments)
    universe = read_universe()
    structures = build(universe, use_opsin=not options.no_opsin)
    write_table(structures, options.output)
    report(structures, universe, options.missing)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
