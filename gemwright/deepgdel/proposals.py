"""Strategies proposed for a target by what was learned from those of other targets."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from gemwright.arrays import BoolArray
from gemwright.deepgdel.dataset import DUMMY_SMILES, DeletionData, read_deletion_data
from gemwright.deepgdel.features import TargetFeatures, read_target_features, target_features
from gemwright.deepgdel.folds import target_groups
from gemwright.deepgdel.methods import predict_methods
from gemwright.gem.model import MetabolicModel
from gemwright.gem.species import metabolite_of
from gemwright.sources.structures import read_structures
from gemwright.strain_design.strain import StrainModel
from gemwright.strain_design.verification import verify_prediction

#: The default method, chosen by AUC among the others on the known strategies; how many targets
#: each method solves is given in ``deletion_verified.csv``.
METHOD = "best"
# groups of targets below which nothing is learned: inner folds need several
_FEWEST_GROUPS = 6

logger = logging.getLogger(__name__)


def with_targets(
    data: DeletionData, targets: Sequence[str], structures: Mapping[str, str]
) -> tuple[DeletionData, BoolArray]:
    """Add targets whose strategy is not known.

    Parameters
    ----------
    data : DeletionData
        The known strategies.
    targets : sequence of str
        Targets wanted; those of `data` stay as they are.
    structures : mapping of str to str
        Metabolite to SMILES.

    Returns
    -------
    data : DeletionData
        With rows for all targets; an added one has no meaning in `remains`.
    known : numpy.ndarray of bool, shape (n,)
        Which rows have a known strategy.
    """
    added = sorted(set(targets) - set(data.targets))
    names = np.array([*data.targets, *added], dtype=object)
    order = np.argsort(names)
    found = [structures.get(metabolite_of(target), DUMMY_SMILES) for target in added]
    smiles = np.array([*data.smiles, *found], dtype=object)
    has_smiles = np.append(data.known_smiles, [text != DUMMY_SMILES for text in found])
    remains = np.vstack([data.remains, np.zeros((len(added), len(data.genes)), np.int8)])
    known = order < len(data.targets)
    return (
        replace(
            data,
            targets=tuple(names[order]),
            smiles=tuple(smiles[order]),
            known_smiles=has_smiles[order].astype(np.bool_),
            remains=remains[order],
        ),
        known,
    )


class Proposer:
    """Proposes strategies for targets, each from the strategies of other targets only.

    Parameters
    ----------
    model : MetabolicModel
        The model.
    data : DeletionData
        The known strategies.
    targets : sequence of str
        Targets that will be asked for.
    structures : mapping of str to str
        Metabolite to SMILES, for targets without a known strategy.
    method : str
        One of `methods.METHODS`.
    seed : int
        Of inner folds and boosting.
    features : TargetFeatures, optional
        Those of the targets of `data`, if they were computed; used if no target is new.
    """

    def __init__(
        self,
        model: MetabolicModel,
        data: DeletionData,
        targets: Sequence[str],
        structures: Mapping[str, str],
        method: str,
        seed: int,
        features: TargetFeatures | None = None,
    ) -> None:
        self.data, self.known = with_targets(data, targets, structures)
        if features is None or features.targets != self.data.targets:
            features = target_features(model, self.data.targets, self.data.genes)
        self.features, self.method, self.seed = features, method, seed

    def propose(self, strain: StrainModel, target: str) -> list[tuple[str, BoolArray]]:
        """Strategies for a target, with where they come from.

        Parameters
        ----------
        strain : StrainModel
            The model.
        target : str
            One of the targets asked for.

        Returns
        -------
        list of (str, numpy.ndarray of bool)
            ``known``, if there is one, and what was predicted without it and without those of
            targets with the same structure or strategy: ``predicted``, or if that is not
            coupled, the nearest strategy that is (``predicted, then <how>``).
        """
        row = self.data.targets.index(target)
        asked = np.arange(len(self.data.targets)) == row
        rows = np.flatnonzero(self.known | asked)
        groups = target_groups(self.data, rows)
        train = rows[groups != groups[rows == row]]
        columns = [strain.states.index[gene] for gene in self.data.genes]
        found: list[tuple[str, BoolArray]] = []
        if self.known[row]:
            strategy = np.zeros(len(strain.genes), np.bool_)
            strategy[columns] = self.data.remains[row] == 0
            found.append(("known", strategy))
        if len(np.unique(target_groups(self.data, train))) < _FEWEST_GROUPS:
            logger.warning("%s: too few known strategies to learn from", target)
            return found
        scores = predict_methods(
            self.data, self.features, train, np.array([row]), self.seed, [self.method]
        )[self.method][0]
        remains = np.ones(len(strain.genes))
        remains[columns] = scores
        deleted, _, as_predicted, _, how = verify_prediction(strain, target, remains)
        origin = "predicted" if as_predicted else f"predicted, then {how}"
        return found if how == "failed" else [(origin, deleted), *found]


def read_proposer(
    model: MetabolicModel,
    data: str | Path,
    features: str | Path,
    structures: str | Path,
    targets: Sequence[str],
    seed: int,
) -> Callable[[StrainModel, str], list[tuple[str, BoolArray]]]:
    """Make `Proposer.propose` out of the folders of the data and features of a model."""
    table = read_structures(structures)
    smiles = dict(zip(table["bigg_id"], table["smiles"], strict=True))
    known, described = read_deletion_data(data), read_target_features(features)
    return Proposer(model, known, targets, smiles, METHOD, seed, described).propose
