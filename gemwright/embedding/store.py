"""A store of vectors keyed by content, so that nothing is encoded twice."""

import errno
import hashlib
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from gemwright.arrays import SingleArray
from gemwright.embedding.protocol import Encoder, TellingEncoder, unpack_vectors
from gemwright.errors import InputError
from gemwright.io.files import FORBIDDEN, sha256_text
from gemwright.io.locks import claim
from gemwright.io.tables import read_table, write_parquet

logger = logging.getLogger(__name__)


class EmbeddingStore:
    """Cached vectors of one encoder: a folder of Parquet shards with page checksums.

    A shard is written atomically after each batch, so a run that was stopped goes on where it
    was. A damaged shard is deleted with a warning and its texts are encoded again.

    Processes of several users and machines may use one store at once: each claims the batch that
    it encodes, so that the others take another one meanwhile. What one of them may not read,
    delete or write costs it a warning and the time to encode, nothing else.

    Parameters
    ----------
    folder : str or Path
        Root of the stores; the encoder's name, version and arithmetic give the folder below it.
    encoder : Encoder
        What encodes the texts that are missing.
    shard_size : int
        Texts encoded, and written, at a time.
    """

    def __init__(self, folder: str | Path, encoder: Encoder, shard_size: int = 512) -> None:
        if shard_size < 1:
            raise ValueError("shard_size has to be at least 1")
        self.encoder = encoder
        parts = (encoder.name, encoder.version, encoder.arithmetic)
        self.folder = Path(folder) / "-".join(filter(None, parts))
        self.shard_size = shard_size
        self._tells = isinstance(encoder, TellingEncoder)

    def fetch(self, texts: Sequence[str]) -> SingleArray:
        """Vectors of the texts, encoding those that the store lacks.

        Parameters
        ----------
        texts : sequence of str
            Sequences or SMILES; repeats are encoded once.

        Returns
        -------
        ndarray of float32, shape (len(texts), dimension)
            In the order of `texts`.
        """
        return self.fetch_and_tell(texts)[0]

    def fetch_and_tell(self, texts: Sequence[str]) -> tuple[SingleArray, list[tuple[str, ...]]]:
        """Vectors of the texts, as `fetch`, and what the encoder found when it encoded each.

        What a `TellingEncoder` finds is kept beside the vectors; other encoders find nothing.
        """
        keys = [sha256_text(text) for text in texts]
        by_key = dict(zip(keys, texts, strict=True))
        shards = _Shards(self.folder, self.encoder.dimension, set(by_key), self._tells)
        encoded = self._encode_missing(by_key, shards)
        logger.info(
            "%s: %d of %d vectors from the cache, %d encoded",
            self.encoder.name, len(by_key) - encoded, len(by_key), encoded,
        )  # fmt: skip
        result = np.empty((len(keys), self.encoder.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            result[row] = shards.known[key]
        return result, [shards.found.get(key, ()) for key in keys]

    def _encode_missing(self, by_key: Mapping[str, str], shards: "_Shards") -> int:
        """Make all vectors known; return how many this process encoded."""
        shards.load()
        # by length, because encoders pad; by key, so that shards do not depend on the order
        missing = sorted(
            by_key.keys() - shards.known.keys(), key=lambda key: (len(by_key[key]), key)
        )
        starts = range(0, len(missing), self.shard_size)
        batches = [missing[start : start + self.shard_size] for start in starts]
        pending = deque((batch, False) for batch in batches)
        encoded = 0
        with tqdm(
            desc=f"encode {self.encoder.name}", total=len(batches), disable=len(batches) < 2
        ) as bar:
            while pending:
                batch, wait = pending.popleft()
                with claim(self.folder / f".claim-{_name(batch)}", wait) as mine:
                    if not mine:  # another process is at it: see to the others first
                        pending.append((batch, True))
                        continue
                    shards.load()
                    rest = [key for key in batch if key not in shards.known]
                    if rest:
                        vectors, found = self._encode([by_key[key] for key in rest])
                        shards.add(rest, vectors, found, self._write(rest, vectors, found))
                        encoded += len(rest)
                bar.update()
        return encoded

    def _encode(self, texts: list[str]) -> tuple[SingleArray, list[tuple[str, ...]]]:
        found: list[tuple[str, ...]] = [()] * len(texts)
        if isinstance(self.encoder, TellingEncoder):
            given, found = self.encoder.encode_and_tell(texts)
        else:
            given = self.encoder.encode(texts)
        vectors = np.asarray(given, dtype=np.float32)
        expected = (len(texts), self.encoder.dimension)
        if vectors.shape != expected or not np.isfinite(vectors).all():
            raise InputError(
                f"encoder {self.encoder.name}",
                f"gave an array {vectors.shape}, expected {expected}, all finite",
                "return a vector for each text",
            )
        return vectors, found

    def _write(
        self, keys: list[str], vectors: SingleArray, found: list[tuple[str, ...]]
    ) -> Path | None:
        values = pa.FixedSizeListArray.from_arrays(
            pa.array(vectors.ravel(), pa.float32()), vectors.shape[1]
        )
        table = pa.table({"key": pa.array(keys, pa.string()), "vector": values})
        if self._tells:
            table = table.append_column("findings", pa.array(found, pa.list_(pa.string())))
        path = self.folder / f"shard-{_name(keys)}.parquet"
        try:
            write_parquet(table, path)
        except (OSError, InputError) as error:
            cause = _system_error(error)
            if cause is None or cause.errno not in {*FORBIDDEN, errno.EISDIR}:
                raise
            logger.warning("%d vectors are not kept for other runs: %s", len(keys), error)
            return None
        return path


class _Shards:
    """Vectors, and findings if there are any, that a folder's shards hold for the wanted keys."""

    def __init__(self, folder: Path, dimension: int, wanted: set[str], tells: bool) -> None:
        self.folder, self.dimension, self.wanted = folder, dimension, wanted
        self.columns = ["key", "vector", *(["findings"] if tells else [])]
        self.known: dict[str, SingleArray] = {}
        self.found: dict[str, tuple[str, ...]] = {}
        # what was looked at: a shard may be deleted, and written again under its name
        self._seen: set[tuple[str, int, int]] = set()

    def load(self) -> None:
        """Take over what shards hold that were not there at the last call."""
        for path in sorted(self.folder.glob("shard-*.parquet")):
            try:
                version = _version(path)
                if version in self._seen:
                    continue
                self._seen.add(version)
                if not path.is_file():  # a folder, or a pipe that would be waited for
                    logger.warning("%s: is no file, its texts are encoded again", path)
                    continue
                self._read(path)
            except FileNotFoundError:
                continue
            except InputError as error:
                cause = _system_error(error)
                if isinstance(cause, FileNotFoundError):
                    continue  # deleted by another process, as damaged
                if cause is not None and cause.errno:
                    logger.warning("its texts are encoded again: %s", error)
                    continue
                _delete(path, error)

    def add(
        self,
        keys: list[str],
        vectors: SingleArray,
        found: list[tuple[str, ...]],
        path: Path | None,
    ) -> None:
        """Take over what this process has encoded, and written to a shard if it could."""
        self.known.update(zip(keys, vectors, strict=True))
        self.found.update(zip(keys, found, strict=True))
        if path is not None:
            with suppress(FileNotFoundError):  # deleted by another process
                self._seen.add(_version(path))

    def _read(self, path: Path) -> None:
        table = read_table(path, self.columns)
        keys = table.column("key").to_pylist()
        if self.wanted.isdisjoint(keys):
            return
        kind = table.schema.field("vector").type
        if kind != pa.list_(pa.float32(), self.dimension):
            raise InputError(str(path), f"holds vectors of {kind}", "delete it")
        _, values = unpack_vectors(table, "key")
        rows = zip(keys, values, strict=True)
        self.known.update((key, row) for key, row in rows if key in self.wanted)
        if "findings" in self.columns:
            found = zip(keys, table.column("findings").to_pylist(), strict=True)
            self.found.update((key, tuple(told)) for key, told in found if key in self.wanted)


def _version(path: Path) -> tuple[str, int, int]:
    facts = path.stat()
    return path.name, facts.st_ino, facts.st_mtime_ns


def _delete(path: Path, error: InputError) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as refusal:
        logger.warning(
            "damaged shard (it cannot be deleted: %s), its texts are encoded again: %s",
            refusal.strerror, error,
        )  # fmt: skip
    else:
        logger.warning("damaged shard deleted, its texts are encoded again: %s", error)


def _system_error(error: BaseException) -> OSError | None:
    """Return the error of the system behind an error; damage of a file has none, or no number."""
    cause = error.__cause__ if isinstance(error, InputError) else error
    return cause if isinstance(cause, OSError) else None


def _name(keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
