"""Sequences that their host gives ten at a time (KEGG), resumed batch by batch."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gemwright.download.addresses import fill, without_credentials
from gemwright.download.checks import Expected, verify
from gemwright.download.client import Client, RefusedError
from gemwright.download.storage import Appender, Layout, PartialFile
from gemwright.download.transfer import Arrival
from gemwright.errors import InputError
from gemwright.io.files import sha256_text

logger = logging.getLogger(__name__)

_BATCH = 10
_LAYOUT: Layout = {"url": str, "genes": str, "done": int, "offset": int, "missing": list}


def digest_genes(genes: Sequence[str]) -> str:
    """SHA-256 of a list of genes: tells whether a file was fetched for the same ones."""
    return sha256_text("\n".join(genes))


def download_batches(
    client: Client, pattern: str, genes: Sequence[str], target: Path, expected: Expected
) -> Arrival:
    """Fetch the sequences of genes into one FASTA file, in the order of the genes.

    The host leaves out genes that it does not know (and answers 404 if it knows none of a
    batch): a warning counts and lists them.

    Parameters
    ----------
    client : Client
        Makes the requests.
    pattern : str
        Address with ``{genes}`` for the genes of one batch, joined by ``+``.
    genes : sequence of str
        Identifiers as the host writes them (``eco:b0002``); repeats are asked for once.
    target : Path
        The FASTA file to make.
    expected : Expected
        What it has to be.

    Raises
    ------
    InputError
        If a batch cannot be had or is no FASTA, no gene is known, the file is not what was
        expected, or the disk is full.
    """
    genes = list(dict.fromkeys(genes))
    url = without_credentials(pattern)
    part = PartialFile(target)
    with part.guarded():
        state = part.read_state(_LAYOUT)
        if (
            (state.get("url"), state.get("genes")) != (url, digest_genes(genes))
            or part.size < state["offset"]
            or not all(gene in genes for gene in state["missing"])
        ):  # fmt: skip
            state = {
                "url": url, "genes": digest_genes(genes), "done": 0, "offset": 0, "missing": [],
            }  # fmt: skip
            part.start(state)
        elif state["done"]:
            logger.info("%s: going on after %d genes", target.name, state["done"])
        state = _all_batches(client, pattern, genes, part, state)
        missing = state["missing"]
        if missing:
            logger.warning(
                "%s: %d of %d genes are unknown to the host and left out: %s",
                url, len(missing), len(genes), ", ".join(missing),
            )  # fmt: skip
        if len(missing) == len(genes):
            part.discard()
            raise InputError(url, "knows none of the genes", "check their organism's code")
        try:
            facts = verify(part.path, url, expected)
        except InputError:
            part.discard()
            raise
        part.finish(None)
    return Arrival(facts)


def _all_batches(
    client: Client, pattern: str, genes: list[str], part: PartialFile, state: dict[str, Any]
) -> dict[str, Any]:
    with (
        tqdm(
            desc=part.target.name, total=len(genes), initial=state["done"], unit=" genes",
            disable=None, leave=False,
        ) as bar,
        Appender(part.path, state["offset"]) as out,
    ):  # fmt: skip
        for start in range(state["done"], len(genes), _BATCH):
            batch = genes[start : start + _BATCH]
            entries = _fetch_batch(client, pattern, batch)
            text = b"".join(entries[gene] for gene in batch if gene in entries)
            out.write(text)
            state = {
                **state,
                "done": start + len(batch),
                "offset": state["offset"] + len(text),
                "missing": [*state["missing"], *(gene for gene in batch if gene not in entries)],
            }
            # after the bytes: what a kill leaves behind the offset is cut off
            part.write_state(state)
            bar.update(len(batch))
    return state


def _fetch_batch(client: Client, pattern: str, batch: list[str]) -> dict[str, bytes]:
    """Entries of a batch as they came, by gene."""
    address = fill(pattern, {"genes": "+".join(batch)})
    where = without_credentials(address)
    try:
        body, _ = client.body(address)
    except RefusedError as error:
        if error.absent:
            return {}
        raise
    before, *texts = b"\n".join([b"", *body.splitlines(), b""]).split(b"\n>")
    if before.strip():
        raise InputError(
            where, f"is no FASTA: it starts with {before.strip()[:30]!r}", "try again later"
        )
    entries: dict[str, bytes] = {}
    for text in texts:
        words = text.split(None, 1)
        gene = words[0].decode(errors="replace") if words else ""
        if gene in batch and gene not in entries:
            entries[gene] = b">" + text.strip() + b"\n"
        else:
            logger.warning("%s: gave %r, which was not asked for; left out", where, gene)
    return entries
