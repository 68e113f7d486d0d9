"""Encoders, their store and the registry."""

import argparse
import importlib
import inspect
import logging
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from gemwright.embedding import conformers
from gemwright.embedding import store as store_module
from gemwright.embedding.enzyme_encoders import ENZYME_ENCODERS, enzyme_encoder
from gemwright.embedding.kmer import AMINO_ACIDS, KmerEncoder
from gemwright.embedding.metabolite_encoders import METABOLITE_ENCODERS, metabolite_encoder
from gemwright.embedding.morgan import MorganEncoder, tanimoto
from gemwright.embedding.protocol import (
    Embeddings,
    Encoder,
    TellingEncoder,
    embed,
    embed_and_tell,
    read_embeddings,
)
from gemwright.embedding.store import EmbeddingStore
from gemwright.embedding.structure_findings import structure_findings
from gemwright.errors import InputError
from gemwright.io.tables import read_results, write_delimited


class CountingEncoder:
    """Encodes a text as its length and its count of A; remembers what it was asked."""

    name, version, arithmetic, dimension = "counting", "1", "", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), text.count("A")] for text in texts], dtype=np.float32)


def test_store_encodes_only_what_is_missing(tmp_path: Path) -> None:
    first = CountingEncoder()
    texts = ["AAC", "C", "AAC", "AA"]
    vectors = EmbeddingStore(tmp_path, first, shard_size=2).fetch(texts)
    assert vectors.tolist() == [[3, 2], [1, 0], [3, 2], [2, 2]]
    assert sorted(first.asked) == ["AA", "AAC", "C"]
    second = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, second).fetch(["AA", "AAAA", "C"])
    assert vectors.tolist() == [[2, 2], [4, 4], [1, 0]]
    assert second.asked == ["AAAA"]


def test_store_keeps_finished_shards_when_the_encoder_breaks(tmp_path: Path) -> None:
    class Breaking(CountingEncoder):
        def encode(self, texts: list[str]) -> np.ndarray:
            if len(self.asked) >= 2:
                raise KeyboardInterrupt
            return super().encode(texts)

    texts = ["A", "AA", "AAA", "AAAA"]
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path, Breaking(), shard_size=2).fetch(texts)
    rest = CountingEncoder()
    EmbeddingStore(tmp_path, rest, shard_size=2).fetch(texts)
    assert rest.asked == ["AAA", "AAAA"]


def test_store_mends_a_damaged_shard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = EmbeddingStore(tmp_path, CountingEncoder())
    expected = store.fetch(["AC", "CCC"])
    (shard,) = store.folder.glob("shard-*.parquet")
    content = bytearray(shard.read_bytes())
    content[len(content) // 3] ^= 1
    shard.write_bytes(bytes(content))
    again = CountingEncoder()
    with caplog.at_level(logging.WARNING):
        vectors = EmbeddingStore(tmp_path, again).fetch(["AC", "CCC"])
    assert np.array_equal(vectors, expected)
    assert sorted(again.asked) == ["AC", "CCC"]
    assert "damaged shard" in caplog.text


def test_store_does_not_mix_versions(tmp_path: Path) -> None:
    EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A"])
    other = CountingEncoder()
    other.version = "2"
    EmbeddingStore(tmp_path, other).fetch(["A"])
    assert other.asked == ["A"]
    # nor what other libraries or another kind of device computed
    other.arithmetic = "cuda"
    EmbeddingStore(tmp_path, other).fetch(["A"])
    assert other.asked == ["A", "A"]


def test_store_reads_a_shard_once_and_its_own_never(tmp_path: Path, monkeypatch) -> None:
    read: list[str] = []
    table_of = store_module.read_table
    monkeypatch.setattr(
        store_module,
        "read_table",
        lambda path, *rest: read.append(path.name) or table_of(path, *rest),
    )
    texts = ["A" * length for length in range(1, 21)]
    EmbeddingStore(tmp_path, CountingEncoder(), shard_size=2).fetch(texts)
    assert read == []
    EmbeddingStore(tmp_path, CountingEncoder(), shard_size=2).fetch([*texts, "C"])
    assert len(read) == len(set(read)) == 10


def test_store_refuses_vectors_of_the_wrong_shape_or_value(tmp_path: Path) -> None:
    class Wrong(CountingEncoder):
        dimension = 3

    class NotFinite(CountingEncoder):
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.full((len(texts), 2), np.nan, dtype=np.float32)

    with pytest.raises(ValueError, match="expected"):
        EmbeddingStore(tmp_path, Wrong()).fetch(["A"])
    with pytest.raises(ValueError, match="finite"):
        EmbeddingStore(tmp_path, NotFinite()).fetch(["A"])


def test_embeddings_are_aligned_and_survive_the_disk(tmp_path: Path) -> None:
    table = embed({"b": "AAC", "a": "C"}, CountingEncoder(), tmp_path / "store")
    assert list(table.ids) == ["a", "b"]
    assert table.rows(["b", "a"]).tolist() == [[3, 2], [1, 0]]
    table.write(tmp_path / "vectors.parquet")
    back = read_embeddings(tmp_path / "vectors.parquet")
    assert back.encoder == "counting 1"
    assert list(back.ids) == ["a", "b"]
    assert np.array_equal(back.values, table.values)
    assert back.values.dtype == np.float32
    with pytest.raises(InputError, match="no vector"):
        back.rows(["c"])
    with pytest.raises(ValueError, match="twice"):
        Embeddings(pd.Index(["a", "a"]), np.zeros((2, 1), np.float32))


def test_kmer_composition_is_the_root_of_frequencies() -> None:
    vector = KmerEncoder().encode(["AACA"])[0]
    composition = vector[:20]
    assert composition[AMINO_ACIDS.index("A")] == pytest.approx(np.sqrt(3 / 4))
    assert composition[AMINO_ACIDS.index("C")] == pytest.approx(np.sqrt(1 / 4))
    pairs = vector[20:420].reshape(20, 20)
    assert np.count_nonzero(pairs) == 3
    assert pairs[0, 1] == pytest.approx(np.sqrt(1 / 3))
    assert vector[-1] == pytest.approx(np.log(4) / 10)


@settings(max_examples=40)
@given(st.lists(st.text(AMINO_ACIDS + "XUBZ", min_size=1, max_size=30), min_size=1, max_size=5))
def test_kmer_vectors_do_not_depend_on_the_batch(texts: list[str]) -> None:
    encoder = KmerEncoder()
    together = encoder.encode(texts)
    assert together.shape == (len(texts), encoder.dimension)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(encoder.encode([text])[0], row)
        for start, stop in ((0, 20), (20, 420), (420, 1420), (1420, 2444)):
            length = np.linalg.norm(row[start:stop].astype(float))
            assert length == pytest.approx(1, abs=1e-5) or length == 0


def test_kmer_refuses_an_empty_sequence() -> None:
    with pytest.raises(InputError, match="empty"):
        KmerEncoder().encode(["AC", ""])


def test_morgan_tells_stereoisomers_apart_only_with_chirality() -> None:
    l_alanine, d_alanine = "C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"
    chiral = MorganEncoder().encode([l_alanine, d_alanine])
    flat = MorganEncoder(chirality=False).encode([l_alanine, d_alanine])
    assert not np.array_equal(chiral[0], chiral[1])
    assert np.array_equal(flat[0], flat[1])


def test_morgan_takes_off_counter_ions_and_refuses_nonsense() -> None:
    encoder = MorganEncoder()
    salt, acid = encoder.encode(["[Na+].CC(=O)[O-]", "CC(=O)[O-]"])
    assert np.array_equal(salt, acid)
    assert encoder.encode(["[Na+]"])[0].sum() > 0
    for bad in ("", "C(("):
        with pytest.raises(InputError, match="no valid SMILES"):
            encoder.encode([bad])


def test_tanimoto_equals_rdkit() -> None:
    smiles = ["CCO", "CCCO", "c1ccccc1O", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", "[Na+]"]
    ours = tanimoto(MorganEncoder().encode(smiles))
    generator = rdFingerprintGenerator.GetMorganGenerator(
        radius=2, fpSize=2048, includeChirality=True
    )
    bits = [generator.GetFingerprint(Chem.MolFromSmiles(text)) for text in smiles]
    theirs = [DataStructs.BulkTanimotoSimilarity(one, bits) for one in bits]
    assert np.allclose(ours, theirs, atol=1e-6)


def test_registry_makes_encoders_and_explains_itself() -> None:
    assert isinstance(enzyme_encoder("kmer"), Encoder)
    assert metabolite_encoder("morgan", {"size": 512}).dimension == 512
    with pytest.raises(InputError, match="esm2_t33_650M_UR50D"):
        enzyme_encoder("morgan")
    with pytest.raises(InputError, match="options"):
        metabolite_encoder("morgan", {"colour": 1})
    for known in (ENZYME_ENCODERS, METABOLITE_ENCODERS):
        for place, options in known.values():
            module, _, name = place.partition(":")
            accepted = inspect.signature(getattr(importlib.import_module(module), name)).parameters
            assert set(options) <= set(accepted)


@pytest.fixture(scope="module")
def esm2_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random ESM-2 saved as fair-esm saves its checkpoints."""
    torch = pytest.importorskip("torch")
    esm = pytest.importorskip("esm")
    from esm.model.esm2 import ESM2

    torch.manual_seed(0)
    alphabet = esm.data.Alphabet.from_architecture("ESM-1b")
    model = ESM2(num_layers=2, embed_dim=16, attention_heads=2, alphabet=alphabet)
    weights = {f"encoder.sentence_encoder.{k}": v for k, v in model.state_dict().items()}
    config = argparse.Namespace(
        encoder_layers=2, encoder_embed_dim=16, encoder_attention_heads=2, token_dropout=True
    )
    folder = tmp_path_factory.mktemp("weights")
    torch.save({"cfg": {"model": config}, "model": weights}, folder / "esm2_t6_8M_UR50D.pt")
    return folder


def _esm2(folder: Path, **options: object) -> Encoder:
    given = {"weights": str(folder), "device": "cpu", **options}
    return enzyme_encoder("esm2_t6_8M_UR50D", given)


def _residues(folder: Path, sequence: str) -> np.ndarray:
    """Last layer of one sequence, computed without the encoder."""
    import esm
    import torch

    data = torch.load(folder / "esm2_t6_8M_UR50D.pt", weights_only=False)
    model, alphabet = esm.pretrained.load_model_and_alphabet_core("esm2_t6_8M_UR50D", data)
    tokens = torch.tensor(
        [[alphabet.cls_idx, *(alphabet.get_idx(letter) for letter in sequence), alphabet.eos_idx]]
    )
    with torch.no_grad():
        layer = model.eval()(tokens, repr_layers=[2])["representations"][2]
    return layer[0, 1:-1].numpy()


@pytest.mark.filterwarnings("ignore:Regression weights")
def test_esm2_is_the_mean_over_residues_whatever_the_batch(esm2_folder: Path) -> None:
    texts = ["MKV", "ACDEFGHIKLMNPQRSTVWY", "MX"]
    encoder = _esm2(esm2_folder, tokens_per_batch=48)
    vectors = encoder.encode(texts)
    assert encoder.dimension == 16
    for text, vector in zip(texts, vectors, strict=True):
        expected = _residues(esm2_folder, text).mean(axis=0)
        assert np.allclose(vector, expected, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-2)


@pytest.mark.filterwarnings("ignore:Regression weights")
def test_esm2_covers_long_sequences_by_windows(esm2_folder: Path) -> None:
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list(AMINO_ACIDS), 1500))
    chunked = _esm2(esm2_folder, overlap=100).encode([text])[0]
    total, seen = np.zeros((1500, 16)), np.zeros((1500, 1))
    for start in (0, 1500 - 1022):
        total[start : start + 1022] += _residues(esm2_folder, text[start : start + 1022])
        seen[start : start + 1022] += 1
    assert seen.min() == 1
    assert np.allclose(chunked, (total / seen).mean(axis=0), atol=1e-5)
    truncated = _esm2(esm2_folder, long_sequences="truncate")
    first = _residues(esm2_folder, text[:1022]).mean(axis=0)
    assert np.allclose(truncated.encode([text])[0], first, atol=1e-5)
    assert truncated.version != _esm2(esm2_folder).version


def test_esm2_without_weights_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"esm2_t33_650M_UR50D\.pt.*missing"):
        enzyme_encoder("esm2_t33_650M_UR50D", {"weights": str(tmp_path)})
    (tmp_path / "esm2_t6_8M_UR50D.pt").write_bytes(b"no checkpoint")
    with pytest.raises(InputError, match="no ESM-2 checkpoint"):
        _esm2(tmp_path)


@pytest.fixture
def unimol2_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny random Uni-Mol2 saved as unimol_tools reads its checkpoints."""
    torch = pytest.importorskip("torch")
    unimolv2 = pytest.importorskip("unimol_tools.models.unimolv2")
    real = unimolv2.molecule_architecture

    def tiny(model_size: str) -> object:
        args = real(model_size)
        args.update(num_encoder_layers=2, encoder_embed_dim=32, num_attention_heads=4)
        args.update(ffn_embedding_dim=32, encoder_attention_heads=4)
        args.update(pair_embed_dim=16, pair_hidden_dim=4)
        return args

    monkeypatch.setattr(unimolv2, "molecule_architecture", tiny)
    path = tmp_path / "modelzoo" / "84M" / "checkpoint.pt"
    path.parent.mkdir(parents=True)
    torch.manual_seed(0)
    with monkeypatch.context() as patch:
        patch.setattr(unimolv2.UniMolV2Model, "load_pretrained_weights", lambda self, path: None)
        model = unimolv2.UniMolV2Model(output_dim=1, pretrained_model_path=str(path))
    # some layers start at zero, which would hide the molecule from the representation
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    torch.save({"model": model.state_dict()}, path)
    return tmp_path


def test_unimol2_reads_its_weights_and_is_repeatable(unimol2_folder: Path) -> None:
    import torch

    options = {"weights": str(unimol2_folder), "use_gpu": False}
    encoder = metabolite_encoder("unimol2_84m", options)
    smiles = ["CCO", "C[C@H](N)C(=O)[O-]", "OCC"]
    vectors = encoder.encode(smiles)
    assert vectors.shape == (3, encoder.dimension) == (3, 32)
    assert np.array_equal(vectors, metabolite_encoder("unimol2_84m", options).encode(smiles))
    # two ways to write ethanol, two different molecules
    assert np.allclose(vectors[0], vectors[2], atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-3)
    path = unimol2_folder / "modelzoo" / "84M" / "checkpoint.pt"
    weights = torch.load(path)["model"]
    weights = {key: value for key, value in weights.items() if "encoder.layers.1" not in key}
    torch.save({"model": weights}, path)
    with pytest.raises(InputError, match="lacks"):
        metabolite_encoder("unimol2_84m", options)


def test_unimol2_without_weights_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("UNIMOL_WEIGHT_DIR", "GEMWRIGHT_WEIGHTS"):
        monkeypatch.delenv(variable, raising=False)
    for options in ({}, {"weights": str(tmp_path)}):
        with pytest.raises(InputError, match=r"modelzoo/84M/checkpoint\.pt.*missing"):
            metabolite_encoder("unimol2_84m", options)


@pytest.mark.case("26-esm-letter-J")
def test_esm2_takes_every_letter_that_a_proteome_may_hold(esm2_folder: Path) -> None:
    letters = sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    vectors = _esm2(esm2_folder).encode([f"MK{letter}VW" for letter in letters])
    assert np.isfinite(vectors).all()
    assert np.array_equal(vectors[letters.index("J")], vectors[letters.index("L")])
    assert len({vector.tobytes() for vector in vectors}) == 25


@pytest.mark.case("27-unimol-no-heavy-atom")
def test_unimol2_gives_zero_where_there_is_no_heavy_atom(
    unimol2_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = metabolite_encoder("unimol2_84m", {"weights": str(unimol2_folder), "use_gpu": False})
    vectors = encoder.encode(["[H+]", "CCO", "[H][H]"])
    assert not vectors[[0, 2]].any()
    assert np.allclose(vectors[1], encoder.encode(["CCO"])[0], atol=1e-5)
    assert "get the vector zero: [H+], [H][H]" in caplog.text
    assert not encoder.encode(["[H+]"]).any()


def test_unimol2_crops_large_molecules_always_alike(
    unimol2_folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gemwright.embedding.unimol2._MOST_ATOMS", 8)
    encoder = metabolite_encoder("unimol2_84m", {"weights": str(unimol2_folder), "use_gpu": False})
    large = "CC(N)C(=O)NC(CO)C(=O)O"
    np.random.seed(1)
    vectors = encoder.encode([large, "CCO", "CC(=O)N*"])
    assert np.isfinite(vectors).all()
    np.random.seed(2)
    assert np.array_equal(encoder.encode(["CC", large])[1], vectors[0])
    assert "more than 8 heavy atoms are cropped" in caplog.text
    # a residue that is not named is an atom of no element
    assert np.allclose(vectors[2], encoder.encode(["CC(=O)N*"])[0], atol=1e-5)


STRUCTURES = {
    "coa": "CCCCCCCCCCCCCCCC(=O)CC(=O)SCCNC(=O)CCNC(=O)[C@H](O)C(C)(C)COP(=O)([O-])OP(=O)([O-])OC"
    "[C@H]1O[C@@H](n2cnc3c(N)ncnc32)[C@H](O)[C@@H]1OP(=O)([O-])[O-]",
    "etoh": "CCO",
    "etoh2": "OCC",
    "fe4s4": "[S]12[Fe]3[S]4[Fe]1[S]1[Fe]2[S]3[Fe]41",
    "h": "[H+]",
    "h2o": "O",
    "na1": "[Na+]",
    "odd": "CC#N",
    "salt": "[Na+].CC(=O)[O-]",
}
FOUND = {
    "coa": (68, ["flat", "cropped"]),
    "fe4s4": (8, ["unrelaxed"]),
    "h": (0, ["no_heavy_atom"]),
    "h2o": (1, ["single_atom"]),
    "na1": (1, ["single_atom"]),
    "odd": (3, ["no_conformer"]),
}


def _unembeddable(monkeypatch: pytest.MonkeyPatch, smiles: str) -> list[str]:
    """Make RDKit break on a structure; return what it embeds from now on."""
    embedded = []
    real = conformers.rdDistGeom.EmbedMolecule

    def embed_molecule(molecule: Chem.Mol, **options: int) -> int:
        embedded.append(Chem.MolToSmiles(Chem.RemoveHs(molecule)))
        if embedded[-1] == smiles:
            raise RuntimeError("Pre-condition Violation")
        return int(real(molecule, **options))

    monkeypatch.setattr(conformers.rdDistGeom, "EmbedMolecule", embed_molecule)
    return embedded


def test_every_structure_without_a_usual_conformer_is_told(
    unimol2_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finding is a row, and the table of a second run, all from the cache, is the same."""
    monkeypatch.setattr("gemwright.embedding.unimol2._MOST_ATOMS", 40)
    embedded = _unembeddable(monkeypatch, "CC#N")
    options = {"weights": str(unimol2_folder), "use_gpu": False}
    tables = []
    for run in ("first", "second"):
        encoder = metabolite_encoder("unimol2_84m", options)
        assert isinstance(encoder, TellingEncoder)
        vectors, told = embed_and_tell(STRUCTURES, encoder, tmp_path / "store")
        path = tmp_path / f"{run}.csv"
        write_delimited(structure_findings(told, STRUCTURES), path)
        tables.append(path.read_bytes())
        # the first run embeds each once: unimol_tools is given molecules; the second none
        assert len(embedded) == len(STRUCTURES) - 1
    assert tables[0] == tables[1]
    table = read_results(tmp_path / "second.csv")
    assert list(table.columns) == ["bigg_id", "smiles", "heavy_atoms", "finding", "reason"]
    assert (table["smiles"] == table["bigg_id"].map(STRUCTURES)).all()
    found = {
        name: (rows["heavy_atoms"].iloc[0], rows["finding"].tolist())
        for name, rows in table.groupby("bigg_id")
    }
    assert found == FOUND
    assert set(table["finding"]) == set(encoder.reasons)
    assert (table["reason"] == table["finding"].map(encoder.reasons)).all()
    zero = ~vectors.values.any(axis=1)
    assert list(vectors.ids[zero]) == ["h", "odd"]
    assert np.isfinite(vectors.values).all()


def test_conformers_are_those_of_unimol_tools(unimol2_folder: Path) -> None:
    """Molecules that we embed get the vectors that unimol_tools gives to their SMILES."""
    encoder = metabolite_encoder("unimol2_84m", {"weights": str(unimol2_folder), "use_gpu": False})
    canonical = [Chem.CanonSmiles(STRUCTURES[name]) for name in ("coa", "etoh", "fe4s4", "na1")]
    theirs = encoder._model.get_repr(canonical, return_tensor=True).numpy()
    assert np.array_equal(encoder.encode(canonical), theirs)


def test_no_coordinates_that_are_not_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(molecule: Chem.Mol) -> int:
        molecule.GetConformer().SetAtomPosition(0, (np.nan, 0, 0))
        return 0

    monkeypatch.setattr(conformers.rdForceFieldHelpers, "MMFFOptimizeMolecule", spoil)
    molecule, found = conformers.conformer("CCO")
    assert found == ("no_conformer",)
    assert molecule.GetNumConformers() == 0


def test_encoders_that_tell_nothing_give_a_table_without_rows(tmp_path: Path) -> None:
    smiles = {"h": "[H+]", "etoh": "CCO"}
    _, told = embed_and_tell(smiles, metabolite_encoder("morgan"), tmp_path / "store")
    write_delimited(structure_findings(told, smiles), tmp_path / "findings.csv")
    text = (tmp_path / "findings.csv").read_text()
    assert text == "bigg_id,smiles,heavy_atoms,finding,reason\n"


def test_a_shard_without_findings_is_encoded_again(tmp_path: Path) -> None:
    class Telling(CountingEncoder):
        reasons: ClassVar = {"short": "texts of one letter"}

        def encode_and_tell(self, texts: list[str]) -> tuple[np.ndarray, list[tuple[str, ...]]]:
            found = [("short",) if len(text) == 1 else () for text in texts]
            return self.encode(texts), found

    EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A", "AA"])
    for asked in (["A", "AA"], []):
        encoder = Telling()
        _, found = EmbeddingStore(tmp_path, encoder).fetch_and_tell(["AA", "A", "AA"])
        assert found == [(), ("short",), ()]
        assert encoder.asked == asked


def test_esm2_takes_sequences_of_forty_thousand_residues(esm2_folder: Path) -> None:
    text = "MKVLWDEFGH" * 4_000
    vectors = _esm2(esm2_folder, overlap=0).encode([text, "MKV"])
    assert vectors.shape == (2, 16)
    assert np.isfinite(vectors).all()
    assert np.allclose(vectors[1], _esm2(esm2_folder).encode(["MKV"])[0], atol=1e-5)
