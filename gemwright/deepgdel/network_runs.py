"""All networks of one fold: trained one after another, resumable, and applied to its targets."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from gemwright.arrays import FloatArray
from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel.dataset import DeletionData
from gemwright.deepgdel.folds import Fold
from gemwright.deepgdel.network_prediction import predict_network
from gemwright.deepgdel.networks import NetworkName
from gemwright.deepgdel.training import network_digest, train_network
from gemwright.io.locks import claim


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
        what it depends on, so that runs with other data or options do not meet there. Of several
        runs at once one trains a network, and the others wait for it.

    Returns
    -------
    scores : dict of str to numpy.ndarray of float, shape (n_test, n_genes)
        Network to P(gene remains).
    histories : pandas.DataFrame
        method, and the columns of `training.HISTORY_COLUMNS`.
    """
    seeded = replace(options, seed=seed)
    scores: dict[str, FloatArray] = {}
    histories = []
    for name in names:
        place = Path(folder) / network_digest(data, fold.train, name, seeded)[:16]
        with claim(place / ".claim", wait=True):
            weights, history = train_network(data, fold.train, name, seeded, place)
        scores[name] = predict_network(data, fold.test, weights, options.device, options.threads)
        histories.append(history.assign(method=name))
    return scores, pd.concat(histories, ignore_index=True)
