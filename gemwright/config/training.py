"""The section ``training``: how the dual tower is trained."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gemwright.config.section import (
    Count,
    Natural,
    NotNegative,
    Positive,
    Section,
    Share,
    section,
)

Dropout = Annotated[float, Field(ge=0, lt=1)]


@section
class TrainingOptions(Section):
    """The dual tower (eqs. 3-8).

    Attributes
    ----------
    inputs
        What the enzyme tower sees: the encoder's vector alone, or also the votes of homologues.
    hidden
        Width of the projection heads' hidden layer.
    dimension
        Dimension of the shared space Z (eq. 3).
    input_dropout
        Dropout of the input vectors.
    dropout
        Dropout of the hidden layer.
    temperature
        Initial temperature tau (eq. 4); learned.
    bias
        Initial bias b (eq. 4); learned.
    triplet_weight
        lambda_trip of eq. 6; 0 leaves binary cross-entropy.
    margin
        alpha of eq. 8.
    epochs
        Most passes over the training enzymes.
    patience
        Epochs without a better validation AUPR before training stops; 0 never stops early and
        keeps the last weights.
    batch_enzymes
        Enzymes in a step, each with all its labelled pairs.
    learning_rate, weight_decay
        Of AdamW.
    votes_dropout
        Share of enzymes whose homologues are hidden in a step, so that the tower also learns to do
        without them.
    seed
        Seed of weights, shuffling and dropout.
    device
        ``auto`` (a GPU if there is one), ``cpu``, ``cuda``.
    threads
        Torch's CPU threads, however many cores the run has: sums depend on it in the last digit.
    hide
        Whose votes a training enzyme does not see: its own, or those of its whole cluster, so that
        it sees what an enzyme of a new cluster will see.
    """

    not_keys: ClassVar = ("seed",)

    inputs: Literal["sequence", "sequence+homologues"] = "sequence+homologues"
    hidden: Count = 256
    dimension: Count = 128
    input_dropout: Dropout = 0.2
    dropout: Dropout = 0.5
    temperature: Positive = 0.1
    bias: float = -4.0
    triplet_weight: NotNegative = 0.2
    margin: NotNegative = 0.2
    epochs: Count = 40
    patience: Natural = 6
    batch_enzymes: Count = 256
    learning_rate: Positive = 0.001
    weight_decay: NotNegative = 0.001
    votes_dropout: Share = 0.2
    seed: Natural = 0
    device: str = "auto"
    threads: Count = 2
    hide: Literal["self", "cluster"] = "self"
