"""Parsers of the public databases' files, of archives, tensors and kinetic models."""

import io
import json
import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import test_kinetics_foreign
import test_kinetics_sbml
import test_metanetx
import test_rhea
import test_uniprot
import torch
from harness import Target
from test_kegg import REAL as KEGG
from toy_kinetic_formats import toy_model, toy_saturations, toy_state

from gemwright.download.checks import TRY_LATER, count_records, refuse_html
from gemwright.download.records import COLUMNS, read_records, read_sidecar, sidecar
from gemwright.download.storage import PartialFile
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet, read_users_parquet, write_parquet
from gemwright.io.tensors import read_tensors, write_tensors
from gemwright.kinetics import sets_process
from gemwright.kinetics.sbml_export import sbml_text, write_sbml
from gemwright.kinetics.sbml_import import read_sbml
from gemwright.kinetics.skimpy_sets import write_parameter_sets
from gemwright.kinetics.skimpy_yaml import read_skimpy_yaml, write_skimpy_yaml
from gemwright.kinetics.sources import read_sample
from gemwright.sources.archives import read_zip_tables
from gemwright.sources.chebi import read_chebi
from gemwright.sources.deepgdel import DeepGDelPaths, read_deepgdel
from gemwright.sources.kegg import read_kegg_sequences
from gemwright.sources.metanetx import bigg_to_rhea, read_metanetx
from gemwright.sources.metnetcomp import read_core_strategies, read_strategies
from gemwright.sources.rhea import read_rhea
from gemwright.sources.structures import read_structures
from gemwright.sources.uniprot import read_uniprot

CHEBI = b"""chebi_id\tsmiles\tinchikey\tsource
CHEBI:15377\tO\tXLYOFNOQVPJJNP-UHFFFAOYSA-N\tChEBI
CHEBI:15378\t[H+]\t\tChEBI
16236\tCCO\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tChEBI
"""
CHEBI_LIVE = b'''id\tcompound_id\tmolfile\tsmiles\tstandard_inchi_key\tdefault_structure
1\t15377\t"line 1\nline ""2"""\tO\tXLYOFNOQVPJJNP-UHFFFAOYSA-N\ttrue
2\t16236\t"x"\tCCO |c:1|\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tfalse
'''
CHEBI_OTHERS = {
    "compounds": "id\tname\tparent_id\n15377\twater\t\n10743\told\t15377\n5\tx\tCHEBI:10743\n",
    "secondary_ids": "compound_id\tsecondary_id\n15377\t27313\n",
    "relations": "id\trelation_type_id\tinit_id\tfinal_id\n1\t6\t29356\t15377\n"
    "2\t7\t15377\t29356\n",
    "relation_types": "id\tcode\n6\tis_conjugate_acid_of\n7\tis_conjugate_base_of\n",
}
CORE = b"Remaining genes\nb0001\nb0002\nb0003\n"
STRATEGIES = b"""Deletion size,Max growth rate,Min production rate,Deleted genes
2,0.5,1.25,b0001,b0002
1,0.25,2.5,b0003,
"""
STRUCTURES = b"bigg_id\tsmiles\tname\nh2o\tO\twater\netoh\tCCO\tethanol\nnone\t\t\n"
SAMPLE = b",R1,R1_reverse_ab,DG_R1,LC_x_c\n0,1.5,0.5,-3.2,-6.9\n"
MARK = b"\x1e\x1e"


def text_of(files: dict[str, str]) -> bytes:
    """Several files as one case."""
    return b"".join(MARK + f"{name}\n".encode() + text.encode() for name, text in files.items())


def files_of(path: Path, known: dict[str, str]) -> dict[str, Path]:
    """The files of a case; those that a mutation lost are as they were."""
    content = {name: text.encode() for name, text in known.items()}
    for part in path.read_bytes().split(MARK):
        name, _, body = part.partition(b"\n")
        if name.decode("latin-1") in content:
            content[name.decode("latin-1")] = body
    paths = {}
    for name, body in content.items():
        paths[name] = path.with_name(name)
        paths[name].write_bytes(body)
    return paths


def zipped(tables: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return packed.getvalue()


LABELS = zipped(
    {"Label/x_c.csv": "Gene,Deleted\nb1,0\nb2,1\n", "y_c.csv": "Gene,Deleted\nb1,1\nb2,1\n"}
)
GENES = zipped({"b1.csv": "Gene,AA Sequence\nb1,MKLV\n", "b2.csv": "Gene,AA Sequence\nb2,MKAAA\n"})


def made(write, suffix: str) -> bytes:
    """Bytes of a file that a writer makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"made{suffix}"
        write(path)
        return path.read_bytes()


@cache
def kinetic_seeds() -> list[bytes]:
    ours = sbml_text(toy_model(), toy_state(), toy_saturations()[0])
    reactions = "".join(
        test_kinetics_sbml.LEVEL_2_REACTION.format(
            name=name, s=s, p=p, modifiers="", law=test_kinetics_sbml.MM.format(s=s, p=p)
        )
        for name, s, p in (("R1", "x", "a"), ("R2", "a", "y"))
    )
    y = test_kinetics_sbml._steady_y()
    level_2 = test_kinetics_sbml.LEVEL_2.format(reactions=reactions, y=repr(y))
    plain = test_kinetics_foreign.sbml(volume="ml", size=2.0, parameters={
        **test_kinetics_foreign.PARAMETERS, "v1": 4.0, "v2": 4.0, "v3": 4.0,
    })  # fmt: skip
    lines = [text.replace("><", ">\n<").encode() for text in (ours, level_2, plain)]
    return lines


def kinetic_sbml(path: Path) -> None:
    model, state, saturations = read_sbml(path)
    assert np.isfinite(saturations).all()
    again = path.with_name("again.xml")
    write_sbml(model, state, saturations, again)
    found, back, sigma = read_sbml(again)
    assert found == model
    assert np.allclose(back.concentrations, state.concentrations, rtol=1e-9, atol=0)
    assert np.allclose(back.fluxes, state.fluxes, rtol=1e-6, atol=0)
    assert np.allclose(sigma, saturations, rtol=1e-6, atol=1e-12)


def skimpy(path: Path) -> None:
    model = read_skimpy_yaml(path)
    again = path.with_name("again.yml")
    write_skimpy_yaml(model, again)
    assert read_skimpy_yaml(again) == model


@cache
def skimpy_seeds() -> list[bytes]:
    aliased = b"""name: m
boundary_conditions: {CC_x: {class: ConstantConcentration, reactant: x}}
reactants: {x: {compartment: c}, y: {compartment: c}, z: {compartment: c}}
reactions:
  R: {enzyme: null, mechanism: {class: Convenience, substrate1: x, product1: y,
      mechanism_stoichiometry: &n {substrate1: -1, product1: 1}}, modifiers: {}}
  S: {enzyme: null, mechanism: {class: Convenience, substrate1: y, product1: z,
      mechanism_stoichiometry: *n}, modifiers: {}}
"""
    return [made(lambda path: write_skimpy_yaml(toy_model(), path, toy_state()), ".yml"), aliased]


@cache
def hdf5_seeds() -> list[bytes]:
    def bare(path):
        with h5py.File(path, "w") as handle:
            for number in range(3):
                handle[f"parameter_set_{number}"] = np.arange(4.0) + number

    names = list("abcd")
    return [
        made(lambda path: write_parameter_sets(path, names, np.arange(8.0).reshape(2, 4)), ".h5"),
        made(bare, ".h5"),
    ]


def hdf5(path: Path) -> None:
    """As `read_parameter_sets`, but in a copy of this process, which is made faster."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            sets_process.limit(3.0)
            said = sets_process.read(str(path), str(path.with_name("values.npy")))
            code = 1 if "wrong" in said else 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status != 3, "the process ends with a traceback"
    if status:
        raise InputError(str(path), "cannot be read", "give another file")
    values = np.load(path.with_name("values.npy"), allow_pickle=False)
    assert values.ndim == 2 and np.isfinite(values).all()


def parquet(path: Path) -> None:
    """Our own reader takes what was written only."""
    try:
        frame = read_parquet(path)
    except InputError:
        read_users_parquet(path, "table")
        raise
    assert frame.values.tolist() == [["a", 1.5], ["b", -2.0]]


@cache
def parquet_seeds() -> list[bytes]:
    frame = pd.DataFrame({"id": ["a", "b"], "value": [1.5, -2.0]})
    return [made(lambda path: write_parquet(frame, path, {"seed": "1"}), ".parquet")]


@cache
def tensor_seeds() -> list[bytes]:
    tensors = {"w": torch.arange(6.0).reshape(2, 3), "n": torch.tensor([1, 2])}
    return [made(lambda path: write_tensors(path, tensors, {"seed": 1, "x": [1, "a"]}), ".st")]


def tensors(path: Path) -> None:
    found, facts = read_tensors(path, "network", "make it again")
    assert facts == {"seed": 1, "x": [1, "a"]}
    assert found["w"].tolist() == [[0, 1, 2], [3, 4, 5]]


RECORDS = ("\t".join(COLUMNS) + "\n").encode() + b"\t".join(
    b"5" if name in ("size", "records") else b"x" for name in COLUMNS
)
RECORD = {name: 5 if name in ("size", "records") else "x" for name in COLUMNS}
PART = {
    "url": "https://host/x", "validator": '"1"', "total": 5, "whole": True, "modified": 1.5,
    "release": "1", "encoding": "identity",
}  # fmt: skip


def part_state(path: Path) -> None:
    """State and record beside a file: whatever is not theirs counts as none."""
    part = PartialFile(path)
    part.path.write_bytes(b"12345")
    path.with_name(f"{path.name}.part.json").write_bytes(path.read_bytes())
    assert isinstance(part.read_state(), dict)
    sidecar(path).write_bytes(path.read_bytes())
    read_sidecar(path)


FORMS = ("tsv", "csv", "text", "fasta", "json", "sbml", "zip", "hdf5")


def checks(path: Path) -> None:
    refuse_html(path.read_bytes(), "here")
    told = []
    for form in FORMS:
        try:
            count_records(path, form, "here")
        except InputError as error:
            told.append(error)
    if len(told) == len(FORMS):
        raise InputError("here", "is of no format", TRY_LATER)


def rhea(path: Path) -> None:
    tables = read_rhea(**files_of(path, test_rhea.FILES)).tables()
    _written(tables, path)


def metanetx(known: dict[str, str]):
    def parse(path: Path) -> None:
        read = read_metanetx(**files_of(path, known))
        _written({**read.tables(), "bigg_rhea": bigg_to_rhea(read)}, path)

    return parse


def _written(tables: dict[str, pd.DataFrame], path: Path) -> None:
    """What is read can be written to Parquet."""
    for table in tables.values():
        assert pa.Table.from_pandas(table, preserve_index=False).num_rows == len(table)


TARGETS_TABLE = b"Metabolite,Smiles\nx_c,CCO\ny_c,O\n"


def deepgdel(path: Path) -> None:
    """Whichever of the three files a case is, beside the two others."""
    files = [path.with_name(name) for name in ("labels", "sequences", "targets")]
    for file, content in zip(files, (LABELS, GENES, TARGETS_TABLE), strict=True):
        file.write_bytes(content)
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        files[2] = path
    elif b"Label" in content:
        files[0] = path
    else:
        files[1] = path
    _written(read_deepgdel({"m": DeepGDelPaths(*files)}).tables(), path)


def structures(path: Path) -> None:
    _written({"structures": read_structures(path)}, path)


UNIPROT = "".join("\t".join(row) + "\n" for row in [test_uniprot.LIVE, *test_uniprot.ROWS])


TARGETS = [
    Target(
        "chebi structures",
        ".tsv",
        lambda: [CHEBI, CHEBI_LIVE],
        lambda path: _written(read_chebi(path, checked=True).tables(), path),
    ),
    Target(
        "chebi others",
        ".txt",
        lambda: [text_of(CHEBI_OTHERS)],
        lambda path: _written(
            read_chebi(
                path.with_name("structures").write_bytes(CHEBI) and path.with_name("structures"),
                **files_of(path, CHEBI_OTHERS),
            ).tables(),
            path,
        ),
    ),
    Target("rhea", ".txt", lambda: [text_of(test_rhea.FILES)], rhea),
    Target(
        "metanetx live", ".txt", lambda: [text_of(test_metanetx.LIVE)], metanetx(test_metanetx.LIVE)
    ),
    Target(
        "metanetx old", ".txt", lambda: [text_of(test_metanetx.OLD)], metanetx(test_metanetx.OLD)
    ),
    Target(
        "kegg",
        ".fasta",
        lambda: [KEGG.encode()],
        lambda path: _written(read_kegg_sequences(path, ["b0002"]).tables(), path),
    ),
    Target(
        "uniprot",
        ".tsv",
        lambda: [UNIPROT.encode()],
        lambda path: _written(read_uniprot(path).tables(), path),
    ),
    Target(
        "metnetcomp core",
        ".csv",
        lambda: [CORE],
        lambda path: _written(read_core_strategies({("m", "t"): path}).tables(), path),
    ),
    Target(
        "metnetcomp strategies",
        ".csv",
        lambda: [STRATEGIES],
        lambda path: _written(read_strategies({("m", "t"): path}).tables(), path),
    ),
    Target("deepgdel", ".x", lambda: [LABELS, GENES, TARGETS_TABLE], deepgdel),
    Target("archives", ".zip", lambda: [LABELS, GENES], read_zip_tables),
    Target("structures", ".tsv", lambda: [STRUCTURES], structures),
    Target("kinetic SBML", ".xml", kinetic_seeds, kinetic_sbml),
    Target("skimpy models", ".yml", skimpy_seeds, skimpy),
    Target("skimpy sets", ".h5", hdf5_seeds, hdf5),
    Target("flux samples", ".csv", lambda: [SAMPLE], read_sample),
    Target("parquet", ".parquet", parquet_seeds, parquet),
    Target("tensors", ".safetensors", tensor_seeds, tensors),
    Target("download records", ".tsv", lambda: [RECORDS], read_records),
    Target(
        "download states",
        ".json",
        lambda: [
            json.dumps({"request": "a", "record": RECORD}, indent=1).encode(),
            json.dumps(PART, indent=1).encode(),
        ],
        part_state,
    ),
    Target(
        "download checks",
        ".txt",
        lambda: [
            CHEBI,
            KEGG.encode(),
            LABELS,
            kinetic_seeds()[2],
            json.dumps(PART).encode(),
            hdf5_seeds()[0],
        ],
        checks,
    ),
]
