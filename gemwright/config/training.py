"""The section ``training``: how the dual tower is trained."""

from typing import ClassVar, Literal

from gemwright.config.section import Count, Dropout, Natural, NotNegative, Positive, Section, Share


class TrainingOptions(Section):
    """The dual tower (eqs. 3-8)."""

    not_keys: ClassVar = ("seed",)

    #: What the enzyme tower sees: the encoder's vector alone, or also the votes of homologues.
    inputs: Literal["sequence", "sequence+homologues"] = "sequence+homologues"
    #: Width of the projection heads' hidden layer.
    hidden: Count = 256
    #: Dimension of the shared space Z (eq. 3).
    dimension: Count = 128
    #: Dropout of the input vectors.
    input_dropout: Dropout = 0.0
    #: Dropout of the hidden layer.
    dropout: Dropout = 0.5
    #: Initial temperature tau (eq. 4); learned.
    temperature: Positive = 0.1
    #: Initial bias b (eq. 4); learned.
    bias: float = -4.0
    #: lambda_trip of eq. 6; 0 leaves binary cross-entropy.
    triplet_weight: NotNegative = 0.2
    #: alpha of eq. 8.
    margin: NotNegative = 0.2
    #: Most passes over the training enzymes.
    epochs: Count = 12
    #: Epochs without a better validation AUPR before training stops; 0 never stops early and keeps
    #: the last weights.
    patience: Natural = 6
    #: Enzymes in a step, each with all its labelled pairs.
    batch_enzymes: Count = 256
    #: Of AdamW.
    learning_rate: Positive = 0.001
    #: Of AdamW.
    weight_decay: NotNegative = 0.001
    #: Share of enzymes whose homologues are hidden in a step, so that the tower also learns to do
    #: without them.
    votes_dropout: Share = 0.2
    #: Seed of weights, shuffling and dropout.
    seed: Natural = 0
    #: ``auto`` (a GPU if there is one), ``cpu``, ``cuda``.
    device: str = "auto"
    #: Torch's CPU threads, however many cores the run has: sums depend on it in the last digit.
    threads: Count = 1
    #: Whose votes a training enzyme does not see: its own, or those of its whole cluster, so that
    #: it sees what an enzyme of a new cluster will see.
    hide: Literal["self", "cluster"] = "self"
