"""What the configuration wants of each collection of the live sources."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gemwright.download.collections import DownloadOptions
from gemwright.download.records import ABSENT, DownloadRecord
from gemwright.errors import InputError
from gemwright.io.tables import read_parquet
from gemwright.io.user_tables import read_delimited
from gemwright.sources.kegg import STRATEGY_MODELS, kegg_gene_ids
from gemwright.sources.registry import locate


def bigg_models(chosen: list[str] | None) -> tuple[str, ...]:
    """BiGG models to fetch: those of the config, or all that the embedded table names."""
    if chosen is not None:
        return tuple(chosen)
    table = read_delimited(locate("bigg_models"), ("model",))
    return tuple(sorted({*table["model"], *STRATEGY_MODELS}))


def check_named_models(records: Iterable[DownloadRecord], settings: Mapping[str, Any]) -> None:
    """Make sure that the BiGG models that the configuration names were fetched.

    Raises
    ------
    InputError
        If the origin lacks one of them; of all that BiGG has, a mirror may hold a part.
    """
    absent = {(record.dataset, record.item) for record in records if record.status == ABSENT}
    for key, dataset in (("bigg_models", "bigg_model_json"), ("bigg_sbml", "bigg_model_sbml")):
        for model in settings[key] or ():
            if (dataset, model) in absent:
                raise InputError(
                    f"downloads.{key}", f"there is no model {model!r}", "correct or remove its name"
                )


def download_options(
    collection: str,
    settings: Mapping[str, Any],
    mirror: str | None,
    targets: str | Path | None = None,
    genes: str | Path | None = None,
) -> DownloadOptions:
    """Options of the fetching of one collection.

    Parameters
    ----------
    collection : str
        A collection of the registry.
    settings : mapping
        The section ``downloads`` of the configuration.
    mirror : str or None
        The configuration's ``mirror``.
    targets : path, optional
        Folder with the parsed DeepGDel tables, which name the targets of MetNetComp.
    genes : path, optional
        Folder with the parsed BiGG tables, which name the genes for KEGG.
    """
    wanted: dict[str, Any] = {}
    if collection == "bigg":
        wanted["bigg_models"] = bigg_models(settings["bigg_models"])
        wanted["bigg_sbml"] = tuple(settings["bigg_sbml"])
    if targets is not None:
        table = read_parquet(Path(targets) / "targets.parquet", ["model", "target"])
        named = table.drop_duplicates().groupby("model", sort=True)["target"].agg(tuple)
        wanted["metnetcomp_targets"] = dict(named)
        wanted["metnetcomp_strategies"] = tuple(settings["strategies"])
    if genes is not None:
        table = read_parquet(Path(genes) / "genes.parquet", ["model", "gene"])
        lacking = [model for model in STRATEGY_MODELS if model not in set(table["model"])]
        if lacking:
            raise InputError(
                "downloads.bigg_models",
                f"KEGG is asked for the genes of {', '.join(lacking)}, which were not fetched",
                "add them to the list",
            )
        wanted["kegg_genes"] = {
            model: tuple(
                kegg_gene_ids(model, table.loc[table["model"] == model, "gene"]).identifiers["kegg"]
            )
            for model in STRATEGY_MODELS
        }
    return DownloadOptions(
        folder=Path(settings["folder"]),
        mirror=mirror,
        lock=Path(settings["lock"]) if settings["lock"] else None,
        agree_kegg_terms=settings["agree_kegg_terms"],
        retries=settings["retries"],
        read_timeout=settings["timeout"],
        **wanted,
    )
