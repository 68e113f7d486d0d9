"""What was fetched: the manifest of a collection, the lock table, and the way to the files."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd

from gemwright.download.storage import (
    kept_place,
    write_checked_later,
)
from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.io.tables import write_delimited
from gemwright.io.user_tables import read_delimited

logger = logging.getLogger(__name__)

FETCHED = "fetched"
ABSENT = "absent"
LIVE = "live"


@dataclass(frozen=True)
class DownloadRecord:
    """One file of a collection.

    Attributes
    ----------
    dataset, item : str
        Name in the registry, and which one of a dataset of many files (``""`` if it has one).
    file : str
        Path relative to the downloads folder; ``""`` if the file is absent.
    url : str
        The live address; KEGG's with ``{genes}``, which stands for many requests.
    origin : str
        ``live``, or the mirror without user and password.
    release : str
        Version in the registry, else as the host named it, else the date on which the file
        changed upstream; ``""`` if nothing is known.
    date : str
        When it was fetched, UTC.
    size, records : int
        Bytes, and records as `checks.count_records` counts them.
    sha256 : str
        Of the file.
    licence : str
        As in the registry.
    status : str
        ``fetched``, or ``absent`` for an optional file that the origin lacks.
    """

    dataset: str
    item: str
    file: str
    url: str
    origin: str
    release: str
    date: str
    size: int
    records: int
    sha256: str
    licence: str
    status: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells a file from all others: its live address, its dataset and its item."""
        return self.url, self.dataset, self.item


COLUMNS = tuple(field.name for field in fields(DownloadRecord))
_KINDS = {name: int if name in ("size", "records") else str for name in COLUMNS}


def _records_table(records: Iterable[DownloadRecord]) -> pd.DataFrame:
    """Table of records, one per row."""
    return pd.DataFrame([asdict(record) for record in records], columns=list(COLUMNS))


def write_records(records: Iterable[DownloadRecord], path: str | Path) -> None:
    """Write a manifest: a tab-separated table, one file per row."""
    write_delimited(_records_table(records), path)


def read_records(path: str | Path) -> list[DownloadRecord]:
    """Read a manifest or a lock table.

    Raises
    ------
    InputError
        If the table is missing, lacks a column, or a size is no number.
    """
    table = read_delimited(path, COLUMNS, what="table of downloads")
    records = []
    for number, row in enumerate(table[list(COLUMNS)].to_dict("records"), start=2):
        if not (row["size"].isdecimal() and row["records"].isdecimal()):
            raise InputError(
                f"{path}, line {number}",
                "size or records is no number",
                "restore the table, or delete it and run again",
            )
        values = {str(name): value for name, value in row.items()}
        values |= {"size": int(row["size"]), "records": int(row["records"])}
        records.append(DownloadRecord(**values))
    return records


def merge_records(manifests: Sequence[str | Path]) -> pd.DataFrame:
    """Union of manifests: the lock table, which makes a later run fetch the same files.

    Parameters
    ----------
    manifests : sequence of paths
        Tables written by `write_records`.

    Returns
    -------
    pandas.DataFrame
        In the order of the manifests, each file once. Written with `write_delimited`, it can be
        given as ``DownloadOptions.lock``.

    Raises
    ------
    InputError
        If two manifests differ about a file.
    """
    merged: dict[tuple[str, str, str], DownloadRecord] = {}
    for path in manifests:
        for record in read_records(path):
            known = merged.setdefault(record.key, record)
            if (known.sha256, known.status) != (record.sha256, record.status):
                raise InputError(
                    f"{path}, {record.dataset} {record.item}".rstrip(),
                    "differs from the same file in another manifest",
                    "delete the older manifest and run again",
                )
    return _records_table(merged.values())


class Downloads:
    """The fetched files of a manifest, verified when they are first opened.

    Parameters
    ----------
    manifest : Path
        Table written by `write_records`.
    folder : Path
        The downloads folder.
    """

    def __init__(self, manifest: Path, folder: Path) -> None:
        self.manifest, self.folder = manifest, folder
        self._records = {(record.dataset, record.item): record for record in read_records(manifest)}
        self._verified: set[Path] = set()

    def has(self, dataset: str, item: str = "") -> bool:
        """Whether a file was fetched."""
        record = self._records.get((dataset, item))
        return record is not None and record.status == FETCHED

    def items(self, dataset: str) -> list[str]:
        """Items of a dataset that were fetched, in the manifest's order."""
        return [item for name, item in self._records if name == dataset and self.has(dataset, item)]

    def record(self, dataset: str, item: str = "") -> DownloadRecord:
        """Record of a fetched file.

        Raises
        ------
        InputError
            If it was not fetched.
        """
        if not self.has(dataset, item):
            raise InputError(
                str(self.manifest),
                f"{dataset} {item}".rstrip() + " was not fetched",
                f"delete {self.manifest} and run again with it in the config",
            )
        return self._records[dataset, item]

    def path(self, dataset: str, item: str = "") -> Path:
        """Path of a fetched file. It may be gzipped, whatever its name.

        The name under its SHA-256 comes first: another configuration may fetch another release
        of the same address into the folder while this one reads.

        Raises
        ------
        InputError
            If it was not fetched, is missing, or is not the file that was fetched.
        """
        record = self.record(dataset, item)
        path = self.folder / record.file
        kept = kept_place(self.folder, record.file, record.sha256)
        for place in (kept, path):
            if place in self._verified:
                return place
            if _is_whole(place, record):
                self._verified.add(place)
                return place
        raise self._lost(
            path, "is not the file that was fetched" if path.is_file() else "is missing"
        )

    def _lost(self, path: Path, what: str) -> InputError:
        return InputError(
            str(path),
            what,
            f"set `downloads.folder` to where the files of {self.manifest} lie, or delete that"
            " table and run again: the file will be fetched again",
        )


def _is_whole(path: Path, record: DownloadRecord) -> bool:
    try:
        return path.stat().st_size == record.size and sha256_file(path) == record.sha256
    except FileNotFoundError:
        return False


def open_downloads(manifest: str | Path, folder: str | Path) -> Downloads:
    """Open what was fetched.

    Parameters
    ----------
    manifest : path
        Table of a collection, or a lock table.
    folder : path
        The downloads folder.

    Raises
    ------
    InputError
        As `read_records`.
    """
    return Downloads(Path(manifest), Path(folder))


def sidecar(path: Path) -> Path:
    """Path of what is known about a fetched file, beside it."""
    return path.with_name(f"{path.name}.record.json")


def write_sidecar(path: Path, record: DownloadRecord, request: str) -> None:
    """Write the record of a file beside it, and the digest of what was asked for."""
    content = {"request": request, "record": asdict(record)}
    write_checked_later(sidecar(path), json.dumps(content, indent=1))


def read_sidecar(path: Path) -> tuple[DownloadRecord | None, str]:
    """Record beside a file and what was asked for; ``None`` if there is none to be read."""
    beside = sidecar(path)
    if not beside.is_file():
        return None, ""
    try:
        content = json.loads(beside.read_text(encoding="utf-8"))
        kinds = {name: type(value) for name, value in content["record"].items()}
        if kinds != _KINDS or not isinstance(content["request"], str):
            raise TypeError("is of another layout")
        return DownloadRecord(**content["record"]), content["request"]
    except (ValueError, KeyError, TypeError, RecursionError):
        logger.warning("%s: cannot be read; the file is fetched again", beside)
        return None, ""
