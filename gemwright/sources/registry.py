"""The dataset registry: every source named, versioned, licensed and hashed in one table.

An embedded dataset is a file of an installed package: its ``url`` reads
``package:<distribution>/<path inside the package>``. A live dataset has the address of its host;
names in braces (``{model}``) stand for the items of a dataset of many files. Live datasets that are
fetched together form a collection.
"""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.io.user_tables import read_delimited

REGISTRY = Path(__file__).parents[1] / "resources" / "datasets.tsv"
COLUMNS = (
    "dataset", "version", "source", "url", "licence", "sha256", "note",
    "collection", "format", "records", "mirror", "need",
)  # fmt: skip
PREFIX = "dataset:"


@dataclass(frozen=True)
class Dataset:
    """One row of the registry; the attributes are its columns.

    Attributes
    ----------
    dataset, version, source, url, licence, note : str
        What it is, and where it comes from; ``source`` is ``embedded`` or ``live``.
    sha256 : str
        Of the file, ``""`` if the source is not versioned.
    collection : str
        Live datasets fetched in one job; ``""`` if gemwright does not fetch the dataset itself.
    format : str
        ``tsv``, ``csv``, ``json``, ``sbml``, ``fasta``, ``text``, ``zip`` or ``hdf5``.
    records : str
        Least number of records of a whole file.
    mirror : str
        Path in a mirror if it is not the host and path of the address.
    need : str
        ``required``, or ``optional`` where a mirror may lack it.
    """

    dataset: str
    version: str
    source: str
    url: str
    licence: str
    sha256: str
    note: str
    collection: str = ""
    format: str = ""
    records: str = ""
    mirror: str = ""
    need: str = ""

    @property
    def embedded(self) -> bool:
        """Whether the dataset comes with an installed package."""
        return self.url.startswith("package:")


@cache
def read_registry(path: Path = REGISTRY) -> dict[str, Dataset]:
    """Read the registry.

    Raises
    ------
    InputError
        If the table is missing, lacks a column, or names a dataset twice.
    """
    table = read_delimited(path, COLUMNS, what="dataset registry")
    twice = table.loc[table["dataset"].duplicated(), "dataset"]
    if len(twice):
        raise InputError(str(path), f"{twice.iloc[0]!r} is listed twice", "remove one of them")
    return {
        row["dataset"]: Dataset(**{column: row[column] for column in COLUMNS})
        for row in table.to_dict("records")
    }


def package_file(url: str) -> Path:
    """Path of ``package:<name>/<path>``, found without importing the package.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    package, _, inside = url.removeprefix("package:").partition("/")
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(
            f"package {package}", "is not installed", "install the versions of requirements.lock"
        )
    return Path(spec.origin).parent / inside


def collection(name: str) -> dict[str, Dataset]:
    """Live datasets that are fetched in one job, by name.

    Raises
    ------
    InputError
        If the registry has no such collection.
    """
    datasets = read_registry().values()
    members = {item.dataset: item for item in datasets if item.collection == name}
    if not members or not name:
        known = sorted({item.collection for item in datasets if item.collection})
        raise InputError(
            f"collection {name!r}",
            f"is not in {REGISTRY.name}",
            f"choose one of: {', '.join(known)}",
        )
    return members


@cache
def locate(name: str) -> Path:
    """Path of an embedded dataset, after its SHA-256 was checked.

    Parameters
    ----------
    name : str
        Name in the registry.

    Raises
    ------
    InputError
        If the registry has no such dataset, it is a live one, its file is missing, or the file
        differs from the one that the registry describes.
    """
    registry = read_registry()
    if name not in registry:
        raise InputError(
            f"dataset {name!r}",
            f"is not in {REGISTRY.name}",
            f"choose one of: {', '.join(sorted(registry))}",
        )
    dataset = registry[name]
    if not dataset.embedded:
        raise InputError(
            f"dataset {name!r}",
            f"is a live one ({dataset.url}), and the sources are 'embedded'",
            "use an embedded dataset",
        )
    path = package_file(dataset.url)
    if not path.is_file():
        raise InputError(
            f"dataset {name!r}",
            f"the installed package has no file {dataset.url}",
            f"install version {dataset.version}, as requirements.lock says",
        )
    found = sha256_file(path)
    if found != dataset.sha256:
        raise InputError(
            f"dataset {name!r}",
            f"the file {path.name} has SHA-256 {found[:12]}..., not {dataset.sha256[:12]}...",
            f"install version {dataset.version} again",
        )
    return path


def resolve(path: str) -> Path:
    """Path of an input that is either a file or ``dataset:<name>``."""
    return locate(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else Path(path)
