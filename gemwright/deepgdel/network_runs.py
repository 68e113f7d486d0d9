"""All networks of one fold: trained one after another, resumable, and applied to its targets."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from gemwright.code_digest import code_digest
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import Fold
from gemwright.deepgdel.networks import NetworkName
from gemwright.deepgdel.predictions import FloatArray
from gemwright.deepgdel.training import NetworkOptions, predict_network, train_network
from gemwright.device import device_kind
from gemwright.io.files import sha256_text


def run_networks(
    data: DeletionData,
    fold: Fold,
    names: Sequence[NetworkName],
    options: NetworkOptions,
    seed: int,
    folder: str | Path,
) -> tuple[dict[str, FloatArray], pd.DataFrame]:
    """Train networks on a fold's training targets and predict its test targets.

    Parameters
    ----------
    data : DeletionData
        The strategies.
    fold : Fold
        Training and test rows.
    names : sequence of str
        Some of `networks.NETWORKS`.
    options : NetworkOptions
        How they are trained; the seed is set to `seed`.
    seed : int
        Seed of weights, validation targets and order.
    folder : str or Path
        Where each network's weights and checkpoint are kept, so that a run that was stopped goes
        on and a finished network is not trained again: below it, in a folder named by a digest of
        what they depend on, so that runs with other data or options do not meet there.

    Returns
    -------
    scores : dict of str to numpy.ndarray of float, shape (n_test, n_genes)
        Network to P(gene remains).
    histories : pandas.DataFrame
        method, and the columns of `training.HISTORY_COLUMNS`.
    """
    seeded = replace(options, seed=seed)
    own = Path(folder) / _digest(data, fold, seeded)
    scores: dict[str, FloatArray] = {}
    histories = []
    for name in names:
        place = own / name
        weights, history = train_network(data, fold.train, name, seeded, place)
        scores[name] = predict_network(data, fold.test, weights, options.device, options.threads)
        histories.append(history.assign(method=name))
    return scores, pd.concat(histories, ignore_index=True)


def _digest(data: DeletionData, fold: Fold, options: NetworkOptions) -> str:
    """Digest of code, training targets, options and kind of device (its sums are its own)."""
    facts = [
        code_digest(__file__),
        asdict(replace(options, device=device_kind(options.device))),
        data.genes,
        data.sequences,
        [data.smiles[row] for row in fold.train],
        hashlib.sha256(data.remains[fold.train].astype(np.int8).tobytes()).hexdigest(),
    ]
    return sha256_text(json.dumps(facts, sort_keys=True))[:16]
