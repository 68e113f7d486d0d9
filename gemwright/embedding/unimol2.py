"""Uni-Mol2 metabolite encoder: the molecule representation of a three-dimensional structure."""

import argparse
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rdkit import rdBase

from gemwright.arrays import SingleArray
from gemwright.embedding.conformers import (
    CONFORMER_SEED,
    FLAT,
    NO_CONFORMER,
    NO_HEAVY_ATOM,
    REASONS,
    atoms_seen,
    conformer,
)
from gemwright.errors import InputError
from gemwright.io.files import sha256_file
from gemwright.learning.device import arithmetic, choose_device

logger = logging.getLogger(__name__)

URL = "https://huggingface.co/dptech/Uni-Mol2/resolve/main/{file}"
# unimol_tools draws so many of the heavy atoms of a larger molecule
_MOST_ATOMS = 256
_CROPPED = "cropped"


@dataclass(frozen=True)
class UniMol2Options:
    """Where Uni-Mol2 comes from and how it is run.

    Attributes
    ----------
    weights : str or None
        Folder with ``modelzoo/<size>/checkpoint.pt``; by default ``UNIMOL_WEIGHT_DIR``, else
        ``GEMWRIGHT_WEIGHTS``.
    batch_size : int
        Molecules run at a time.
    use_gpu : bool
        Use a GPU if there is one.
    """

    weights: str | None = None
    batch_size: int = 32
    use_gpu: bool = True


class UniMol2Encoder:
    """Molecule representation (h_m, section 3.3.2 of the paper) by ``unimol_tools``.

    One conformer for each molecule; see `gemwright.embedding.conformers.conformer`.

    Parameters
    ----------
    size : str
        ``84m``, ``164m``, ``310m``, ``570m`` or ``1.1B``.
    **options
        Attributes of `UniMol2Options`.

    Raises
    ------
    InputError
        If the checkpoint is missing or cannot be read.
    """

    def __init__(self, size: str = "84m", **options: Any) -> None:
        self.options = UniMol2Options(**options)
        self.name = f"unimol2_{size}"
        path = checkpoint_path(size, self.options)
        self._model = _load(size, path, self.options)
        self.dimension = int(self._model.model.args.encoder_embed_dim)
        # f: findings stand beside the vectors
        self.version = f"{sha256_file(path)[:12]}-c{CONFORMER_SEED}-f1"
        cropped = f"structures of more than {_MOST_ATOMS} heavy atoms are cropped"
        self.reasons: Mapping[str, str] = {**REASONS, _CROPPED: cropped}
        # the conformers are RDKit's
        libraries = f"rdkit{rdBase.rdkitVersion}-unimol{version('unimol_tools')}"
        self.arithmetic = f"{libraries}-{arithmetic(_device(self.options))}"

    def encode(self, texts: Sequence[str]) -> SingleArray:
        """Return molecule representations of structures.

        Parameters
        ----------
        texts : sequence of str
            SMILES.

        Returns
        -------
        ndarray of float32, shape (len(texts), dimension)
            See `encode_and_tell`.

        Raises
        ------
        InputError
            If a SMILES cannot be read.
        """
        return self.encode_and_tell(texts)[0]

    def encode_and_tell(self, texts: Sequence[str]) -> tuple[SingleArray, list[tuple[str, ...]]]:
        """Return molecule representations of structures, and what was found of each.

        Parameters
        ----------
        texts : sequence of str
            SMILES.

        Returns
        -------
        vectors : ndarray of float32, shape (len(texts), dimension)
            Zero for a structure without a heavy atom (a proton, hydrogen), because Uni-Mol2 takes
            hydrogens off, and for one without coordinates. A larger molecule than 256 heavy atoms
            is cropped to as many, always the same ones.
        findings : list of tuple of str
            Keys of `reasons`; warnings name those that change a vector.

        Raises
        ------
        InputError
            If a SMILES cannot be read.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        molecules, findings = [], []
        for text in texts:
            molecule, found = conformer(text)
            large = molecule.GetNumConformers() and atoms_seen(molecule) > _MOST_ATOMS
            molecules.append(molecule)
            findings.append((*found, _CROPPED) if large else found)
        self._warn(texts, findings)
        rows = [row for row, one in enumerate(molecules) if one.GetNumConformers()]
        cropped = [row for row in rows if _CROPPED in findings[row]]
        whole = [row for row in rows if _CROPPED not in findings[row]]
        # the atoms are drawn by numpy's global state: one molecule at a time, each from the seed
        for batch in filter(None, [whole, *([row] for row in cropped)]):
            given = pd.DataFrame({"ROMol": [molecules[row] for row in batch]})
            with _seeded():
                output = self._model.get_repr(given, return_tensor=True)
            vectors[batch] = output.cpu().numpy()
        return vectors, findings

    def _warn(self, texts: Sequence[str], findings: Sequence[tuple[str, ...]]) -> None:
        for finding in (NO_HEAVY_ATOM, NO_CONFORMER, FLAT, _CROPPED):
            named = {text for text, found in zip(texts, findings, strict=True) if finding in found}
            if named:
                reason = self.reasons[finding]
                logger.warning("%s: %s: %s", self.name, reason, ", ".join(sorted(named)))


@contextmanager
def _seeded() -> Iterator[None]:
    state = np.random.get_state()
    np.random.seed(CONFORMER_SEED)
    try:
        yield
    finally:
        np.random.set_state(state)


def checkpoint_path(size: str, options: UniMol2Options) -> Path:
    """Path of the checkpoint of a size.

    Raises
    ------
    InputError
        If no folder is named or the file is not in it. ``unimol_tools`` would otherwise fetch
        it into its own package folder.
    """
    file = f"modelzoo/{size.upper()}/checkpoint.pt"
    folder = (
        options.weights
        or os.environ.get("UNIMOL_WEIGHT_DIR")
        or os.environ.get("GEMWRIGHT_WEIGHTS")
    )
    where = Path(folder or "weights") / file
    if folder and where.is_file():
        return where
    raise InputError(
        str(where),
        f"the weights of unimol2_{size} are missing",
        f"download {URL.format(file=file)} to that path and set the weights folder",
    )


def _device(options: UniMol2Options) -> str:
    return "auto" if options.use_gpu else "cpu"


def _load(size: str, path: Path, options: UniMol2Options) -> Any:
    import torch

    # its import opens the root logger to every library's debugging
    root = logging.getLogger()
    level = root.level
    from unimol_tools import UniMolRepr

    root.setLevel(level)
    cure = "delete it and download it again"
    on_gpu = choose_device(_device(options)).type == "cuda"
    try:
        # besides tensors, checkpoints of its framework hold their options as a Namespace
        with torch.serialization.safe_globals([argparse.Namespace]):
            model = UniMolRepr(
                model_name="unimolv2",
                model_size=size,
                batch_size=options.batch_size,
                max_atoms=_MOST_ATOMS,
                use_cuda=on_gpu,
                pretrained_model_path=str(path),
            )
            saved = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(str(path), f"is no Uni-Mol2 checkpoint ({error})", cure) from error
    # unimol_tools ignores weights that are missing: they would stay random without a word
    saved = saved.get("model", saved.get("model_state_dict", saved))
    missing = [
        name
        for name in model.model.state_dict()
        if name not in saved and not name.startswith("classification_head")
    ]
    if missing:
        raise InputError(
            str(path), f"lacks {len(missing)} weights of unimol2_{size} ({missing[0]}, ...)", cure
        )
    # conformer workers would be forked from a process that runs torch threads
    model.params["multi_process"] = False
    return model
