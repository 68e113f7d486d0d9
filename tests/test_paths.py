"""Folders and files of any name: all runs as elsewhere."""

import shutil

import pytest
import yaml
from project_copy import succeeded
from small_project import run, small_config, small_project, write_sheet

from gemwright.io.fasta import read_fasta, write_fasta
from gemwright.io.tables import read_parquet
from gemwright.sources.registry import resolve

pytestmark = [pytest.mark.e2e, pytest.mark.case("31-paths")]

RESULTS = (
    "results/reconstruction/mini/homologues.parquet",
    "results/reconstruction/mini/proteome_vectors.parquet",
    "results/observed/mini/essentiality.parquet",
)


def made(folder, data, environment=()):
    """Results of the small project with its own files, in a folder, and their contents."""
    small_project(folder)
    (folder / data).mkdir()
    proteome = read_fasta(resolve("dataset:proteome_bsub"))
    write_fasta(dict(list(proteome.items())[:40]), folder / data / "p (é).faa")
    shutil.copy(folder / "resources/metabolomes/bsub.tsv", folder / data / "m 'ü'.tsv")
    (folder / data / "medium #1.tsv").write_text("compound\nglc__D\no2\nnh4\npi\nso4\nh2o\n")
    genes = "".join(f"{gene}\tE\n" for gene in list(proteome)[:40])
    (folder / data / "genes & more.tsv").write_text("bigg_id\tphenotype\n" + genes)
    files = {"proteome": "p (é).faa", "metabolome": "m 'ü'.tsv", "essentiality": "genes & more.tsv"}
    files = {column: f"{data}/{name}" for column, name in files.items()}
    write_sheet(folder, **files, media=f"M9;{data}/medium #1.tsv", biolog="")
    config = small_config() | {"cache": f"{data}/cache's"}
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    succeeded(run(folder, *RESULTS, environment=environment))
    assert list((folder / data / "cache's").rglob("shard-*.parquet"))
    return [read_parquet(folder / path) for path in RESULTS]


def test_a_project_runs_in_a_folder_of_any_name(tmp_path):
    plain = made(tmp_path / "plain", "data")
    temporary = tmp_path / "tmp dir's (1)"
    temporary.mkdir()
    odd = made(tmp_path / "p3 user's (copy) é", "my data ü", {"TMPDIR": str(temporary)})
    for one, other in zip(plain, odd, strict=True):
        assert len(one)
        assert one.equals(other)
    assert list(temporary.glob("gemwright-*")) == []
