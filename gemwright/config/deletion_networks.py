"""How deletion networks are trained; what the section ``deepgdel`` tells of it comes first."""

from typing import Literal

from gemwright.config.section import Count, Natural, NotNegative, Positive, Section, Share, section


@section
class NetworkKeys(Section):
    """Keys of the section ``deepgdel`` that are options of the networks.

    Attributes
    ----------
    epochs
        Passes of the networks over the chosen pairs of the training targets (100 in the paper).
    patience
        Epochs without a smaller validation loss before training stops; 0 trains all epochs, as the
        paper does. The weights of the best epoch count in any case.
    learning_rate
        Of Adam (0.001 in the paper); ten times that for networks with an LSTM, since a block makes
        8 updates an epoch and the paper's batches of pairs hundreds
        (``NetworkOptions.rate_factor``).
    device
        ``auto`` (a GPU if there is one), ``cpu``, ``cuda``.
    """

    epochs: Count = 100
    patience: Natural = 10
    learning_rate: Positive = 0.001
    device: str = "auto"


@section
class NetworkOptions(NetworkKeys):
    """How a network is trained; defaults are the paper's where it tells them (III-C, Table IV).

    Attributes
    ----------
    embedding, hidden
        d and D. Table IV underlines 64 for D and the LSTM; for d nothing is underlined.
    dropout
        See `networks.NetworkShape`.
    rate_factor
        The networks with an LSTM (all but ``dnn``) learn at this times ``learning_rate``: an epoch
        of blocks has few updates where the paper's batches of 8 pairs make hundreds or thousands.
        On e_coli_core 10 gives in 30 epochs what 1 gives in 100; for ``dnn`` 10 is too much.
    updates
        Steps in an epoch, each on another part of the genes (fewer if there are fewer buckets of
        genes).
    validation_share
        Share of the training targets that is held out to choose the epoch; 0 keeps the last.
    balance
        See `balance.balanced_pairs`. Not ``paper``, the text's: it flattens the genes' frequencies,
        and e_coli_core is then predicted no better than by chance (accuracy 50 %, AUC 48 %, five
        folds), with validation pairs that favour an early epoch.
    seed
        Of weights, draws, order and dropout.
    threads
        Torch's CPU threads; sums depend on it in the last digit.
    checkpoint_every
        Epochs between checkpoints; 0 for none.
    """

    embedding: Count = 64
    hidden: Count = 64
    dropout: NotNegative = 0.0
    rate_factor: Positive = 10.0
    updates: Count = 8
    validation_share: Share = 0.1
    balance: Literal["paper", "classes", "none"] = "classes"
    seed: Natural = 0
    threads: Count = 1
    checkpoint_every: Natural = 10
