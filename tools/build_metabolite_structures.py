"""Build resources/metabolite_structures.tsv, the structures of BiGG metabolites.

Candidate structures come from three sources: systematic names read by OPSIN,
families of compounds assembled by code (structure_families.py) and a table of
SMILES written by hand (handwritten_smiles.tsv, which may give several forms of a
compound). What none of them has is taken from the compounds of
equilibrator-cache-data (cache_structures.py); the column ``source`` names the
package or the file. A candidate is kept only if it agrees with what the universal BiGG model
that ships with CarveMe annotates for the metabolite: the first block of the
InChIKey or, without one, the heavy-atom formula. A metabolite with neither takes
the formula from CarveMe's universes for taxa.

Stereocentres that a candidate leaves open, or has wrong in at most two places, are
set to those of the annotated InChIKey where there is one. Protons are moved to
BiGG's formula and charge where acids and amines allow it.

Needs py2opsin (and a Java runtime) besides gemwright's own dependencies; run it
from anywhere:

    python tools/build_metabolite_structures.py

`--only-cache` keeps the rows of the other sources and needs no Java.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
for folder in (str(ROOT), str(ROOT / "tools")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from cache_structures import DIFFERENCE_COLUMNS, differences, from_cache  # noqa: E402
from structure_choice import (  # noqa: E402
    COLUMNS,
    Metabolite,
    Structure,
    choose,
    has_hydrogens_of,
)
from structure_families import family_candidates  # noqa: E402

from gemwright.emi.interactions import build_interactions  # noqa: E402
from gemwright.io.files import write_text  # noqa: E402
from gemwright.sources import bigg_snapshot  # noqa: E402
from gemwright.sources.bigg_snapshot import UNIVERSES  # noqa: E402
from gemwright.sources.registry import locate  # noqa: E402

T = TypeVar("T")

TABLE = ROOT / "resources" / "metabolite_structures.tsv"
LEFT_OUT = ROOT / "docs" / "structures_left_out.tsv"
LEFT_OUT_COLUMNS = ("bigg_id", "reason")
DIFFERENCES = ROOT / "docs" / "structures_differences.tsv"
HANDWRITTEN = ROOT / "tools" / "handwritten_smiles.tsv"

SBML = "{http://www.sbml.org/sbml/level3/version1/core}"
FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Universe:
    """Metabolites of the universal BiGG model, without compartment."""

    metabolites: dict[str, Metabolite]
    supplemented: set[str] = field(default_factory=set)


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
        Its metabolites, merged over compartments.
    """
    universe = read_sbml(locate("bigg_universe"))
    for taxon in sorted(UNIVERSES):
        for bigg_id, other in read_sbml(locate(f"universe_{taxon}")).metabolites.items():
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
        Its metabolites, merged over compartments.
    """
    metabolites: dict[str, Metabolite] = {}
    with gzip.open(path) as handle:
        for _, element in ElementTree.iterparse(handle):
            if element.tag == SBML + "species":
                _read_species(element, metabolites)
                element.clear()
            elif element.tag == SBML + "reaction":
                element.clear()
    return Universe(metabolites)


def _read_species(element: ElementTree.Element, metabolites: dict[str, Metabolite]) -> None:
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


def read_handwritten(path: Path = HANDWRITTEN) -> dict[str, list[str]]:
    """Read the hand-written SMILES per BiGG id."""
    found: dict[str, list[str]] = defaultdict(list)
    with open(path, newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["bigg_id"]].append(row["smiles"])
    return dict(found)


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


def read_rows(path: Path = TABLE) -> list[tuple[str, ...]]:
    """Read the rows of a written table."""
    with open(path, newline="") as handle:
        _, *rows = csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [tuple(row) for row in rows]


def with_cached(
    rows: Iterable[tuple[str, ...]], universe: Universe
) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Add what only equilibrator-cache-data has, in the place of such rows of before.

    Parameters
    ----------
    rows : iterable of tuple of str
        Rows of the table.
    universe : Universe
        The universal model.

    Returns
    -------
    list of tuple of str
        Rows of all sources, sorted by BiGG id.
    dict of str to str
        Metabolites of which the cache has something that is not taken, and the reason.
    """
    kept = [row for row in rows if not row[COLUMNS.index("method")].startswith("cache")]
    found, left_out = from_cache(universe.metabolites, {row[0] for row in kept})
    return sorted([*kept, *(structure.row() for structure in found)]), left_out


def differing_rows(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows of the table of differences between the other sources and equilibrator-cache-data."""
    return differences([dict(zip(COLUMNS, row, strict=True)) for row in rows])


def write_table(
    rows: Iterable[tuple[str, ...]], path: Path, columns: tuple[str, ...] = COLUMNS
) -> None:
    """Write a table; its rows are already sorted."""
    write_text(path, "".join("\t".join(row) + "\n" for row in (columns, *rows)))


def pair_counts() -> pd.Series[int]:
    """Enzyme-metabolite pairs of each metabolite, all 31 models, no currency, no transport."""
    bounds = bigg_snapshot.read_model_bounds()
    bigg = bigg_snapshot.read_universe("bigg")
    pairs, _ = build_interactions(
        bigg_snapshot.read_gprs(),
        bigg_snapshot.read_protein_sequences(),
        bigg.stoichiometry,
        bigg.species,
        bounds,
        None,
    )
    return pairs["metabolite"].value_counts()


def report(rows: list[tuple[str, ...]], universe: Universe, missing_rows: int) -> None:
    """Print counts per method and the coverage of enzyme-metabolite pairs."""
    for title in ("method", "verified_by", "stereo", "source"):
        counts = Counter(row[COLUMNS.index(title)] for row in rows)
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"  {title:12s} {value:32s} {count:5d}")
    pairs = pair_counts()
    known = pairs.index.isin([row[0] for row in rows])
    share = pairs[known].sum() / pairs.sum()
    print(f"{len(rows)} structures cover {share:.1%} of {pairs.sum()} pairs")
    for bigg_id, count in pairs[~known].head(missing_rows).items():
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
        "--only-cache", action="store_true", help="keep the shipped rows of the other sources"
    )
    parser.add_argument(
        "--missing", type=int, default=0, metavar="N", help="list the N commonest missing ones"
    )
    options = parser.parse_args(arguments)
    universe = read_universe()
    if options.only_cache:
        rows = read_rows()
    else:
        rows = [one.row() for one in build(universe, use_opsin=not options.no_opsin)]
    rows, left_out = with_cached(rows, universe)
    write_table(rows, options.output)
    if options.output == TABLE:
        write_table(left_out.items(), LEFT_OUT, LEFT_OUT_COLUMNS)
        write_table(differing_rows(rows), DIFFERENCES, DIFFERENCE_COLUMNS)
    report(rows, universe, options.missing)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
