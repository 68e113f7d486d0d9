"""The stages that put several modules together: labelling, training, evaluation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd

from gemwright.config.negatives import Kind, NegativeOptions
from gemwright.config.training import TrainingOptions
from gemwright.embedding.morgan import tanimoto
from gemwright.embedding.protocol import Embeddings
from gemwright.emi.evaluation import RATIOS, evaluate
from gemwright.emi.homologues import VoteOptions, homologue_votes
from gemwright.emi.negatives import KINDS, label_pairs
from gemwright.emi.prediction import EmiModel, fit_model_stack, predict
from gemwright.emi.splits import PARTS
from gemwright.emi.training import TrainingData, train_tower
from gemwright.errors import InputError


@dataclass(frozen=True)
class ModelOptions:
    """How a model, tower and stack, is made.

    Attributes
    ----------
    training : TrainingOptions
        Of the tower.
    votes : VoteOptions
        How homologues vote.
    """

    training: TrainingOptions = field(default_factory=TrainingOptions)
    votes: VoteOptions = field(default_factory=VoteOptions)


@dataclass(frozen=True)
class EmiData:
    """What training and evaluation share.

    Attributes
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite.
    split : pandas.DataFrame
        enzyme, cluster, part.
    labelled : pandas.DataFrame
        From `label_parts`.
    enzymes, metabolites : Embeddings
        Vectors of all enzymes of the split and of the internal pool.
    hits : pandas.DataFrame
        All-against-all search of the enzymes.
    """

    interactions: pd.DataFrame
    split: pd.DataFrame
    labelled: pd.DataFrame
    enzymes: Embeddings
    metabolites: Embeddings
    hits: pd.DataFrame

    def known(self, *parts: str) -> pd.DataFrame:
        """Interactions of the enzymes of some parts."""
        return interactions_of(self.interactions, self.split, parts)

    def pairs(self, part: str, negatives: Kind) -> pd.DataFrame:
        """Labelled pairs of one part with one kind of negatives."""
        chosen = (self.labelled["part"] == part) & (self.labelled["negatives"] == negatives)
        return self.labelled[chosen]


def interactions_of(
    interactions: pd.DataFrame, split: pd.DataFrame, parts: Sequence[str]
) -> pd.DataFrame:
    """Interactions of the enzymes of some parts."""
    enzymes = split.loc[split["part"].isin(list(parts)), "enzyme"]
    return interactions[interactions["enzyme"].isin(enzymes)]


def label_parts(
    interactions: pd.DataFrame,
    split: pd.DataFrame,
    fingerprints: Embeddings,
    options: NegativeOptions | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Label the pairs of every part; all kinds of negatives for validation and test.

    Parameters
    ----------
    interactions : pandas.DataFrame
        enzyme, metabolite: all interactions.
    split : pandas.DataFrame
        enzyme, part.
    fingerprints : Embeddings
        Morgan fingerprints of the internal pool, whatever the tower's own encoder is.
    options : NegativeOptions, optional
        Its `kind` is not asked: training gets hard negatives, the other parts get all kinds.

    Returns
    -------
    labelled : pandas.DataFrame
        part, negatives (one of `KINDS`) and the columns of `label_pairs`.
    report : pandas.DataFrame
        part, negatives, quantity, value.
    """
    options = options or NegativeOptions()
    similarity = tanimoto(fingerprints.values)
    tables, reports = [], []
    for number, part in enumerate(PARTS):
        positives = interactions_of(interactions, split, [part])
        if positives.empty and part != "train":
            continue
        kinds: tuple[Kind, ...] = ("hard",) if part == "train" else KINDS
        for kind in kinds:
            own = replace(options, kind=kind, seed=options.seed + 1009 * number)
            labelled, report = label_pairs(
                positives, interactions, fingerprints.ids, similarity, own
            )
            tables.append(labelled.assign(part=part, negatives=kind))
            reports.append(report.assign(part=part, negatives=kind))
    everyone = pd.CategoricalDtype(sorted(split["enzyme"]))
    labelled = pd.concat([table.astype({"enzyme": everyone}) for table in tables])
    labelled = labelled.astype({"part": "category", "negatives": "category"})
    first = ["part", "negatives"]
    report = pd.concat(reports, ignore_index=True)
    return (
        labelled[[*first, *labelled.columns.drop(first)]].reset_index(drop=True),
        report[[*first, "quantity", "value"]],
    )


def train_model(
    data: EmiData,
    options: ModelOptions | None = None,
    checkpoint_folder: str | Path | None = None,
) -> tuple[EmiModel, pd.DataFrame]:
    """Train the tower on the training part, then fit the stack on the validation part.

    Parameters
    ----------
    data : EmiData
        The test part, if there is one, is not looked at.
    options : ModelOptions, optional
        How to train.
    checkpoint_folder : str or Path, optional
        See `gemwright.emi.training.train_tower`.

    Returns
    -------
    model : EmiModel
        Tower and stack.
    history : pandas.DataFrame
        See `gemwright.emi.training.train_tower`.

    Raises
    ------
    InputError
        If there is no validation part.
    """
    options = options or ModelOptions()
    if not (data.split["part"] == "validation").any():
        raise InputError("split", "has no validation part", "set a validation fraction above 0")
    known = data.known("train")
    validation_votes = training_votes = None
    if options.training.inputs == "sequence+homologues":
        pool = data.metabolites.ids
        validation_votes = homologue_votes(data.enzymes.ids, pool, data.hits, known, options.votes)
        groups = (
            data.split.set_index("enzyme")["cluster"]
            if options.training.hide == "cluster"
            else None
        )
        training_votes = (
            validation_votes
            if groups is None
            else homologue_votes(data.enzymes.ids, pool, data.hits, known, options.votes, groups)
        )
    train = TrainingData(
        data.pairs("train", "hard"), data.enzymes, data.metabolites, training_votes
    )
    validation = TrainingData(
        data.pairs("validation", "hard"), data.enzymes, data.metabolites, validation_votes
    )
    tower, history = train_tower(train, validation, options.training, checkpoint_folder)
    training = asdict(options.training)
    facts = {
        "hide": training.pop("hide"),
        "training": training,
        "enzyme_encoder": data.enzymes.encoder,
        "metabolite_encoder": data.metabolites.encoder,
        "n_training_enzymes": int((data.split["part"] == "train").sum()),
    }
    model = EmiModel(tower, data.metabolites, None, options.votes, facts)
    model = fit_model_stack(
        model,
        data.pairs("validation", "hard"),
        data.enzymes,
        data.metabolites,
        data.hits,
        known,
    )
    return model, history


def evaluate_model(
    model: EmiModel, data: EmiData, split_name: str, seed: int = 0, ratios: Sequence[float] = RATIOS
) -> pd.DataFrame:
    """Measure the model and all controls on the test part.

    Votes and popularity come from the training part for validation enzymes (where thresholds are
    chosen) and from the training and validation parts for test enzymes.

    Parameters
    ----------
    model : EmiModel
        Trained on `data`.
    data : EmiData
        With a test part.
    split_name : str
        Name of the split in the table.
    seed : int
        Seed in the table.
    ratios : sequence of float
        Negatives for each positive.

    Returns
    -------
    pandas.DataFrame
        See `gemwright.emi.evaluation.evaluate`.
    """
    names: dict[str, pd.Index] = {}
    scores: dict[str, dict[str, npt.NDArray[Any]]] = {}
    known = {"validation": data.known("train"), "test": data.known("train", "validation")}
    for part in ("validation", "test"):
        enzymes = data.pairs(part, "hard")["enzyme"].unique()
        names[part] = pd.Index(sorted(enzymes), dtype=object)
        scores[part] = predict(
            model, data.enzymes.select(names[part]), data.metabolites, data.hits, known[part]
        )
    return evaluate(
        {kind: data.pairs("test", kind) for kind in KINDS},
        {kind: data.pairs("validation", kind) for kind in KINDS},
        scores["test"],
        scores["validation"],
        names["test"],
        names["validation"],
        data.metabolites.ids,
        split=split_name,
        encoder=f"{data.enzymes.encoder} x {data.metabolites.encoder}",
        seed=seed,
        ratios=ratios,
    )
