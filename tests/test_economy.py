"""A changed option computes again what depends on it, and nothing else."""

import os
import re
import shutil
import subprocess
import time

import pytest
import yaml
from mirror import MIRROR, needs_mirror
from project_copy import copy_project, succeeded
from small_project import TARGETS, run

from gemwright.run_settings import CACHE_VARIABLE
from gemwright.sources.registry import resolve
from tools.plan_cluster import job_counts

pytestmark = pytest.mark.e2e

LOCAL = ("--executor", "local")
# what is made from a model, and from the scores that a model starts from
VALIDATION = {"validate_model"}
RECONSTRUCTION = {"reconstruct_model", *VALIDATION}
TRAINING = {"train_tower", "evaluate_tower", "score_proteome", *RECONSTRUCTION}


def snakemake(folder, *arguments, configfiles=(), environment=()):
    # an overlay in a file, because --config makes texts of nested numbers
    done = run(folder, *arguments, configfiles=configfiles, environment=environment)
    succeeded(done)
    return done.stdout


def jobs(folder, *arguments, **options):
    """Rules that would run, and how often each."""
    told = snakemake(folder, *arguments, "--dry-run", **options)
    found = job_counts(told)
    assert bool(found) != ("Nothing to be done" in told), told
    return found


def overlay(folder, changes, *before):
    (folder / "changed.yaml").write_text(yaml.safe_dump(changes))
    return {"configfiles": (*before, "changed.yaml")}


@pytest.fixture(scope="module")
def copied(finished, tmp_path_factory):
    """A copy of the finished project, for runs that calculate nothing."""
    folder = tmp_path_factory.mktemp("economy") / "project"
    shutil.copytree(finished, folder, symlinks=True)
    assert jobs(folder, *TARGETS) == {}
    return folder


@pytest.fixture(scope="module")
def followers(copied):
    """Each rule of the targets, and those that use what it makes, directly or not."""
    graph = snakemake(copied, *TARGETS, "--rulegraph")
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', graph))
    edges = [(names[one], names[other]) for one, other in re.findall(r"(\d+) -> (\d+)", graph)]

    def after(rules):
        found = set(rules)
        while more := {other for one, other in edges if one in found} - found:
            found |= more
        return found

    return after


CHANGES = {
    "validation": ({"validation": {"growth_threshold": 0.02}}, VALIDATION, VALIDATION),
    "reconstruction": ({"reconstruction": {"top_k": 3}}, {"reconstruct_model"}, RECONSTRUCTION),
    "training": ({"training": {"epochs": 4}}, {"train_tower"}, TRAINING),
    "score": (
        {"scoring": {"min_score": 0.01}},
        {"score_proteome"},
        {"score_proteome", *RECONSTRUCTION},
    ),
    "negatives": ({"negatives": {"epsilon": 0.4}}, {"label_pairs"}, {"label_pairs", *TRAINING}),
    "enzyme encoder": (
        {"embeddings": {"enzyme": "esm2_t6_8M_UR50D"}},
        {"embed_enzymes", "embed_proteome"},
        {"embed_enzymes", "embed_proteome", *TRAINING},
    ),
    "metabolite encoder": (
        {"embeddings": {"metabolite_options": {"size": 1024}}},
        {"embed_metabolites"},
        # the fingerprints that pick negatives come from the same rule
        {"embed_metabolites", "label_pairs", *TRAINING},
    ),
    "ladder": (
        {"ladder": {"seeds": [1, 2]}},
        {"measure_ladder"},
        {"measure_ladder"},
    ),
    "another target": ({"metagem_db": {"unbalanced": True}}, set(), set()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_option_reruns_what_depends_on_it(copied, followers, name):
    changes, direct, expected = CHANGES[name]
    found = jobs(copied, *TARGETS, **overlay(copied, changes))
    assert set(found) == expected == followers(direct)


def test_a_changed_split_leaves_the_others(copied):
    splits = {"components40": {"validation_fraction": 0.25}}
    found = jobs(copied, *TARGETS, **overlay(copied, {"splits": splits}))
    assert found["train_tower"] == found["split_enzymes"] == 1
    assert not set(found) & {"cluster_enzymes", "score_proteome", *RECONSTRUCTION}
    splits = {"final": {"validation_fraction": 0.25}}
    found = jobs(copied, *TARGETS, **overlay(copied, {"splits": splits}))
    assert found["train_tower"] == found["split_enzymes"] == 1
    assert set(found) >= {"score_proteome", *RECONSTRUCTION}


@pytest.mark.case("29-rerun-after-checkout")
def test_a_copied_and_a_touched_project_reruns_nothing(copied, tmp_path):
    """Also where everything is newer than what was made from it; whatever the profile."""
    subprocess.run(["cp", "-r", copied, tmp_path / "copy"], check=True)
    folder = tmp_path / "copy"
    assert jobs(folder, *TARGETS) == {}
    files = [
        path for path in folder.rglob("*") if path.is_file() and ".snakemake/" not in str(path)
    ]
    files.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for place, path in enumerate(files):
        os.utime(path, (time.time() + place,) * 2)
    for profile in (), ("--profile", "profiles/local"), ("--profile", "slurm-gpu", *LOCAL):
        assert jobs(folder, *TARGETS, *profile) == {}


def test_another_validation_table_makes_no_other_model(copied, tmp_path):
    """Nor does a touched one, of the same content."""
    folder = tmp_path / "project"
    shutil.copytree(copied, folder, symlinks=True)
    table = folder / "lethal.tsv"
    shutil.copy(resolve("dataset:essentiality_bsub"), table)
    sheet = folder / "organisms.tsv"
    sheet.write_text(sheet.read_text().replace("dataset:essentiality_bsub", table.name))
    assert set(jobs(folder, *TARGETS)) == {"prepare_validation", "validate_model"}
    snakemake(folder, *TARGETS)
    table.touch()
    assert jobs(folder, *TARGETS) == {}
    table.write_text("bigg_id\tphenotype\nBSU00010\tE\n")
    assert set(jobs(folder, *TARGETS)) == {"prepare_validation", "validate_model"}


def test_a_moved_cache_reruns_nothing(copied, tmp_path):
    places = {
        "cache": str(tmp_path / "vectors"),
        "downloads": {"folder": str(tmp_path / "files"), "retries": 1, "timeout": 7},
    }
    assert jobs(copied, *TARGETS, **overlay(copied, places)) == {}
    moved = {CACHE_VARIABLE: str(tmp_path / "lab")}
    assert jobs(copied, *TARGETS, environment=moved) == {}


def test_a_changed_option_takes_the_vectors_from_the_cache(copied, tmp_path):
    """The pairs change, and with them the enzymes; of a metabolite, which vector is wanted."""
    folder = tmp_path / "project"
    shutil.copytree(copied, folder, symlinks=True)
    shutil.move(folder / ".cache", tmp_path / "lab")
    changes = overlay(folder, {"interactions": {"directions": "both_sides"}})
    target = "results/embeddings/enzymes.parquet"
    environment = {CACHE_VARIABLE: str(tmp_path / "lab")}
    snakemake(folder, target, **changes, environment=environment)
    told = (folder / "logs/embed_enzymes.log").read_text()
    found = re.search(r"kmer: (\d+) of (\d+) vectors from the cache, 0 encoded", told)
    assert found, told
    assert found[1] == found[2]
    assert int(found[1]) > 500
    assert not (folder / ".cache").exists()


def test_a_second_user_takes_the_vectors_from_the_cache(copied, tmp_path):
    """Another copy of the project, without results: the same bytes, and nothing is encoded."""
    folder = copy_project(tmp_path / "other")
    for name in ("config/config.yaml", "organisms.tsv"):
        shutil.copy(copied / name, folder / name)
    lab = tmp_path / "lab"
    shutil.copytree(copied / ".cache", lab)
    targets = [f"results/embeddings/{name}.parquet" for name in ("enzymes", "metabolites")]
    snakemake(folder, *targets, environment={CACHE_VARIABLE: str(lab)})
    for name in ("enzymes", "metabolites"):
        assert ", 0 encoded" in (folder / f"logs/embed_{name}.log").read_text()
        made = f"results/embeddings/{name}.parquet"
        assert (folder / made).read_bytes() == (copied / made).read_bytes()


@needs_mirror
def test_settings_of_downloads_fetch_only_what_they_are_about(tmp_path):
    folder = copy_project(tmp_path / "project")
    target = ["results/downloads/rekindle.tsv"]
    live = {"mirror": str(MIRROR), "sources": "live"}
    (folder / "live.yaml").write_text(yaml.safe_dump(live))
    snakemake(folder, *target, configfiles=["live.yaml"])
    assert (folder / ".cache/downloads/by-sha256").is_dir()
    changed = {
        "folder": str(tmp_path / "elsewhere"), "retries": 1, "timeout": 7,
        "agree_kegg_terms": True, "strategies": ["e_coli_core&succ_e"], "bigg_models": ["iML1515"],
    }  # fmt: skip
    assert jobs(folder, *target, **overlay(folder, {"downloads": changed}, "live.yaml")) == {}
    elsewhere = overlay(folder, {"mirror": str(tmp_path)}, "live.yaml")
    assert jobs(folder, *target, **elsewhere) == {"download_source": 1}
