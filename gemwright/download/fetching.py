"""Fetching a collection as a whole: file by file, from its live hosts or from a mirror."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from tqdm import tqdm

from gemwright.download.batches import digest_genes, download_batches
from gemwright.download.checks import Expected
from gemwright.download.client import Client, RefusedError
from gemwright.download.collections import DownloadOptions, WantedFile, plan_collection
from gemwright.download.hosts import HostGate
from gemwright.download.mirror import Mirror
from gemwright.download.pages import download_pages
from gemwright.download.records import (
    ABSENT,
    FETCHED,
    LIVE,
    DownloadRecord,
    read_records,
    read_sidecar,
    sidecar,
    write_sidecar,
)
from gemwright.download.storage import (
    full_disk,
    kept_place,
    link,
)
from gemwright.download.transfer import Arrival, copy, download
from gemwright.errors import InputError
from gemwright.io.files import FULL, sha256_file, unwritable
from gemwright.io.locks import exclusive
from gemwright.sources.registry import Dataset

logger = logging.getLogger(__name__)


KEGG = "kegg"


_KEGG_TERMS = "https://www.kegg.jp/kegg/legal.html"


_told: set[str] = set()


def fetch_collection(
    name: str,
    options: DownloadOptions,
    datasets: Mapping[str, Dataset] | None = None,
    client: Client | None = None,
) -> list[DownloadRecord]:
    """Fetch the files of a collection that are not there yet.

    A file is there if it has the SHA-256 with which it was recorded, came from the same origin
    (or is pinned by the registry or the lock table), and its address and request are the same.
    No request is made for it then, so a newer release is fetched only into another folder, or
    after the file was deleted. A file with a SHA-256 that the registry or the lock table gives is
    there also if it came before and another release has taken its place since.

    Several processes may share the folder: while one fetches a file, others that want it wait.

    Parameters
    ----------
    name : str
        A collection of the registry: ``bigg``, ``rhea``, ``uniprot``, ``chebi``,
        ``metanetx``, ``metnetcomp``, ``kegg``, ``deepgdel`` or ``rekindle``.
    options : DownloadOptions
        What to fetch, from where, and how.
    datasets : mapping of str to Dataset, optional
        The rows of the collection, by default those of the registry.
    client : Client, optional
        Makes the requests, by default as the options say.

    Returns
    -------
    list of DownloadRecord
        One per file, in the order of `plan_collection`; an optional file that the origin lacks
        has the status ``absent``.

    Raises
    ------
    InputError
        If KEGG's terms are not agreed to, a file cannot be had, is not what was expected or
        not what the lock table has, or the folder is full or cannot be written.
    """
    if name == KEGG and not options.agree_kegg_terms:
        raise InputError(
            "collection kegg",
            f"is free for academic use only, and its terms ({_KEGG_TERMS}) are not agreed to",
            "read them and set `agree_kegg_terms: true` in the config, or leave KEGG out",
        )
    plan = plan_collection(name, options, datasets)
    mirror = None if options.mirror is None else Mirror(options.mirror)
    locked = None if options.lock is None else _read_lock(options.lock)
    _tell_licences(name, plan)
    if client is None:
        client = Client(
            HostGate(options.folder, frozenset({mirror.host} if mirror else ())),
            retries=options.retries,
            read_timeout=options.read_timeout,
            stay=mirror is not None,
        )
    fetcher = _Fetcher(options.folder, mirror, locked, client)
    try:
        bar = tqdm(plan, desc=name, unit=" files", disable=None if len(plan) > 1 else True)
        return [fetcher.fetch(wanted) for wanted in bar]
    except OSError as error:
        if error.errno in FULL:
            raise full_disk(options.folder, f"the records of {name}", "some", error) from error
        told = unwritable(error)
        if told is None:
            raise
        raise told from error


def _read_lock(path: Path) -> dict[tuple[str, str, str], DownloadRecord]:
    return {record.key: record for record in read_records(path)}


def _tell_licences(name: str, plan: list[WantedFile]) -> None:
    """Log and print the licences of a collection, once in a process."""
    for licence in dict.fromkeys(wanted.dataset.licence for wanted in plan):
        line = f"{name}: {licence}"
        if line not in _told:
            _told.add(line)
            logger.info("licence of %s", line)
            print(f"licence of {line}", file=sys.stderr)


class _Fetcher:
    """Fetches single files into one downloads folder from one origin."""

    def __init__(
        self,
        folder: Path,
        mirror: Mirror | None,
        locked: Mapping[tuple[str, str, str], DownloadRecord] | None,
        client: Client,
    ) -> None:
        self.folder, self.mirror, self.locked, self.client = folder, mirror, locked, client
        self.origin = mirror.name if mirror else LIVE
        # a folder may be its own mirror, on a machine without network
        self.own_mirror = bool(
            mirror and mirror.folder and mirror.folder.resolve() == folder.resolve()
        )

    def fetch(self, wanted: WantedFile) -> DownloadRecord:
        """Record of a file that is there afterwards, or that its origin lacks."""
        lock = self._lock_entry(wanted)
        if lock is not None and lock.status == ABSENT:
            return self._record(wanted, None)
        expected = _expect(wanted, lock)
        # what is there needs no lock: a folder of another user's may be one for reading only
        record = self._known(wanted, expected)
        if record is None:
            with exclusive(self.folder / ".locks" / f"{wanted.paths[0]}.lock"):
                record = self._known(wanted, expected)
                if record is None:
                    self._keep_present(wanted)
                    record = self._kept(wanted, expected)
                record = record or self._fetched(wanted, lock, expected)
                if record.status != ABSENT:
                    self._keep(wanted, record)
        if record.status == ABSENT:
            self._warn_absent(wanted)
        return record

    def _fetched(
        self, wanted: WantedFile, lock: DownloadRecord | None, expected: Expected
    ) -> DownloadRecord:
        arrival = self._from_mirror(wanted, expected) if self.mirror else None
        if not self.mirror:
            arrival = self._from_host(wanted, expected)
        if arrival is None:
            self._refuse_absence(wanted, lock)
        record = self._record(wanted, arrival)
        write_sidecar(self._target(wanted), record, self._request(wanted))
        return record

    def _lock_entry(self, wanted: WantedFile) -> DownloadRecord | None:
        if self.locked is None:
            return None
        if wanted.key not in self.locked:
            raise InputError(
                wanted.name,
                f"{wanted.url} is not in the lock table",
                "leave it out as in the locked run, or run without the lock table to make a new"
                " one",
            )
        return self.locked[wanted.key]

    def _request(self, wanted: WantedFile) -> str:
        """Digest of what else than its address says what a file holds."""
        return digest_genes(wanted.genes) if wanted.genes and not self.mirror else ""

    def _known(self, wanted: WantedFile, expected: Expected) -> DownloadRecord | None:
        """Record of the file if it is there, and what is wanted."""
        record, request = read_sidecar(self._target(wanted))
        if record is None or record.key != wanted.key:
            return None
        same_origin = record.origin == self.origin or self.own_mirror
        if record.status == ABSENT:
            optional = wanted.dataset.need == "optional" and not expected.sha256
            return record if same_origin and optional and not self._sees_folder else None
        path = self.folder / record.file
        if (
            not (same_origin or expected.sha256)
            or (request != self._request(wanted) and not self.own_mirror)
            or expected.sha256 not in ("", record.sha256)
            or record.records < expected.records
            or not path.is_file()
        ):
            return None
        if path.stat().st_size != record.size or sha256_file(path) != record.sha256:
            logger.warning("%s: is not what was fetched; fetching it again", path)
            return None
        return record

    def _kept(self, wanted: WantedFile, expected: Expected) -> DownloadRecord | None:
        """Record of a file that was fetched before, and put in its place again."""
        target = self._target(wanted)
        kept = kept_place(self.folder, target.name, expected.sha256)
        if not (expected.sha256 and kept.is_file() and sidecar(kept).is_file()):
            return None
        if sha256_file(kept) != expected.sha256:
            logger.warning("%s: is damaged; fetching it again", kept)
            return None
        try:
            link(kept, target)
            link(sidecar(kept), sidecar(target))
        except OSError as error:
            logger.warning("%s: cannot be put in its place (%s); fetching it again", kept, error)
            return None
        logger.info("%s: taken from %s", wanted.name, kept)
        return self._known(wanted, expected)

    def _keep(self, wanted: WantedFile, record: DownloadRecord) -> None:
        """Keep a verified file under its SHA-256 as well, where the file system has links."""
        target = self._target(wanted)
        kept = kept_place(self.folder, target.name, record.sha256)
        try:
            link(target, kept)
            link(sidecar(target), sidecar(kept))
        except OSError as error:
            logger.info("%s: is not kept under its SHA-256 (%s)", target, error)

    def _keep_present(self, wanted: WantedFile) -> None:
        """Keep what is about to be replaced, if it is whole: others may use it."""
        target = self._target(wanted)
        record, _ = read_sidecar(target)
        if record and target.is_file() and sha256_file(target) == record.sha256:
            self._keep(wanted, record)

    def _from_mirror(self, wanted: WantedFile, expected: Expected) -> Arrival | None:
        """Take a file from the first place of the mirror that has it."""
        assert self.mirror is not None
        target = self._target(wanted)
        if self.mirror.folder is not None:
            return self._from_folder(wanted, expected, self.mirror.folder)
        for path in wanted.paths:
            try:
                return download(self.client, self.mirror.address(path), target, expected)
            except RefusedError as error:
                # storage services answer 403 for what they lack
                if not error.absent and error.status != 403:
                    raise
        return None

    def _from_folder(self, wanted: WantedFile, expected: Expected, folder: Path) -> Arrival | None:
        target = self._target(wanted)
        places = [folder / path for path in wanted.paths]
        if expected.sha256:  # of a downloads folder that has fetched several releases
            places.insert(0, kept_place(folder, target.name, expected.sha256))
        for source in places:
            if source.is_file():
                return _with_release(copy(source, target, expected), source)
        return None

    def _from_host(self, wanted: WantedFile, expected: Expected) -> Arrival | None:
        """Fetch a file from its live host, in the way in which the host gives it."""
        target = self._target(wanted)
        if "{genes}" in wanted.url:
            if not wanted.genes:
                raise InputError(wanted.name, "has no genes to ask for", "check the model's genes")
            return download_batches(self.client, wanted.url, wanted.genes, target, expected)
        try:
            if urlsplit(wanted.url).query:
                return download_pages(self.client, wanted.url, target, expected)
            return download(self.client, wanted.url, target, expected)
        except RefusedError as error:
            if error.absent and wanted.dataset.need == "optional":
                return None
            raise

    def _refuse_absence(self, wanted: WantedFile, lock: DownloadRecord | None) -> None:
        if wanted.dataset.need == "optional" and lock is None:
            return
        assert self.mirror is not None or lock is not None
        tried = [self.mirror.where(path) for path in wanted.paths] if self.mirror else [wanted.url]
        raise InputError(
            wanted.name,
            f"is not in the mirror; tried {', '.join(tried)}"
            if self.mirror
            else f"is in the lock table of {lock.date if lock else ''}, and not at {wanted.url}",
            "put the file there, or run without `mirror`" if self.mirror else "use a mirror",
        )

    def _warn_absent(self, wanted: WantedFile) -> None:
        again = (
            "" if self._sees_folder else f"; delete {sidecar(self._target(wanted))} to ask again"
        )
        logger.warning(
            "%s: optional, and not in the origin (%s)%s", wanted.name, self.origin, again
        )

    @property
    def _sees_folder(self) -> bool:
        """Whether the origin is a folder: what it has by now is seen without a request."""
        return self.mirror is not None and self.mirror.folder is not None

    def _target(self, wanted: WantedFile) -> Path:
        return self.folder / wanted.paths[0]

    def _record(self, wanted: WantedFile, arrival: Arrival | None) -> DownloadRecord:
        return DownloadRecord(
            dataset=wanted.dataset.dataset,
            item=wanted.item,
            file=wanted.paths[0] if arrival else "",
            url=wanted.url,
            origin=self.origin,
            release=self._release(wanted.dataset, arrival) if arrival else "",
            date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            size=arrival.facts.size if arrival else 0,
            records=arrival.facts.records if arrival else 0,
            sha256=arrival.facts.sha256 if arrival else "",
            licence=wanted.dataset.licence,
            status=FETCHED if arrival else ABSENT,
        )

    def _release(self, dataset: Dataset, arrival: Arrival) -> str:
        if dataset.version != "unversioned":
            return dataset.version
        # the date of a mirror's file is that of the copy, not of the release
        if arrival.release or arrival.modified is None or self.origin != LIVE:
            return arrival.release
        return datetime.fromtimestamp(arrival.modified, UTC).strftime("%Y-%m-%d")


def _expect(wanted: WantedFile, lock: DownloadRecord | None) -> Expected:
    dataset = wanted.dataset
    if lock and dataset.sha256 and lock.sha256 != dataset.sha256:
        raise InputError(
            wanted.name,
            f"has another SHA-256 in the lock table ({lock.date}) than in the registry",
            "use the gemwright of the locked run, or run without the lock table",
        )
    return Expected(
        format=dataset.format,
        records=int(dataset.records),
        sha256=lock.sha256 if lock else dataset.sha256,
        locked=lock.date if lock and not dataset.sha256 else "",
    )


def _with_release(arrival: Arrival, source: Path) -> Arrival:
    """Take over the release that another downloads folder recorded for its file."""
    record, _ = read_sidecar(source)
    known = record is not None and record.sha256 == arrival.facts.sha256
    return replace(arrival, release=record.release) if record and known else arrival
