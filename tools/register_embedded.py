"""Write the embedded rows of ``gemwright/resources/datasets.tsv`` from the installed packages.

Run it when the version of carveme or cobra in the lock changes; the live rows stay as they are.
"""

from importlib.metadata import version

import pandas as pd

from gemwright.io.files import sha256_file
from gemwright.io.tables import write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.sources.bigg_snapshot import UNIVERSES
from gemwright.sources.registry import COLUMNS, REGISTRY, package_file

ELEMENTS = ("carbon", "nitrogen", "phosphorus", "sulfur")
PROTEOMES = {
    "ecol": ("Ecoli_K12_MG1655", "Escherichia coli K-12 MG1655"),
    "bsub": ("Bsubtilis_168", "Bacillus subtilis 168"),
    "paer": ("Paeruginosa_PAO1", "Pseudomonas aeruginosa PAO1"),
}


LICENCES = {
    "carveme": "Apache-2.0 (carveme)",
    "cobra": "LGPL-2.0-or-later or GPL-2.0-or-later (cobra)",
}
COBRA_FILES = {
    "e_coli_core": ("textbook.xml.gz", "core model of Escherichia coli, which cobra calls textbook")
}


def carveme_files() -> dict[str, tuple[str, str]]:
    """Dataset to (path inside carveme's data folder, note)."""
    files = {
        "bigg_universe": ("generated/bigg_universe.xml.gz", "universal reactions and metabolites"),
        "bigg_gprs": ("generated/bigg_gprs.csv.gz", "GPR rules of 31 models"),
        "bigg_proteins": ("generated/bigg_proteins.faa", "protein sequences of 31 models"),
        "bigg_model_bounds": ("generated/model_specific_data.csv.gz", "flux bounds of 31 models"),
        "bigg_models": ("input/bigg_models.tsv", "organism of every BiGG model"),
        "media": ("benchmark/media_db.tsv", "growth media of the phenotype tests"),
        "carveme_biolog_results": ("benchmark/results/biolog.tsv", "the peer's own results"),
        "carveme_essentiality_results": (
            "benchmark/results/essentiality.tsv",
            "the peer's own results",
        ),
    }
    for universe in UNIVERSES:
        files[f"universe_{universe}"] = (
            f"generated/universe_{universe}.xml.gz",
            "curated universal model with a biomass reaction",
        )
    for organism, (fasta, name) in PROTEOMES.items():
        files[f"proteome_{organism}"] = (f"benchmark/fasta/{fasta}.faa", f"proteome of {name}")
        files[f"essentiality_{organism}"] = (
            f"benchmark/essentiality/{organism}.tsv",
            f"single-gene essentiality of {name}",
        )
        files[f"carveme_model_{organism}"] = (
            f"benchmark/models/{organism}.xml",
            f"the peer's own model of {name}",
        )
        for element in ELEMENTS if organism != "paer" else ELEMENTS[:1]:
            files[f"biolog_{organism}_{element}"] = (
                f"benchmark/biolog/{organism}/biolog_{element}.tsv",
                f"phenotype microarray of {name}, {element} sources",
            )
    return files


def main() -> None:
    """Replace the embedded rows of the registry."""
    old = read_delimited(REGISTRY, COLUMNS)
    rows = []
    for package, files in (("carveme", carveme_files()), ("cobra", COBRA_FILES)):
        for dataset, (inside, note) in files.items():
            url = f"package:{package}/data/{inside}"
            rows.append(
                {
                    "dataset": dataset,
                    "version": f"{package} {version(package)}",
                    "source": "embedded",
                    "url": url,
                    "licence": f"{LICENCES[package]}; BiGG data: free for non-commercial use",
                    "sha256": sha256_file(package_file(url)),
                    "note": note,
                }
            )
    live = old[old["source"] != "embedded"]
    embedded = pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")
    write_delimited(pd.concat([embedded, live], ignore_index=True), REGISTRY)


if __name__ == "__main__":
    main()
