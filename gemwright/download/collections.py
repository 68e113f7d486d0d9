"""What each collection of the registry consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gemwright.config.downloads import DownloadSettings
from gemwright.download.addresses import fill, mirror_paths
from gemwright.sources.registry import Dataset, collection


@dataclass(frozen=True)
class DownloadOptions:
    """What to fetch, from where, and how.

    Attributes
    ----------
    folder : Path
        The downloads folder. It has the layout of a mirror and can serve as one.
    mirror : str or None
        Folder or web address to take every file from; no live host is asked then.
    lock : Path or None
        Lock table of an earlier run: the files have to be the same.
    agree_kegg_terms : bool
        Whether the user agrees to KEGG's terms.
    bigg_models, bigg_sbml : tuple of str
        BiGG models to fetch as JSON and as SBML.
    kegg_genes : mapping of str to tuple of str
        KEGG's identifiers (``eco:b0002``) of the genes of each model; with a mirror only the
        models matter.
    metnetcomp_targets : mapping of str to tuple of str
        Target metabolites of each model whose maximal deletion strategy is fetched.
    metnetcomp_strategies : tuple of str
        ``model&target`` of which all strategies are fetched.
    retries : int
        How often a request is repeated.
    read_timeout : float
        Seconds after which a silent host counts as dead.
    """

    folder: Path
    mirror: str | None = None
    lock: Path | None = None
    agree_kegg_terms: bool = False
    bigg_models: tuple[str, ...] = ()
    bigg_sbml: tuple[str, ...] = ()
    kegg_genes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metnetcomp_targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metnetcomp_strategies: tuple[str, ...] = ()
    retries: int = DownloadSettings.retries
    read_timeout: float = DownloadSettings.timeout


@dataclass(frozen=True)
class WantedFile:
    """One file of a collection.

    Attributes
    ----------
    dataset : Dataset
        Its row in the registry.
    item : str
        Which one of a dataset of many files.
    url : str
        Its live address.
    paths : tuple of str
        Where a mirror may hold it; the first is its place in the downloads folder.
    genes : tuple of str
        The genes that it is made of, if its host gives it in batches.
    """

    dataset: Dataset
    item: str
    url: str
    paths: tuple[str, ...]
    genes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name for messages."""
        return f"{self.dataset.dataset} {self.item}".rstrip()

    @property
    def key(self) -> tuple[str, str, str]:
        """As `DownloadRecord.key`."""
        return self.url, self.dataset.dataset, self.item


def plan_collection(
    name: str, options: DownloadOptions, datasets: Mapping[str, Dataset] | None = None
) -> list[WantedFile]:
    """List the files of a collection, in the order of the registry and of the options.

    Parameters
    ----------
    name : str
        A collection of the registry.
    options : DownloadOptions
        Which items of the datasets of many files.
    datasets : mapping of str to Dataset, optional
        The rows of the collection, by default those of the registry.

    Raises
    ------
    InputError
        If the registry has no such collection, or an item cannot be part of an address.
    """
    wanted: dict[tuple[str, str, str], WantedFile] = {}
    for dataset in (collection(name) if datasets is None else datasets).values():
        for item, values in _items(dataset.dataset, options).items():
            url = fill(dataset.url, values)
            paths = mirror_paths(url, fill(dataset.mirror, values))
            genes = options.kegg_genes.get(item, ()) if "{genes}" in url else ()
            file = WantedFile(dataset, item, url, tuple(paths), genes)
            wanted[file.key] = file
    return list(wanted.values())


def _items(dataset: str, options: DownloadOptions) -> dict[str, dict[str, str]]:
    """Items of a dataset with the values of the names in its address."""
    if dataset == "bigg_model_json":
        return {model: {"model": model} for model in options.bigg_models}
    if dataset == "bigg_model_sbml":
        return {model: {"model": model} for model in options.bigg_sbml}
    if dataset == "kegg_sequences":
        return {model: {"model": model} for model in options.kegg_genes}
    if dataset == "metnetcomp_core":
        return {
            f"{model}&{target}": {"model": model, "target": target}
            for model, targets in options.metnetcomp_targets.items()
            for target in targets
        }
    if dataset == "metnetcomp_strategies":
        return {
            pair: dict(zip(("model", "target"), pair.partition("&")[::2], strict=True))
            for pair in options.metnetcomp_strategies
        }
    return {"": {}}
