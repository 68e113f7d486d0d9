"""From a genome alone to a model: L. plantarum WCFS1 and, where Debian has it, K. pneumoniae."""

import gzip
import lzma
import re
from pathlib import Path

import pandas as pd
import pytest
from gemsembler_wheel import gemsembler_data  # noqa: F401
from project_copy import succeeded
from small_project import run, small_project

from gemwright.inputs.genome import read_genome
from gemwright.io.fasta import read_fasta

pytestmark = pytest.mark.e2e

ALIKE = 20  # residues of the end, where a gene's stop leaves no choice as its start does
MODEL = "results/reconstruction/lpla/model.xml"
KLEBSIELLA = Path("/usr/share/doc/kleborate/examples/data/MGH78578.fna.xz")


def ends(proteins):
    return {protein.rstrip("*")[-ALIKE:] for protein in proteins}


def share_alike(called, known):
    found = ends(gene.protein for gene in called if not gene.left_out)
    known = list(known)
    return sum(protein.rstrip("*")[-ALIKE:] in found for protein in known) / len(known)


def test_called_genes_are_those_of_refseq(gemsembler_data):  # noqa: F811
    called = read_genome(gemsembler_data / "LP/LP_genome.fna.gz")
    known = read_fasta(gemsembler_data / "LP/LP_genome.faa.gz")
    assert len(known) == 3042
    assert 3042 <= len(called) <= 3300
    assert share_alike(called, known.values()) >= 0.98


@pytest.fixture(scope="module")
def finished(gemsembler_data, tmp_path_factory):  # noqa: F811
    folder = small_project(tmp_path_factory.mktemp("genome"))
    packed = (gemsembler_data / "LP/LP_genome.fna.gz").read_bytes()
    (folder / "lpla.fna").write_bytes(gzip.decompress(packed))
    (folder / "organisms.tsv").write_text("id\tgenome\nlpla\tlpla.fna\n")
    config = folder / "config/config.yaml"
    text = config.read_text()
    # strain design names the organism of the small project, which is not in this sheet
    config.write_text(re.sub(r"\bmini\b", "lpla", text))
    done = run(folder, MODEL)
    succeeded(done)
    return folder, done.stdout + done.stderr


def test_a_model_of_a_genome_alone(finished):
    import cobra

    folder, told = finished
    assert not re.search(r"\b(rule|localrule) (train|embed|score)_", told)
    model = cobra.io.read_sbml_model(str(folder / MODEL))
    assert model.slim_optimize() > 0.05
    genes = pd.read_csv(folder / "results/organisms/lpla/genes.csv", keep_default_na=False)
    called = set(genes.loc[genes["left_out"] == "", "gene"])
    assert len(called) >= 3042
    assert {gene.id for gene in model.genes} <= called
    assert len(model.genes) > 400


def test_a_second_run_from_a_genome_has_nothing_to_do(finished):
    folder, _ = finished
    done = run(folder, MODEL)
    assert "Nothing to be done" in done.stdout + done.stderr


def test_a_packed_chromosome_with_plasmids(tmp_path):
    if not KLEBSIELLA.is_file():
        pytest.skip("Debian's package kleborate-examples is not installed")
    genes = read_genome(KLEBSIELLA)
    (tmp_path / "kpne.fna").write_bytes(lzma.decompress(KLEBSIELLA.read_bytes()))
    assert genes == read_genome(tmp_path / "kpne.fna")
    assert 5000 <= len(genes) <= 6000
    assert len({gene.contig for gene in genes}) > 1
