"""A copy of the repository in which the default target runs each of its rules, all small."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from project_copy import PROJECT, copy_project

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
PHYSIOLOGIES = ["core_1", "core_4"]
MODEL = "results/reconstruction/mini/model.xml"
LADDER = "results/tables/leakage_ladder.csv"
TARGETS = [
    MODEL,
    "results/emi/components40/metrics.parquet",
    "results/validation/fused/mini/phenotypes.parquet",
    "results/validation/fused/mini/essentiality.parquet",
    LADDER,
]


def small_config():
    """The default configuration, with one organism, one variant, and everything small.

    It is changed and written back, not overlaid: mappings of an overlay are merged, so that an
    overlay can take away no split, no variant and no model.
    """
    config = yaml.safe_load((PROJECT / "config/config.yaml").read_text())
    config["organisms"] = "organisms.tsv"
    config["interactions"]["models"] = ["iYO844"]
    # both ways to cluster, one of them with a test part
    config["splits"] = {
        "components40": {
            "method": "components",
            "identity": 0.4,
            "test_fraction": 0.2,
            "validation_fraction": 0.2,
        },
        "final": {
            "method": "cdhit",
            "identity": 0.7,
            "test_fraction": 0.0,
            "validation_fraction": 0.2,
        },
    }
    config["training"]["epochs"] = 2
    config["variants"] = {"emi": {"method": "emi"}}
    config["strain_design"]["sources"] = {"e_coli_core": "bundled", "mini": "reconstruction"}
    config["strain_design"]["targets"] = {"mini": ["lac__L_e"]}
    config["kinetics"]["sets"] = 1500
    config["rekindle"] |= {
        "physiologies": PHYSIOLOGIES,
        # 30 epochs, so that there are checkpoints (every 10) to go on from
        "epochs": {"saturation": 30, "paper": 4},
        "monitored": 50,
        "generated": 300,
        "exported": 2,
        "analysis": {"ranked": 200, "constrained": 20, "projected": 100, "umap": False},
        "transfer": {"sets": [10], "repeats": 1, "epochs": 10, "scratch_epochs": 10},
    }
    config["rekindle"]["perturbation"] |= {"models": 4, "perturbations": 3}
    return config


def write_sheet(folder, **changes):
    row = {**GOOD, **changes}
    lines = ["\t".join(COLUMNS), "\t".join(row[column] for column in COLUMNS)]
    (folder / "organisms.tsv").write_text("\n".join(lines) + "\n")


def small_project(folder):
    """Copy the repository to a folder, with the small configuration and its organism."""
    copy_project(folder)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(small_config(), sort_keys=False))
    write_sheet(folder)
    copy_compiled(folder)
    return folder


def copy_compiled(folder: Path):
    """Copy what Numba has compiled of the very same files (it compares their times)."""
    for path in (PROJECT / "gemwright").rglob("__pycache__/*.nb[ci]"):
        target = folder / path.relative_to(PROJECT)
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(path, target)


def command(*arguments, cores=2, python=sys.executable, configfiles=()):
    overlays = ["--configfile", *configfiles] if configfiles else []
    # targets first: --configfile takes everything up to the next option. The default scheduler
    # solves a program for each choice, in a process of its own
    options = ["--cores", str(cores), "--scheduler", "greedy"]
    return [str(python), "-m", "snakemake", *arguments, *overlays, *options]


def run(folder, *arguments, environment=(), **options):
    return subprocess.run(
        command(*arguments, **options),
        cwd=folder,
        env=os.environ | dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
