"""A copy of the repository with a configuration that runs in about a minute."""

import subprocess
import sys

from project_copy import copy_project

SMALL = """
organisms: organisms.tsv
interactions: {models: [iYO844]}
training: {epochs: 3}
splits:
  components40: {method: components, identity: 0.4, test_fraction: 0.2, validation_fraction: 0.2}
  final: {method: components, identity: 0.4, test_fraction: 0.0, validation_fraction: 0.2}
"""
COLUMNS = ("id", "name", "proteome", "metabolome", "universe", "media", "biolog", "essentiality")
GOOD = {
    "id": "mini",
    "name": "Bacillus subtilis 168",
    "proteome": "dataset:proteome_bsub",
    "metabolome": "resources/metabolomes/bsub.tsv",
    "universe": "grampos",
    "media": "M9",
    "biolog": "C=dataset:biolog_bsub_carbon",
    "essentiality": "dataset:essentiality_bsub",
}
MODEL = "results/reconstruction/mini/model.xml"
TARGETS = [
    MODEL,
    "results/emi/components40/metrics.parquet",
    "results/validation/gemwright/mini/phenotypes.parquet",
    "results/validation/gemwright/mini/essentiality.parquet",
    "results/tables/leakage_ladder.csv",
]


def write_sheet(folder, **changes):
    row = {**GOOD, **changes}
    lines = ["\t".join(COLUMNS), "\t".join(row[column] for column in COLUMNS)]
    (folder / "organisms.tsv").write_text("\n".join(lines) + "\n")


def small_project(folder):
    copy_project(folder)
    (folder / "small.yaml").write_text(SMALL)
    write_sheet(folder)
    return folder


def command(*arguments):
    options = ["--cores", "2", "--configfile", "small.yaml"]
    # targets first: --configfile takes everything up to the next option
    return [sys.executable, "-m", "snakemake", *arguments, *options]


def run(folder, *arguments):
    return subprocess.run(
        command(*arguments), cwd=folder, capture_output=True, text=True, check=False, timeout=900
    )
