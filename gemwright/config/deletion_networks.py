"""How deletion networks are trained; what the section ``deepgdel`` tells of it comes first."""

from typing import Literal

from gemwright.config.section import Count, Natural, NotNegative, Positive, Section, Share


class NetworkKeys(Section):
    """Keys of the section ``deepgdel`` that are options of the networks."""

    #: Passes of the networks over the chosen pairs of the training targets (100 in the paper).
    epochs: Count = 100
    #: Epochs without a smaller validation loss before training stops; 0 trains all epochs, as the
    #: paper does. The weights of the best epoch count in any case.
    patience: Natural = 10
    #: Of Adam (0.001 in the paper); ten times that for networks with an LSTM, since a block makes 8
    #: updates an epoch and the paper's batches of pairs hundreds (``NetworkOptions.rate_factor``).
    learning_rate: Positive = 0.001
    #: ``auto`` (a GPU if there is one), ``cpu``, ``cuda``.
    device: str = "auto"


class NetworkOptions(NetworkKeys):
    """How a network is trained; defaults are the paper's where it tells them (III-C, Table IV)."""

    #: d and D. Table IV underlines 64 for D and the LSTM; for d nothing is underlined.
    embedding: Count = 64
    #: d and D. Table IV underlines 64 for D and the LSTM; for d nothing is underlined.
    hidden: Count = 64
    #: See `networks.NetworkShape`.
    dropout: NotNegative = 0.0
    #: The networks with an LSTM (all but ``dnn``) learn at this times ``learning_rate``: an epoch
    #: of blocks has few updates where the paper's batches of 8 pairs make hundreds or thousands. On
    #: e_coli_core 10 gives in 30 epochs what 1 gives in 100; for ``dnn`` 10 is too much.
    rate_factor: Positive = 10.0
    #: Steps in an epoch, each on another part of the genes (fewer if there are fewer buckets of
    #: genes).
    updates: Count = 8
    #: Share of the training targets that is held out to choose the epoch; 0 keeps the last.
    validation_share: Share = 0.1
    #: See `balance.balanced_pairs`. Not ``paper``, the text's: it flattens the genes' frequencies,
    #: and e_coli_core is then predicted no better than by chance (accuracy 50 %, AUC 48 %, five
    #: folds), with validation pairs that favour an early epoch.
    balance: Literal["paper", "classes", "none"] = "classes"
    #: Of weights, draws, order and dropout.
    seed: Natural = 0
    #: Torch's CPU threads; sums depend on it in the last digit.
    threads: Count = 1
    #: Epochs between checkpoints; 0 for none.
    checkpoint_every: Natural = 10
