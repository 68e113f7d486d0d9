"""From the fetched files of a collection to its tables."""

import logging
from pathlib import Path

import pandas as pd

from gemwright.download.records import Downloads
from gemwright.errors import InputError
from gemwright.io.tables import write_delimited, write_parquet
from gemwright.sources.bigg_models import reaction_rhea, read_bigg_model, read_bigg_models
from gemwright.sources.chebi import read_chebi
from gemwright.sources.deepgdel import DeepGDelPaths, read_deepgdel
from gemwright.sources.findings import Findings
from gemwright.sources.kegg import STRATEGY_MODELS, read_kegg_sequences
from gemwright.sources.metanetx import bigg_to_rhea, read_metanetx
from gemwright.sources.metnetcomp import parse_file_name, read_core_strategies, read_strategies
from gemwright.sources.rhea import read_rhea
from gemwright.sources.uniprot import read_uniprot

logger = logging.getLogger(__name__)

Tables = dict[str, pd.DataFrame]


def _bigg(files: Downloads) -> Tables:
    paths = {
        model: files.path("bigg_model_sbml", model) for model in files.items("bigg_model_sbml")
    }
    # the JSON of a model counts where there are both
    paths |= {
        model: files.path("bigg_model_json", model) for model in files.items("bigg_model_json")
    }
    if not paths:
        raise InputError(
            str(files.manifest),
            "no BiGG model was fetched",
            "name models in 'downloads.bigg_models'",
        )
    read = read_bigg_models(dict(sorted(paths.items())))
    tables = {**read.tables(), "reaction_rhea": reaction_rhea(read)}
    if files.has("bigg_universe_json"):
        universe = read_bigg_model(files.path("bigg_universe_json"), "universe")
        for name in ("reactions", "stoichiometry", "species", "reaction_annotations"):
            tables[f"universe_{name}"] = universe.tables()[name]
    return tables


def _optional(files: Downloads, dataset: str) -> Path | None:
    return files.path(dataset) if files.has(dataset) else None


def _rhea(files: Downloads) -> Tables:
    names = ("reactions", "directions", "reaction_smiles", "chebi_smiles", "chebi_names", "ec")
    required = {name: files.path(f"rhea_{name}") for name in (*names, "kegg", "uniprot")}
    return read_rhea(**required, protonation=_optional(files, "rhea_protonation")).tables()


def _uniprot(files: Downloads) -> Tables:
    return read_uniprot(files.path("uniprot_enzymes")).tables()


def _chebi(files: Downloads) -> Tables:
    names = ("compounds", "secondary_ids", "relations", "relation_types")
    optional = {name: _optional(files, f"chebi_{name}") for name in names}
    return read_chebi(files.path("chebi_structures"), **optional, checked=True).tables()


def _metanetx(files: Downloads) -> Tables:
    names = ("chem_prop", "chem_xref", "reac_prop", "reac_xref")
    read = read_metanetx(*(files.path(f"metanetx_{name}") for name in names))
    return {**read.tables(), "bigg_rhea": bigg_to_rhea(read)}


def _metnetcomp(files: Downloads) -> Tables:
    core = read_core_strategies(_strategy_files(files, "metnetcomp_core"))
    tables = core.tables()
    listed = _strategy_files(files, "metnetcomp_strategies")
    if listed:
        more = read_strategies(listed).tables()
        findings = pd.concat([tables["findings"], more["findings"]], ignore_index=True)
        tables = {**tables, **more, "findings": findings}
    return tables


def _strategy_files(files: Downloads, dataset: str) -> dict[tuple[str, str], Path]:
    paths = {item: files.path(dataset, item) for item in files.items(dataset)}
    return {parse_file_name(f"{item}.csv")[:2]: path for item, path in paths.items()}


def _kegg(files: Downloads, genes: pd.DataFrame) -> Tables:
    findings = Findings()
    tables: dict[str, list[pd.DataFrame]] = {}
    for model in files.items("kegg_sequences"):
        read = read_kegg_sequences(
            files.path("kegg_sequences", model), genes.loc[genes["model"] == model, "gene"]
        ).tables()
        findings.extend([read.pop("findings")])
        for name, table in read.items():
            tables.setdefault(name, []).append(table.assign(model=model))
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    return {**joined, "findings": findings.frame()}


def _deepgdel(files: Downloads) -> Tables:
    paths = {
        model: DeepGDelPaths(
            *(files.path(f"deepgdel_{model}_{kind}") for kind in ("labels", "genes", "targets"))
        )
        for model in STRATEGY_MODELS
    }
    return read_deepgdel(paths).tables()


READERS = {
    "bigg": _bigg,
    "rhea": _rhea,
    "uniprot": _uniprot,
    "chebi": _chebi,
    "metanetx": _metanetx,
    "metnetcomp": _metnetcomp,
    "deepgdel": _deepgdel,
}
"""Collection to the function that reads its files."""


def parse_collection(name: str, files: Downloads, genes: pd.DataFrame | None = None) -> Tables:
    """Read the files of a collection.

    Parameters
    ----------
    name : str
        One of `READERS`, or ``kegg``.
    files : Downloads
        What was fetched; each file's SHA-256 is checked when it is opened.
    genes : pandas.DataFrame, optional
        model, gene: what KEGG was asked for; needed for ``kegg``.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of the collection's module, ``findings`` among them.

    Raises
    ------
    InputError
        If a file is damaged or not in the format of its source.
    ValueError
        If `genes` are missing for ``kegg``.
    """
    if name == "kegg":
        if genes is None:
            raise ValueError("KEGG is read with the genes that it was asked for")
        tables = _kegg(files, genes)
    else:
        tables = READERS[name](files)
    for row in tables["findings"].itertuples(index=False):
        if row[1]:
            logger.info("%s: %s %s: %s", name, row[1], row[0], row[2])
    return tables


def write_tables(tables: Tables, folder: str | Path, findings: str | Path) -> None:
    """Write every table as ``<folder>/<name>.parquet``, and the findings for people."""
    for name, table in tables.items():
        if name != "findings":
            write_parquet(table, Path(folder) / f"{name}.parquet")
    write_delimited(tables["findings"], findings)
