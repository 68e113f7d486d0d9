"""ESM-2 sequence encoder: the mean over residues of the last layer."""

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from gemwright.arrays import SingleArray
from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.learning.device import arithmetic, choose_device

URL = "https://dl.fbaipublicfiles.com/fair-esm/models/{name}.pt"
_MAX_RESIDUES = 1022


@dataclass(frozen=True)
class Esm2Options:
    """Where ESM-2 comes from and how it is run.

    Attributes
    ----------
    weights : str or None
        Folder with ``<name>.pt``; by default ``GEMWRIGHT_WEIGHTS``, else torch hub's
        ``checkpoints`` folder.
    download : bool
        Fetch the checkpoint into that folder if it is missing.
    long_sequences : {'chunk', 'truncate'}
        Sequences beyond 1,022 residues in overlapping windows, or only their beginning.
    overlap : int
        Residues that neighbouring windows share; a residue seen twice counts as the mean of
        both.
    tokens_per_batch : int
        Residues, with padding, that are run at a time.
    device : str
        ``auto``, ``cpu``, ``cuda``, ...
    """

    weights: str | None = None
    download: bool = False
    long_sequences: Literal["chunk", "truncate"] = "chunk"
    overlap: int = 256
    tokens_per_batch: int = 8192
    device: str = "auto"


class Esm2Encoder:
    """Equation 2 of the paper with any ESM-2 checkpoint in fair-esm's format.

    Parameters
    ----------
    checkpoint : str
        Its name, ``esm2_...``.
    **options
        Attributes of `Esm2Options`.

    Raises
    ------
    InputError
        If the checkpoint is missing or cannot be read.
    """

    def __init__(self, checkpoint: str, **options: Any) -> None:
        self.name = checkpoint
        self.options = Esm2Options(**options)
        if not 0 <= self.options.overlap < _MAX_RESIDUES:
            raise InputError(
                "ESM-2 overlap",
                f"{self.options.overlap} is outside 0 to {_MAX_RESIDUES - 1}",
                "use 256",
            )
        path = checkpoint_path(checkpoint, self.options)
        self._model, alphabet = _load(checkpoint, path)
        self._converter = alphabet.get_batch_converter()
        self._device = choose_device(self.options.device)
        self._model.to(self._device).eval()
        self.dimension = int(self._model.embed_dim)
        long: str = self.options.long_sequences
        if long == "chunk":
            long += str(self.options.overlap)
        # the weights are part of the key: another checkpoint of the same name shares nothing
        self.version = f"{sha256_file(path)[:12]}-{long}"
        self.arithmetic = arithmetic(self.options.device)

    def encode(self, texts: Sequence[str]) -> SingleArray:
        """Return mean vectors of amino-acid sequences.

        Parameters
        ----------
        texts : sequence of str
            Sequences, not empty; J (leucine or isoleucine), which ESM-2 does not know, is read as
            L.

        Returns
        -------
        ndarray of float32, shape (len(texts), dimension)
        """
        if any(not text for text in texts):
            raise InputError("sequence", "is empty", "remove it")
        texts = [text.replace("J", "L") for text in texts]
        windows = [
            (row, start, text[start : start + _MAX_RESIDUES])
            for row, text in enumerate(texts)
            for start in self._starts(len(text))
        ]
        windows.sort(key=lambda window: len(window[2]))
        left = Counter(row for row, _, _ in windows)
        # residues of the sequences that are under way only: those of one of 40,000 take 200 MB
        held: dict[int, tuple[SingleArray, SingleArray]] = {}
        result = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in self._batches(windows):
            for (row, start, piece), residues in zip(batch, self._residues(batch), strict=True):
                if row not in held:
                    length = len(texts[row])
                    held[row] = (
                        np.zeros((length, self.dimension), dtype=np.float32),
                        np.zeros((length, 1), dtype=np.float32),
                    )
                total, count = held[row]
                total[start : start + len(piece)] += residues
                count[start : start + len(piece)] += 1
                left[row] -= 1
                if not left[row]:
                    covered = count[:, 0] > 0
                    result[row] = (total[covered] / count[covered]).mean(axis=0)
                    del held[row]
        return result

    def _starts(self, length: int) -> list[int]:
        if length <= _MAX_RESIDUES or self.options.long_sequences == "truncate":
            return [0]
        step = _MAX_RESIDUES - self.options.overlap
        return [*range(0, length - _MAX_RESIDUES, step), length - _MAX_RESIDUES]

    def _batches(self, windows: list[tuple[int, int, str]]) -> list[list[tuple[int, int, str]]]:
        batches: list[list[tuple[int, int, str]]] = []
        for window in windows:
            # sorted by length: the newest window is the longest of its batch
            width = len(window[2]) + 2
            if not batches or (len(batches[-1]) + 1) * width > self.options.tokens_per_batch:
                batches.append([])
            batches[-1].append(window)
        return batches

    def _residues(self, batch: list[tuple[int, int, str]]) -> list[SingleArray]:
        _, _, tokens = self._converter([("", piece) for _, _, piece in batch])
        layer = int(self._model.num_layers)
        with torch.inference_mode():
            output = self._model(tokens.to(self._device), repr_layers=[layer])
        layers = output["representations"][layer].float().cpu().numpy()
        # position 0 is the beginning-of-sequence token
        return [layers[i, 1 : len(piece) + 1] for i, (_, _, piece) in enumerate(batch)]


def checkpoint_path(name: str, options: Esm2Options) -> Path:
    """Path of a checkpoint, downloaded if that is wanted.

    Raises
    ------
    InputError
        If it is missing and must not, or cannot, be downloaded.
    """
    folder = options.weights or os.environ.get("GEMWRIGHT_WEIGHTS")
    root = Path(folder) if folder else Path(torch.hub.get_dir()) / "checkpoints"
    path = root / f"{name}.pt"
    if path.is_file():
        return path
    url = URL.format(name=name)
    if options.download:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # writes to a temporary file and renames it
            torch.hub.download_url_to_file(url, str(path))
        except OSError as error:
            raise InputError(
                str(path), f"{url} cannot be downloaded ({error})", f"put the file {path} there"
            ) from error
        return path
    raise InputError(
        str(path),
        f"the weights of {name} are missing",
        f"download {url} to that path, set the weights folder, or allow the download",
    )


def _load(name: str, path: Path) -> tuple[Any, Any]:
    from esm.pretrained import load_model_and_alphabet_core

    try:
        # fair-esm keeps its configuration as a Namespace; nothing else is unpickled
        with torch.serialization.safe_globals([argparse.Namespace]):
            data = torch.load(path, map_location="cpu", weights_only=True)
        # the contact head needs a second file and is not used
        import warnings

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Regression weights not found")
            model, alphabet = load_model_and_alphabet_core(name, data, None)
    except Exception as error:
        raise InputError(
            str(path), f"is no ESM-2 checkpoint ({error})", "delete it and download it again"
        ) from error
    return model, alphabet
