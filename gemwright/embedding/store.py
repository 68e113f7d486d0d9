"""A store of vectors keyed by content, so that nothing is encoded twice."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from gemwright.embedding.protocol import Encoder, FloatArray, unpack_vectors
from gemwright.errors import InputError
from gemwright.io.files import sha256_text
from gemwright.io.tables import read_table, write_parquet

logger = logging.getLogger(__name__)


class EmbeddingStore:
    """Cached vectors of one encoder: a folder of Parquet shards with page checksums.

    A shard is written atomically after each batch, so a run that was stopped goes on where it
    was. A damaged shard is deleted with a warning and its texts are encoded again.

    Parameters
    ----------
    folder : str or Path
        Root of the stores; the encoder's name and version give the folder below it.
    encoder : Encoder
        What encodes the texts that are missing.
    shard_size : int
        Texts encoded, and written, at a time.
    """

    def __init__(self, folder: str | Path, encoder: Encoder, shard_size: int = 512) -> None:
        if shard_size < 1:
            raise ValueError("shard_size has to be at least 1")
        self.encoder = encoder
        self.folder = Path(folder) / f"{encoder.name}-{encoder.version}"
        self.shard_size = shard_size

    def fetch(self, texts: Sequence[str]) -> FloatArray:
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
        keys = [sha256_text(text) for text in texts]
        by_key = dict(zip(keys, texts, strict=True))
        known = self._load(set(by_key))
        # by length, because encoders pad; by key, so that shards do not depend on the order
        missing = sorted(by_key.keys() - known.keys(), key=lambda key: (len(by_key[key]), key))
        starts = range(0, len(missing), self.shard_size)
        for start in tqdm(starts, desc=f"encode {self.encoder.name}", disable=len(starts) < 2):
            batch = missing[start : start + self.shard_size]
            vectors = self._encode([by_key[key] for key in batch])
            self._write(batch, vectors)
            known.update(zip(batch, vectors, strict=True))
        result = np.empty((len(keys), self.encoder.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            result[row] = known[key]
        return result

    def _encode(self, texts: list[str]) -> FloatArray:
        vectors = np.asarray(self.encoder.encode(texts), dtype=np.float32)
        expected = (len(texts), self.encoder.dimension)
        if vectors.shape != expected:
            raise ValueError(f"{self.encoder.name} gave {vectors.shape}, expected {expected}")
        if not np.isfinite(vectors).all():
            raise ValueError(f"{self.encoder.name} gave a vector that is not finite")
        return vectors

    def _write(self, keys: list[str], vectors: FloatArray) -> None:
        name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
        values = pa.FixedSizeListArray.from_arrays(
            pa.array(vectors.ravel(), pa.float32()), vectors.shape[1]
        )
        table = pa.table({"key": pa.array(keys, pa.string()), "vector": values})
        write_parquet(table, self.folder / f"shard-{name}.parquet")

    def _load(self, wanted: set[str]) -> dict[str, FloatArray]:
        known: dict[str, FloatArray] = {}
        for path in sorted(self.folder.glob("shard-*.parquet")):
            try:
                keys = read_table(path, ["key"]).column("key").to_pylist()
                if wanted.isdisjoint(keys):
                    continue
                _, values = unpack_vectors(read_table(path, ["key", "vector"]), "key")
            except InputError as error:
                logger.warning("damaged shard deleted, its texts are encoded again: %s", error)
                path.unlink()
                continue
            known.update((key, row) for key, row in zip(keys, values, strict=True) if key in wanted)
        return known
