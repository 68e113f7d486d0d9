"""Sequence encoder without weights: k-mer frequencies in three alphabets."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gemwright.arrays import SingleArray
from gemwright.errors import InputError

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
# Murphy, Wallqvist and Levy 2000, ten groups
_REDUCED = ("LVIM", "C", "A", "G", "ST", "P", "FYW", "EDNQ", "KR", "H")
_HASHED_LENGTH = 5
_HASHED_BINS = 1024
# residues that stand for another: selenocysteine, pyrrolysine, and ambiguity codes
_STAND_IN = {"U": "C", "O": "K", "B": "D", "Z": "E", "J": "L"}
_SKIP = 255


def _code_table(groups: Sequence[str]) -> npt.NDArray[Any]:
    table = np.full(256, _SKIP, dtype=np.uint8)
    for code, group in enumerate(groups):
        for letter in group:
            table[ord(letter)] = code
    for letter, other in _STAND_IN.items():
        table[ord(letter)] = table[ord(other)]
    return table


_FULL_TABLE = _code_table(AMINO_ACIDS)
_REDUCED_TABLE = _code_table(_REDUCED)


class KmerEncoder:
    """Square roots of k-mer frequencies, nothing fitted.

    A vector has five blocks: 20 amino acids; 400 pairs of amino acids; 1,000 triples in ten
    residue groups; 1,024 bins of hashed 5-mers in ten residue groups; the logarithm of the
    length. Each of the first four has Euclidean length 1 (the square root of frequencies), or 0
    if the sequence is too short for it. k-mers with an unknown residue (X) are left out.

    Attributes
    ----------
    name, version, arithmetic : str
        ``kmer`` and its version; it counts, so nothing else matters.
    dimension : int
        2,445.
    """

    name = "kmer"
    version = "1"
    arithmetic = ""
    dimension = 20 + 400 + 1000 + _HASHED_BINS + 1

    def encode(self, texts: Sequence[str]) -> SingleArray:
        """Return k-mer vectors of amino-acid sequences.

        Parameters
        ----------
        texts : sequence of str
            Sequences in upper case.

        Returns
        -------
        ndarray of float32, shape (len(texts), 2445)

        Raises
        ------
        InputError
            If a sequence is empty or not ASCII.
        """
        if any(not text or not text.isascii() for text in texts):
            raise InputError("sequence", "is empty or not ASCII text", "give amino-acid letters")
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        letters = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8)
        owner = np.repeat(np.arange(len(texts)), lengths)
        full, reduced = _FULL_TABLE[letters], _REDUCED_TABLE[letters]
        blocks = [
            _frequencies(owner, full, 1, 20, len(texts)),
            _frequencies(owner, full, 2, 20, len(texts)),
            _frequencies(owner, reduced, 3, 10, len(texts)),
            _frequencies(owner, reduced, _HASHED_LENGTH, 10, len(texts), _HASHED_BINS),
            np.log(np.maximum(lengths, 1))[:, None] / 10,
        ]
        vectors: SingleArray = np.concatenate(blocks, axis=1).astype(np.float32)
        return vectors


def _frequencies(
    owner: npt.NDArray[Any],
    codes: npt.NDArray[Any],
    k: int,
    base: int,
    rows: int,
    bins: int | None = None,
) -> npt.NDArray[Any]:
    width = bins or base**k
    count = max(len(codes) - k + 1, 0)
    word = np.zeros(count, dtype=np.int64)
    usable = np.ones(count, dtype=bool)
    for offset in range(k):
        letter = codes[offset : offset + count]
        word = word * base + letter
        usable &= letter != _SKIP
    usable &= owner[:count] == owner[k - 1 : k - 1 + count]
    word = word[usable]
    if bins is not None:
        word = _hash_table(base**k, bins)[word]
    counts = np.bincount(owner[:count][usable] * width + word, minlength=rows * width)
    counts = counts.reshape(rows, width).astype(np.float64)
    total = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    return np.asarray(np.sqrt(shares))


_HASHES: dict[tuple[int, int], npt.NDArray[Any]] = {}


def _hash_table(words: int, bins: int) -> npt.NDArray[Any]:
    key = (words, bins)
    if key not in _HASHES:
        _HASHES[key] = np.array(
            [zlib.crc32(word.to_bytes(4, "little")) % bins for word in range(words)]
        )
    return _HASHES[key]
