"""What every encoder offers, and the table of vectors that it fills."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import pandas as pd
import pyarrow as pa

from gemwright.arrays import SingleArray
from gemwright.errors import InputError
from gemwright.io.tables import read_metadata, read_table, write_parquet

logger = logging.getLogger(__name__)


@runtime_checkable
class Encoder(Protocol):
    """Turns sequences or SMILES into vectors.

    Attributes
    ----------
    name : str
        Name in the registry.
    version : str
        Changes whenever the same text would get another vector: method, options, weights.
    arithmetic : str
        What else the last digits of a vector depend on, and a store has to keep apart: versions of
        libraries, kind of device; may be empty.
    dimension : int
        Length of a vector.
    """

    name: str
    version: str
    arithmetic: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> SingleArray:
        """Return one row for each text, ``(len(texts), dimension)``, in their order."""
        ...


@runtime_checkable
class TellingEncoder(Encoder, Protocol):
    """An encoder that tells which vectors are not what its vectors usually are.

    Attributes
    ----------
    reasons : mapping of str to str
        Every finding that it may tell, and what it means.
    """

    reasons: Mapping[str, str]

    def encode_and_tell(self, texts: Sequence[str]) -> tuple[SingleArray, list[tuple[str, ...]]]:
        """Return the vectors of `encode`, and findings of each text: keys of `reasons`."""
        ...


@dataclass(frozen=True)
class Embeddings:
    """Vectors with the identifiers of their rows.

    Attributes
    ----------
    ids : pandas.Index
        Unique identifiers (enzyme, or BiGG metabolite).
    values : ndarray of float32, shape (len(ids), dimension)
        One row for an identifier.
    encoder : str
        Name and version of the encoder.
    """

    ids: pd.Index
    values: SingleArray
    encoder: str = ""

    def __post_init__(self) -> None:
        """Check that rows and identifiers match."""
        if self.values.ndim != 2 or len(self.ids) != len(self.values):
            raise ValueError(f"{len(self.ids)} identifiers for an array {self.values.shape}")
        if self.ids.has_duplicates:
            raise ValueError("identifiers of embeddings come twice")

    def rows(self, wanted: Sequence[str] | pd.Index) -> SingleArray:
        """Vectors of the wanted identifiers, in their order.

        Raises
        ------
        InputError
            If one has no vector.
        """
        index = self.ids.get_indexer(pd.Index(wanted))
        if (index < 0).any():
            missing = pd.Index(wanted)[index < 0]
            raise InputError(
                "embeddings",
                f"{len(missing)} item(s) have no vector, for example {missing[0]!r}",
                "embed the same enzymes and metabolites that the interactions name",
            )
        return self.values[index]

    def select(self, wanted: Sequence[str] | pd.Index) -> "Embeddings":
        """Embeddings of the wanted identifiers only, in their order."""
        return Embeddings(pd.Index(wanted, dtype=object), self.rows(wanted), self.encoder)

    def write(self, path: str | Path) -> None:
        """Write as Parquet: id, vector (fixed-size list of float32)."""
        vectors = pa.FixedSizeListArray.from_arrays(
            pa.array(self.values.ravel(), pa.float32()), self.values.shape[1]
        )
        table = pa.table({"id": pa.array(self.ids, pa.string()), "vector": vectors})
        write_parquet(table, path, {"encoder": self.encoder})


def read_embeddings(path: str | Path) -> Embeddings:
    """Read what `Embeddings.write` wrote.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    ids, values = unpack_vectors(read_table(path, ["id", "vector"]), "id")
    return Embeddings(pd.Index(ids), values, read_metadata(path).get("encoder", ""))


def unpack_vectors(table: pa.Table, key: str) -> tuple[list[str], SingleArray]:
    """Return identifiers and vectors, ``(n, dimension)``, of columns `key` and ``vector``."""
    vectors = table.column("vector").combine_chunks()
    if isinstance(vectors, pa.ChunkedArray):
        vectors = pa.concat_arrays(vectors.chunks)
    flat = vectors.flatten().to_numpy(zero_copy_only=False)
    # a copy, because torch takes writable arrays only
    values = flat.reshape(-1, vectors.type.list_size).astype(np.float32, copy=True)
    return table.column(key).to_pylist(), values


def embed(items: Mapping[str, str], encoder: Encoder, folder: str | Path) -> Embeddings:
    """Encode named texts through the store in `folder`; see `embed_and_tell`."""
    return embed_and_tell(items, encoder, folder)[0]


def embed_and_tell(
    items: Mapping[str, str], encoder: Encoder, folder: str | Path
) -> tuple[Embeddings, pd.DataFrame]:
    """Encode named texts through the store in `folder`, and tell what the encoder found.

    Parameters
    ----------
    items : mapping of str to str
        Identifier to sequence or SMILES; identifiers with the same text share one vector.
    encoder : Encoder
        From `enzyme_encoders` or `metabolite_encoders`.
    folder : str or Path
        Root of the stores.

    Returns
    -------
    vectors : Embeddings
        One row for each item, sorted by identifier.
    told : pandas.DataFrame
        id, finding, reason; one row for each finding, sorted by identifier. The same whether
        vectors come from the store or not; empty for an encoder that is no `TellingEncoder`.
    """
    from gemwright.embedding.store import EmbeddingStore

    ids = sorted(items)
    values, findings = EmbeddingStore(folder, encoder).fetch_and_tell([items[name] for name in ids])
    rows = [
        (name, finding, encoder.reasons[finding])
        for name, found in zip(ids, findings, strict=True)
        for finding in found
        if isinstance(encoder, TellingEncoder)
    ]
    told = pd.DataFrame(rows, columns=["id", "finding", "reason"], dtype=object)
    for finding, count in told["finding"].value_counts(sort=False).items():
        logger.info("%s: %s: %d of %d", encoder.name, finding, count, len(ids))
    vectors = Embeddings(pd.Index(ids, dtype=object), values, f"{encoder.name} {encoder.version}")
    return vectors, told
