"""A table that its host gives page by page (UniProt), resumed at a page.

The protocol is that of UniProt's REST service: a header ``Link`` leads to the next page,
``X-Total-Results`` tells the number of entries, ``X-UniProt-Release`` the release.
"""

import gzip
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gemwright.download.addresses import with_credentials_of, without_credentials
from gemwright.download.checks import Expected, refuse_html, verify
from gemwright.download.client import CHUNK, Client, RefusedError
from gemwright.download.headers import follow, next_link, whole_number
from gemwright.download.storage import Appender, Layout, PartialFile, open_fresh
from gemwright.download.transfer import RELEASE_HEADER, Arrival
from gemwright.errors import InputError

logger = logging.getLogger(__name__)

_TOTAL_HEADER = "X-Total-Results"
_LAYOUT: Layout = {
    "url": str, "next": str, "release": str, "total": int, "header": str, "lines": int,
    "offset": int,
}  # fmt: skip


class _StaleError(InputError):
    """The pages so far do not fit the next one: a release came out, or a cursor ran out."""


def download_pages(client: Client, address: str, target: Path, expected: Expected) -> Arrival:
    """Fetch all pages of a query into one table with one header line.

    A stopped call is gone on with at the page where it stopped. If the pages do not fit each
    other, all are fetched once more.

    Parameters
    ----------
    client : Client
        Makes the requests.
    address : str
        Address of the first page.
    target : Path
        The table to make; gzipped (same bytes for the same table) if its name ends in ``.gz``.
    expected : Expected
        What it has to be.

    Raises
    ------
    InputError
        If a page cannot be had, is no table or leads to another host, the pages are of two
        releases, the number of entries is not the one that the host tells, the table is not what
        was expected, or the disk is full.
    """
    part = PartialFile(target)
    with part.guarded():
        try:
            state = _all_pages(client, address, part)
        except _StaleError as error:
            logger.warning("%s; starting again", error)
            part.discard()
            try:
                state = _all_pages(client, address, part)
            except _StaleError:
                part.discard()
                raise
        if target.suffix == ".gz":
            _pack(part)
        whole = part.packed if part.packed.exists() else part.path
        try:
            facts = verify(whole, without_credentials(address), expected)
        except InputError:
            part.discard()
            raise
        part.finish(None)
    return Arrival(facts, None, state["release"])


def _all_pages(client: Client, address: str, part: PartialFile) -> dict[str, Any]:
    url = without_credentials(address)
    state = part.read_state(_LAYOUT)
    if state.get("url") != url or part.size < state["offset"] or not _is_own(state["next"], url):
        state = {
            "url": url, "next": url, "release": "", "total": None, "header": "",
            "lines": 0, "offset": 0,
        }  # fmt: skip
        part.start(state)
    elif state["lines"]:
        logger.info("%s: going on after %s entries", url, f"{state['lines']:,}")
    with (
        tqdm(
            desc=part.target.name, total=state["total"], initial=state["lines"], unit=" entries",
            disable=None, leave=False,
        ) as bar,
        Appender(part.path, state["offset"]) as out,
    ):  # fmt: skip
        while state["next"]:
            body, state = _next_page(client, state, part, address)
            out.write(body)
            # after the bytes: what a kill leaves behind the offset is cut off
            part.write_state(state)
            bar.total = state["total"]
            bar.update(state["lines"] - bar.n)
    if state["lines"] != state["total"]:
        raise _StaleError(
            url,
            f"gave {state['lines']:,} entries and announced {state['total']:,}",
            "run again later",
        )
    return state


def _next_page(
    client: Client, state: Mapping[str, Any], part: PartialFile, address: str
) -> tuple[bytes, dict[str, Any]]:
    """Lines of the next page to append, and the state after them."""
    url = without_credentials(address)
    try:
        body, headers = client.body(with_credentials_of(address, state["next"]))
    except RefusedError as error:
        if state["offset"] and error.status in (400, 404, 410):
            raise _StaleError(url, f"the next page is gone ({error.what})", error.cure) from error
        raise
    release = headers.get(RELEASE_HEADER, "")
    header, _, rows = body.partition(b"\n")
    if state["offset"] == 0:
        _check_first_page(body, headers, part, url)
        text, total = body, whole_number(headers[_TOTAL_HEADER])
    else:
        if release != state["release"]:
            raise _StaleError(
                url,
                f"the release changed from {state['release']} to {release} while its pages came",
                "run again later",
            )
        if header.decode(errors="replace") != state["header"]:
            raise _StaleError(url, "its pages have different columns", "run again later")
        text, total = rows, state["total"]
    if text and not text.endswith(b"\n"):
        text += b"\n"
    link = next_link(headers)
    following = follow(state["next"], link, url) if link else ""
    lines = state["lines"] + sum(1 for line in rows.split(b"\n") if line.strip())
    if following == state["next"] or (following and lines == state["lines"]):
        raise _StaleError(url, "its pages lead in a circle", "run again later")
    return text, {
        "url": url, "next": following, "release": release, "total": total,
        "header": header.decode(errors="replace"), "lines": lines,
        "offset": state["offset"] + len(text),
    }  # fmt: skip


def _check_first_page(body: bytes, headers: Mapping[str, str], part: PartialFile, url: str) -> None:
    if whole_number(headers.get(_TOTAL_HEADER, "")) is None:
        part.discard()
        refuse_html(body, url)
        raise InputError(
            url,
            f"the reply has no header {_TOTAL_HEADER}, so nothing tells whether all pages came",
            "check the address in gemwright/resources/datasets.tsv, or use a mirror",
        )


def _is_own(address: str, url: str) -> bool:
    """Whether a next page of an earlier run is one that its host may have led to."""
    try:
        return not address or follow(url, address, url) == address
    except InputError:
        return False


def _pack(part: PartialFile) -> None:
    """Compress the pages, without the time and the name that gzip would store."""
    with (
        open(part.path, "rb") as source,
        open(open_fresh(part.packed), "wb") as out,
        gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as packer,
    ):
        while chunk := source.read(CHUNK):
            packer.write(chunk)
