"""The live route from end to end: every source from a mirror on localhost, to MetaGEM-DB."""

import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from mirror import MIRROR, needs_mirror
from misbehaving_server import FolderServer, MisbehavingServer
from project_copy import checksums, copy_project, succeeded

from gemwright.io.tables import read_parquet

pytestmark = [pytest.mark.e2e, needs_mirror]

CONFIG = """
mirror: {mirror}
downloads: {{agree_kegg_terms: {agreed}, strategies: ["e_coli_core&succ_e"], retries: 1}}
"""
TARGETS = ["metagem_db", "databases"]


def configure(folder, mirror, agreed="true"):
    (folder / "mirror.yaml").write_text(CONFIG.format(mirror=mirror, agreed=agreed))


def run(folder, *targets, proxy=""):
    """Run the workflow so that whatever is not on this machine goes to `proxy`."""
    proxies = {name: proxy for name in ("http_proxy", "https_proxy")} if proxy else {}
    options = ["--cores", "2", "--configfile", "config/live.yaml", "mirror.yaml"]
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *targets, *options],
        cwd=folder,
        env={**os.environ, **proxies, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def table(folder, path):
    return read_parquet(folder / "results" / path)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """A finished run, the requests that the mirror got, and those that went elsewhere."""
    folder = copy_project(tmp_path_factory.mktemp("live"))
    outside = MisbehavingServer()
    with FolderServer(MIRROR) as mirror:
        configure(folder, mirror.url)
        done = run(folder, *TARGETS, proxy=outside.url("/"))
        succeeded(done)
        yield folder, list(mirror.paths), outside
    outside.close()


def test_the_numbers_of_the_manifest_are_met(live):
    folder, _, _ = live
    sources = "sources/{}/tables/{}.parquet".format
    assert len(table(folder, sources("rhea", "reactions"))) == 12_562
    reactions = table(folder, sources("bigg", "reactions"))
    assert reactions["model"].nunique() == 21
    kept = table(folder, sources("metnetcomp", "remaining"))[["model", "target"]].drop_duplicates()
    assert kept["model"].value_counts().to_dict() == {
        "iML1515": 443,
        "iMM904": 105,
        "e_coli_core": 41,
    }
    assert len(table(folder, sources("metnetcomp", "strategies"))) == 23
    sequences = table(folder, sources("kegg", "sequences"))
    assert sequences["model"].value_counts().to_dict() == {
        "iML1515": 1_516,
        "iMM904": 905,
        "e_coli_core": 137,
    }
    assert len(table(folder, sources("uniprot", "proteins"))) == 55_261
    lock = pd.read_csv(folder / "results/downloads.lock.tsv", sep="\t", dtype=str)
    fetched = lock[lock["status"] == "fetched"].set_index(["dataset", "item"])
    assert fetched["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert fetched["licence"].notna().all()
    assert fetched.loc["rekindle_parameters", "size"].tolist() == ["3702976"]


def test_the_database_has_its_size_by_every_route(live):
    folder, _, _ = live
    pairs = {
        route: table(folder, f"metagem_db/{route}/pairs.parquet")
        for route in ("bigg_rhea", "ec", "embedded")
    }
    assert len(pairs["ec"]) >= 130_000
    assert len(pairs["bigg_rhea"]) >= 49_000
    assert (~pairs["embedded"]["currency"]).sum() >= 49_000
    for rows in pairs.values():
        assert not rows.duplicated(["enzyme", "structure"]).any()
    sheet = pd.read_csv(folder / "results/tables/metagem_db.csv", dtype=str).set_index("quantity")
    assert sheet.loc["pairs", "paper"] == "330432"
    assert sheet.loc["pairs", "ec"] == str(len(pairs["ec"]))
    # the mirror's UniProt has no column for it
    assert sheet.loc["pairs, evidence unknown", "ec"] == str(len(pairs["ec"]))
    funnel = pd.read_csv(folder / "results/tables/metagem_db_funnel.csv")
    assert set(funnel["route"]) == set(pairs)
    assert (funnel["lost"] >= 0).all()


def test_no_live_host_was_asked(live):
    _, asked, outside = live
    assert len(asked) > 600
    assert outside.requests == []


def test_without_a_mirror_the_live_host_would_be_asked(live, tmp_path):
    """So that the test above can fail: the proxy sees such a request."""
    _, _, outside = live
    other = copy_project(tmp_path)
    configure(other, "null")
    done = run(other, "results/downloads/rekindle.tsv", proxy=outside.url("/"))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert {request.path for request in outside.requests} == {"raw.githubusercontent.com:443"}


def test_a_second_run_does_nothing_and_a_rebuild_gives_the_same_bytes(live, tmp_path):
    folder, _, _ = live
    done = run(folder, *TARGETS)
    assert "Nothing to be done" in done.stdout + done.stderr
    before = checksums(folder)
    other = copy_project(tmp_path)
    # a finished downloads folder is a mirror itself, for a cluster without internet
    configure(other, folder / ".cache/downloads")
    done = run(other, "metagem_db")
    succeeded(done)
    after = checksums(other)
    same = [name for name in after if name.startswith(("metagem_db/", "sources/", "interactions/"))]
    assert len(same) > 60
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_kegg_is_not_fetched_without_agreement(live, tmp_path):
    folder, _, _ = live
    other = copy_project(tmp_path)
    configure(other, folder / ".cache/downloads", agreed="false")
    done = run(other, "results/downloads/kegg.tsv")
    assert done.returncode != 0
    assert "agree_kegg_terms" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(other.rglob("kegg*.tsv"))


def test_a_file_that_the_mirror_lacks_is_told(live, tmp_path):
    folder, _, _ = live
    other = copy_project(tmp_path / "project")
    thin = tmp_path / "thin"
    shutil.copytree(folder / ".cache/downloads/ftp.expasy.org", thin / "ftp.expasy.org")
    (thin / "ftp.expasy.org/databases/rhea/tsv/rhea2ec.tsv").unlink()
    configure(other, thin)
    done = run(other, "results/downloads/rhea.tsv")
    assert done.returncode != 0
    assert "rhea2ec.tsv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (other / "results/downloads/rhea.tsv").exists()
