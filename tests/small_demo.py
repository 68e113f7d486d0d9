"""A copy of the repository in which the default target runs each of its rules, all small."""

import os
import shutil
import subprocess
import sys

import yaml
from project_copy import PROJECT, copy_project
from small_project import write_sheet

PHYSIOLOGIES = ["core_1", "core_4"]


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
    config["variants"] = {"all_homologues": {"enzymes": "all_homologues"}}
    config["strain_design"]["sources"] = {"e_coli_core": "bundled", "mini": "reconstruction"}
    config["strain_design"]["targets"] = {"mini": ["lac__L_e"]}
    config["kinetics"]["sets"] = 1000
    config["rekindle"] |= {
        "physiologies": PHYSIOLOGIES,
        "epochs": {"saturation": 10, "paper": 2},
        "monitored": 50,
        "generated": 200,
        "exported": 1,
        "analysis": {"ranked": 100, "constrained": 10, "projected": 50, "umap": False},
        "transfer": {"sets": [10], "repeats": 1, "epochs": 10, "scratch_epochs": 10},
    }
    config["rekindle"]["perturbation"] |= {"models": 2, "perturbations": 2}
    return config


def demo_project(folder):
    """Copy the repository to a folder, with the small configuration and its organism."""
    copy_project(folder)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(small_config(), sort_keys=False))
    write_sheet(folder)
    # what Numba has compiled of the very same files (it compares their times) is not made again
    for path in (PROJECT / "gemwright").rglob("__pycache__/*.nb[ci]"):
        target = folder / path.relative_to(PROJECT)
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(path, target)
    return folder


def command(*arguments, cores=2, python=sys.executable):
    return [str(python), "-m", "snakemake", *arguments, "--cores", str(cores)]


def run(folder, *arguments, environment=(), **options):
    return subprocess.run(
        command(*arguments, **options),
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"} | dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
