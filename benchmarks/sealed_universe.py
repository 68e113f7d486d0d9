"""What sealing and the protocol of media change: growth, essential genes and physiology.

Run as ``python benchmarks/sealed_universe.py PHENOTYPES --hits FOLDER`` with a folder of
development data (organisms.tsv, carbon_sources.tsv, smeli_tnseq.tsv, proteomes/) or, without it,
on the organisms of the embedded snapshot alone. Searches of DIAMOND (half a minute an organism)
are kept in FOLDER. Models are made of homology alone, so that nothing is trained, gap-filled on
glucose, pyruvate, succinate and acetate at once, and judged by growth (at least .01 /h) on single
sources and by single knock-outs: TP FP FN TN, accuracy / Matthews correlation. The lines of E.
coli, B. subtilis and P. aeruginosa are tests, on which nothing may be chosen; nothing was on the
seven pooled as "never used" either. Physiology is that of the models of growth on M9 (for those of
the folder with its vitamins, .01 of each), with the universe's biomass and no maintenance, and the
number of carriers that the leak test finds charged.
"""

import argparse
import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path

import pandas as pd

from gemwright.config.medium import MediumOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.config.universe import UniverseOptions
from gemwright.gem.leaks import charged, find_leaks
from gemwright.gem.medium import VITAMINS, Medium
from gemwright.gem.model import MetabolicModel
from gemwright.homology.proteome import protein_hits
from gemwright.inputs.media import read_medium
from gemwright.io.fasta import read_fasta
from gemwright.io.tables import read_parquet, write_parquet
from gemwright.physiology.measure import measure_physiology
from gemwright.reconstruction.pipeline import reconstruct_from_tables
from gemwright.sources.bigg_snapshot import read_protein_sequences
from gemwright.universe.build import BuiltUniverse, build_universe
from gemwright.universe.merging import pool_genes
from gemwright.universe.snapshot import Snapshot
from gemwright.validation.biolog import read_biolog, run_biolog
from gemwright.validation.confusion import confusion_table
from gemwright.validation.essentiality import run_essentiality

EMBEDDED = files("carveme") / "data" / "benchmark"
PROTEOMES = {
    "sone": "Soneidensis_MR1", "rsol": "Rsolanacearum_GMI1000", "ecol": "Ecoli_K12_MG1655",
    "bsub": "Bsubtilis_168", "paer": "Paeruginosa_PAO1",
}  # fmt: skip
TESTS = ("ecol", "bsub", "paer")
# positive controls fail on the other plates (the design note on reconstruction, section 3)
PLATES = {"sone": "CN", "rsol": "CN", "ecol": "CNPS", "bsub": "CNPS", "paer": "C"}
POOLS = {
    "nine": (
        *("sone", "rsol", "Koxy", "Smeli", "WCS417"),
        *("BFirm", "SB2B", "Caulo", "Pedo557"),
    ),
    "never used": ("PV4", "azobra", "Cup4G11", "pseudo3_N2E3", "Phaeo", "Korea", "psRCH2"),
}
KINDS = ("growth", "physiology", "essentiality")
ELEMENTS = {"C": "carbon", "N": "nitrogen", "P": "phosphorus", "S": "sulfur"}
KNOCKED_OUT = {"sone": "LB", "ecol": "M9", "bsub": "LB", "paer": "M9[succ]"}
FILLED_ON = ("glc__D", "pyr", "succ", "ac")
CURATED = UniverseOptions(
    **{item.name: () if item.name == "models" else False for item in fields(UniverseOptions)}
)


@dataclass(frozen=True)
class Arm:
    """One way to build and to judge models."""

    universe: UniverseOptions
    options: ReconstructionOptions


def arms() -> dict[str, Arm]:
    """Name the ways that are compared."""
    homology = ReconstructionOptions(method="homology", subject_top=0.9)
    wide = replace(homology, subject_top=0.7)
    unsealed = UniverseOptions(seal=False)
    return {
        "curated, all limited": Arm(CURATED, _old(homology)),
        "sealed": Arm(UniverseOptions(), homology),
        "paralogues, unsealed, all limited": Arm(unsealed, _old(wide)),
        "paralogues, sealed": Arm(UniverseOptions(), wide),
    }


def _old(options: ReconstructionOptions) -> ReconstructionOptions:
    old = MediumOptions(protocol="all_limited")
    return replace(options, open_directions=False, transport_directions=False, protocol=old)


@functools.cache
def snapshot() -> Snapshot:
    """Read what universes are built with."""
    return Snapshot.embedded()


@functools.cache
def built(name: str, options: UniverseOptions) -> BuiltUniverse:
    """Build a universe once."""
    return build_universe(name, options, snapshot())


@functools.cache
def enzymes() -> pd.DataFrame:
    """Read the known enzymes."""
    return read_protein_sequences()


def proteome(organism: str, phenotypes: Path | None) -> dict[str, str]:
    """Read an organism's proteins."""
    if organism in PROTEOMES:
        return read_fasta(str(EMBEDDED / "fasta" / f"{PROTEOMES[organism]}.faa"))
    assert phenotypes is not None
    return read_fasta(phenotypes / "proteomes" / f"{organism}.faa.gz")


def homologues(organism: str, sequences: Mapping[str, str], folder: Path) -> pd.DataFrame:
    """Search a proteome, or take what was found before."""
    path = folder / f"{organism}.parquet"
    if not path.exists():
        known = dict(zip(enzymes()["enzyme"], enzymes()["sequence"], strict=True))
        write_parquet(protein_hits(sequences, known, threads=1), path)
    return read_parquet(path)


def sources(organism: str, phenotypes: Path | None) -> tuple[pd.DataFrame, Medium]:
    """Observed growth on single sources, and the base medium."""
    minimal = read_medium("M9")
    if organism in PLATES:
        tables = {
            plate: str(EMBEDDED / "biolog" / organism / f"biolog_{ELEMENTS[plate]}.tsv")
            for plate in PLATES[organism]
        }
        return read_biolog(tables), minimal
    assert phenotypes is not None
    table = pd.read_csv(phenotypes / "carbon_sources.tsv", sep="\t")
    table = table[table["organism"] == organism].reset_index(drop=True)
    table = table.rename(columns={"bigg_id": "metabolite"}).assign(
        source="C", observed=table["observed"] == "growth"
    )
    limits = dict.fromkeys(minimal, float("nan")) | dict.fromkeys(sorted(VITAMINS), 0.01)
    return table, limits


def essential(organism: str, phenotypes: Path | None) -> tuple[pd.DataFrame, Medium] | None:
    """Essential genes, and the medium on which they are; None where nobody looked."""
    if organism in KNOCKED_OUT:
        table = pd.read_csv(str(EMBEDDED / "essentiality" / f"{organism}.tsv"), sep="\t").dropna()
        lethal = (table["phenotype"] == "E").groupby(table["bigg_id"]).any()
        found = pd.DataFrame({"gene": lethal.index, "observed": lethal.to_numpy()})
        return found, read_medium(KNOCKED_OUT[organism])
    if organism != "Smeli" or phenotypes is None:
        return None
    table = pd.read_csv(phenotypes / "smeli_tnseq.tsv", sep="\t")
    found = pd.DataFrame({"gene": table["protein"], "observed": table["insertion_index"] < 0.1})
    return found, [name for name in read_medium("M9") if name != "glc__D"] + ["sucr"]


def model_of(
    organism: str, arm: Arm, media: Mapping[str, Medium], phenotypes: Path | None, hits: Path
) -> MetabolicModel:
    """Build an organism's model of homology alone."""
    universe = built("grampos" if organism == "bsub" else "gramneg", arm.universe)
    sequences = proteome(organism, phenotypes)
    found = reconstruct_from_tables(
        organism,
        list(sequences),
        pd.DataFrame(columns=["protein", "metabolite", "score"]),
        homologues(organism, sequences, hits),
        enzymes()[["model", "gene", "enzyme"]],
        pool_genes(snapshot().gprs, universe.merged),
        universe.model,
        pd.DataFrame({"metabolite": []}, dtype=str),
        media,
        arm.options,
        universe.weights,
    )
    return found.model


def judged(
    organism: str, arm: Arm, phenotypes: Path | None, hits: Path, kinds: Collection[str] = KINDS
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Judge one organism's models by each experiment that there is: which, in words, the table."""
    data, base = sources(organism, phenotypes)
    rich = dict.fromkeys([*base, *FILLED_ON], float("nan")) if isinstance(base, list) else base
    rich = dict(rich) | dict.fromkeys(FILLED_ON, float("nan"))
    if organism in TESTS:
        media: dict[str, Medium] = {KNOCKED_OUT[organism]: read_medium(KNOCKED_OUT[organism])}
        media = {"M9": read_medium("M9")} | media
    else:
        media = {"four sources": rich}
    model = model_of(organism, arm, media, phenotypes, hits)
    if "growth" in kinds:
        found = run_biolog(model, data, base, organism, protocol=arm.options.protocol)
        yield "growth", told(found), found
    if "physiology" in kinds:
        yield "physiology", *lives(model, base, arm.options.protocol)
    if "essentiality" not in kinds:
        return
    if (lethal := essential(organism, phenotypes)) is not None:
        genes, medium = lethal
        if organism not in TESTS:
            model = model_of(organism, arm, {"knock-outs": medium}, phenotypes, hits)
        table = run_essentiality(model, genes, medium, organism, protocol=arm.options.protocol)
        yield "essentiality", told(table), table


def told(items: pd.DataFrame) -> str:
    """Tell counts, accuracy and Matthews correlation of judged items."""
    row = confusion_table(items, ()).iloc[0]
    counts = " ".join(str(int(row[name])) for name in ("TP", "FP", "FN", "TN"))
    return f"{counts:>20}  {row['accuracy']:.3f} / {row['mcc']:.3f}"


def lives(
    model: MetabolicModel, medium: Medium, protocol: MediumOptions
) -> tuple[str, pd.DataFrame]:
    """Physiology on a medium, and how many carriers are charged with the most imports."""
    rows = measure_physiology(model, {"glucose": medium}, protocol).rows
    leaking = charged(find_leaks(model, cycles=False)).values()
    unmeasured = ["medium", "driving_force", "bottleneck"]
    rows = rows.drop(columns=unmeasured).assign(leaks=max(map(len, leaking)))
    numbers = rows.drop(columns="secreted").iloc[0]
    return ", ".join(f"{name} {value:.4g}" for name, value in numbers.items()), rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("phenotypes", type=Path, nargs="?")
    parser.add_argument("--hits", type=Path, required=True)
    parser.add_argument("--organisms", nargs="*", help="these only")
    parser.add_argument("--arms", nargs="*", choices=list(arms()), default=list(arms()))
    parser.add_argument("--judge", nargs="*", choices=KINDS, default=KINDS)
    given = parser.parse_args()
    given.hits.mkdir(parents=True, exist_ok=True)
    named = ["sone", "rsol", *TESTS]
    if given.phenotypes:
        named += list(pd.read_csv(given.phenotypes / "organisms.tsv", sep="\t")["organism"])
    physiology = []
    for label in given.arms:
        parts: dict[str, dict[str, pd.DataFrame]] = {kind: {} for kind in KINDS}
        arm = arms()[label]
        for organism in given.organisms or named:
            for kind, words, table in judged(
                organism, arm, given.phenotypes, given.hits, given.judge
            ):
                print(f"{label:36s} {organism:14s} {kind:13s} {words}", flush=True)
                parts[kind][organism] = table
        for organism, rows in parts.pop("physiology").items():
            rows.insert(0, "organism", organism)
            rows.insert(0, "arm", label)
            physiology.append(rows)
        for kind, tables in parts.items():
            judged_on = tuple(name for name in tables if name not in TESTS)
            pools = {"all": judged_on} | (POOLS if kind == "growth" else {})
            for pool, members in pools.items():
                if members and tables.keys() >= set(members):
                    pooled = told(pd.concat([tables[one] for one in members], ignore_index=True))
                    print(f"{label:36s} {pool:14s} {kind:13s} {pooled}", flush=True)
    if physiology:
        print(pd.concat(physiology, ignore_index=True).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
