"""Texts as tokens: one character each, 0 for padding; texts of similar length share a bucket.

Case is kept: the authors' code lower-cases SMILES, which makes an aromatic ``c`` of ``C``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gemwright.arrays import IntArray

#: Token of padded positions, which every network ignores (paper eq. 2).
PAD = 0
#: Token of a character that no training text holds; its embedding stays zero.
UNKNOWN = 1
#: Token of a vocabulary's first character.
FIRST = 2


@dataclass(frozen=True)
class Vocabulary:
    """Characters that have a token.

    Attributes
    ----------
    characters : str
        In order; the i-th has token ``FIRST + i``.
    """

    characters: str

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        """All characters of some texts, sorted."""
        return cls("".join(sorted(set().union(*map(set, texts)))))

    @property
    def size(self) -> int:
        """Number of tokens, with padding and the unknown one."""
        return FIRST + len(self.characters)

    def encode(self, text: str) -> IntArray:
        """Tokens of a text, shape (L,); an empty text is one unknown character."""
        number = {character: FIRST + i for i, character in enumerate(self.characters)}
        return np.array([number.get(c, UNKNOWN) for c in text] or [UNKNOWN], dtype=np.int64)


@dataclass(frozen=True)
class Bucket:
    """Texts of similar length, padded to the longest.

    Attributes
    ----------
    items : Tensor of int64, shape (b,)
        Numbers of the texts.
    tokens : Tensor of int64, shape (length, b)
        Position by position; `PAD` behind the end of a text.
    lengths : Tensor of int64, shape (b,)
        Characters of each text.
    """

    items: Tensor
    tokens: Tensor
    lengths: Tensor

    def to(self, device: torch.device) -> "Bucket":
        """Return the bucket on a device."""
        return Bucket(self.items.to(device), self.tokens.to(device), self.lengths.to(device))


@dataclass(frozen=True)
class Texts:
    """Different texts, each once, and which of them each row (target or gene) has.

    Attributes
    ----------
    tokens : tuple of ndarray of int64
        Tokens of the u texts.
    text_of : ndarray of int64, shape (n,)
        Number of each row's text.
    """

    tokens: tuple[IntArray, ...]
    text_of: IntArray

    def __len__(self) -> int:
        return len(self.tokens)


def tokenise(texts: Sequence[str], vocabulary: Vocabulary) -> Texts:
    """Tokens of each different text; texts are numbered in sorted order."""
    different, text_of = np.unique(np.array(texts, dtype=object), return_inverse=True)
    return Texts(tuple(vocabulary.encode(text) for text in different), text_of.astype(np.int64))


def make_bucket(texts: Texts, items: Sequence[int] | IntArray, length: int = 0) -> Bucket:
    """Pad some texts (`items`, with repeats) to the longest, or to `length` if that is more."""
    chosen = [texts.tokens[item] for item in items]
    lengths = np.array([len(tokens) for tokens in chosen], dtype=np.int64)
    padded = np.full((max(length, int(lengths.max())), len(chosen)), PAD, dtype=np.int64)
    for column, tokens in enumerate(chosen):
        padded[: len(tokens), column] = tokens
    return Bucket(
        torch.from_numpy(np.array(items, dtype=np.int64)),
        torch.from_numpy(padded),
        torch.from_numpy(lengths),
    )


def make_buckets(
    texts: Texts, items: IntArray, most_tokens: int, step_cost: int, most_texts: int
) -> list[Bucket]:
    """Divide texts into buckets of similar lengths at the least padding.

    A bucket of b texts and length L costs L x (b + `step_cost`): what each position of a
    recurrent network costs beside its texts. The cut of the sorted texts with the least total
    cost is found exactly, among buckets within the two limits (a single text may have more tokens).

    Parameters
    ----------
    texts : Texts
        The texts.
    items : ndarray of int64
        Which of them, each once.
    most_tokens : int
        Most padded tokens in a bucket.
    step_cost : int
        Fixed cost of one position, in tokens.
    most_texts : int
        Most texts in a bucket.

    Returns
    -------
    list of Bucket
        From short to long texts.
    """
    length = np.array([len(texts.tokens[item]) for item in items], dtype=np.int64)
    order = np.lexsort((items, length))
    length = length[order]
    best = np.zeros(len(items) + 1)
    start = np.zeros(len(items) + 1, dtype=np.int64)
    for end in range(1, len(items) + 1):
        most = min(end, most_texts, max(1, most_tokens // int(length[end - 1])))
        size = np.arange(1, most + 1)
        total = best[end - size] + length[end - 1] * (size + step_cost)
        chosen = int(np.argmin(total))
        best[end], start[end] = total[chosen], end - size[chosen]
    buckets: list[Bucket] = []
    end = len(items)
    while end:
        buckets.append(make_bucket(texts, items[order[start[end] : end]]))
        end = int(start[end])
    return buckets[::-1]
