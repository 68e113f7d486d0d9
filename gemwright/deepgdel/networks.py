"""The networks of DeepGDel: two LSTM autoencoders, a predictor of pairs, and their rivals.

Source: Yang and Tamura, DeepGDel, III-B (equations 3 to 25) and IV-D (equation 26). A network has
two sides, one for metabolites and one for genes. A side turns a bucket of texts into one vector
for each; a head turns the vectors of a metabolite and a gene into the logit of P(gene remains).
Because each side sees one text only, every different text needs to be encoded once for all pairs.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional

from gemwright.deepgdel.tokens import FIRST, PAD, UNKNOWN, Bucket
from gemwright.errors import require_known

NetworkName = Literal["deepgdel", "metabolite_only", "gene_only", "dnn", "shuffled", "identity"]
NETWORKS: tuple[NetworkName, ...] = get_args(NetworkName)
_IGNORED = -100


@dataclass(frozen=True)
class NetworkShape:
    """What the parameters of a network have as shapes.

    Attributes
    ----------
    name : str
        One of `NETWORKS`. ``metabolite_only`` and ``gene_only`` put ones in the place of the
        other side's Z; ``shuffled`` has the shape of ``deepgdel``, its sequences are dealt to
        other genes; ``identity`` learns a vector for each gene, as such.
    metabolite_tokens, gene_tokens : int
        Sizes of the vocabularies.
    metabolite_length, gene_length : int
        Longest training texts: only ``dnn`` depends on it, which cuts longer ones.
    genes : int
        Different gene texts, for ``identity``.
    embedding, hidden : int
        d and D of the paper (Table IV).
    dropout : float
        On embedded characters and on Z (the paper does not say where).
    """

    name: NetworkName
    metabolite_tokens: int
    gene_tokens: int
    metabolite_length: int
    gene_length: int
    genes: int
    embedding: int = 64
    hidden: int = 64
    dropout: float = 0.0


class Side(nn.Module):
    """One side of a network."""

    def encode(self, bucket: Bucket) -> Tensor:
        """Vectors of a bucket's texts, shape (b, D)."""
        raise NotImplementedError

    def forward(self, bucket: Bucket) -> tuple[Tensor, Tensor | None]:
        """Vectors, and the reconstruction loss of each text, shape (b,), where there is one."""
        return self.encode(bucket), None


class SequenceAutoencoder(Side):
    """Meta-M or Gene-M: embedding, LSTM, layer norm, masked mean; an LSTM decodes from the mean.

    Padding stands behind the text and an LSTM sees no later position, so the states of the text's
    own positions do not depend on it; mean and loss leave the padded positions out. The decoder
    gets Z at each position (equation 14) and starts from linear maps of Z (equation 15). The loss
    of equations 18 and 19 is taken from the logits: the paper's arg max (equation 17), taken
    literally, would have no gradient.
    """

    def __init__(self, tokens: int, shape: NetworkShape) -> None:
        super().__init__()
        hidden = shape.hidden
        self.embedding = _embedding(tokens, shape.embedding)
        self.dropout = nn.Dropout(shape.dropout)
        self.encoder = nn.LSTM(shape.embedding, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.start_hidden = nn.Linear(hidden, hidden)
        self.start_cell = nn.Linear(hidden, hidden)
        self.decoder = nn.LSTM(hidden, hidden)
        self.generate = nn.Linear(hidden, tokens - FIRST)

    def encode(self, bucket: Bucket) -> Tensor:
        """Return Z of equations 3 to 13, shape (b, D)."""
        states, _ = self.encoder(self.dropout(self.embedding(bucket.tokens)))
        return self.pool(states, bucket)

    def forward(self, bucket: Bucket) -> tuple[Tensor, Tensor | None]:
        """Z, and the mean cross-entropy over each text's positions (equation 18)."""
        z = self.encode(bucket)
        inputs = z.expand(len(bucket.tokens), -1, -1).contiguous()
        states, _ = self.decoder(inputs, self.start(z))
        return z, self.entropy(states, bucket)

    def pool(self, states: Tensor, bucket: Bucket) -> Tensor:
        """Z from the encoder's states (equations 12 and 13)."""
        z: Tensor = self.dropout((self.norm(states) * _shares(bucket, states.dtype)).sum(dim=0))
        return z

    def start(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden and cell state that the decoder starts from (equation 15)."""
        return self.start_hidden(z)[None], self.start_cell(z)[None]

    def entropy(self, states: Tensor, bucket: Bucket) -> Tensor:
        """Mean cross-entropy of each text from the decoder's states (equations 18 and 19)."""
        wanted = torch.where(bucket.tokens >= FIRST, bucket.tokens - FIRST, _IGNORED)
        entropy = functional.cross_entropy(
            self.generate(states).flatten(0, 1),
            wanted.flatten(),
            ignore_index=_IGNORED,
            reduction="none",
        )
        return (entropy.view_as(wanted) * _shares(bucket, states.dtype)[..., 0]).sum(dim=0)


class Ones(Side):
    """The side that an ablation leaves out: Z is one."""

    ones: Tensor

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.register_buffer("ones", torch.ones(shape.hidden), persistent=False)

    def encode(self, bucket: Bucket) -> Tensor:
        """Ones, shape (b, D)."""
        return self.ones.expand(len(bucket.items), -1)


class LearnedVectors(Side):
    """A vector for each text, which knows nothing of its characters."""

    def __init__(self, texts: int, shape: NetworkShape) -> None:
        super().__init__()
        self.vectors = nn.Embedding(texts, shape.hidden)

    def encode(self, bucket: Bucket) -> Tensor:
        """Look up the texts' own vectors, shape (b, D)."""
        vectors: Tensor = self.vectors(bucket.items)
        return vectors


class FlatEmbedding(Side):
    """One side of the DNN: its part of W1 X, X being the embedded characters one after another.

    W1 of equation 26 acts on ``[X_g; X_m]``, so W1 X is a sum of a part for each side, and the
    parts are computed once for each text. Padding is embedded as zero.
    """

    def __init__(self, tokens: int, length: int, shape: NetworkShape) -> None:
        super().__init__()
        self.length = length
        self.embedding = _embedding(tokens, shape.embedding)
        self.dropout = nn.Dropout(shape.dropout)
        inputs = (shape.metabolite_length + shape.gene_length) * shape.embedding
        weight = torch.empty(length * shape.embedding, shape.hidden)
        self.weight = nn.Parameter(nn.init.uniform_(weight, -(inputs**-0.5), inputs**-0.5))

    def encode(self, bucket: Bucket) -> Tensor:
        """Compute the side's part of W1 X, shape (b, D)."""
        embedded = self.dropout(self.embedding(bucket.tokens[: self.length].T)).flatten(1)
        part: Tensor = embedded @ self.weight[: embedded.shape[1]]
        return part


class ProductHead(nn.Module):
    """Pred-M: an MLP of one hidden layer on Z_meta * Z_gene (equations 22 and 23)."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.hidden = nn.Linear(shape.hidden, shape.hidden)
        self.output = nn.Linear(shape.hidden, 1)

    def forward(self, metabolites: Tensor, genes: Tensor) -> Tensor:
        """Logits of vectors (..., D) that are broadcast against each other."""
        logits: Tensor = self.output(functional.relu(self.hidden(metabolites * genes)))
        return logits.squeeze(-1)


class SumHead(nn.Module):
    """The rest of the DNN (equation 26)."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(shape.hidden))
        self.output = nn.Linear(shape.hidden, 1)

    def forward(self, metabolites: Tensor, genes: Tensor) -> Tensor:
        """Logits of vectors (..., D) that are broadcast against each other."""
        logits: Tensor = self.output(functional.relu(metabolites + genes + self.bias))
        return logits.squeeze(-1)


class DeletionNetwork(nn.Module):
    """Two sides and a head.

    Parameters
    ----------
    shape : NetworkShape
        Which network, and its sizes.

    Raises
    ------
    InputError
        If the name is unknown.
    """

    metabolite_side: Side
    gene_side: Side

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        require_known("network", shape.name, NETWORKS)
        self.shape = shape
        if shape.name == "dnn":
            self.metabolite_side = FlatEmbedding(
                shape.metabolite_tokens, shape.metabolite_length, shape
            )
            self.gene_side = FlatEmbedding(shape.gene_tokens, shape.gene_length, shape)
            self.head: nn.Module = SumHead(shape)
            return
        self.metabolite_side = (
            Ones(shape)
            if shape.name == "gene_only"
            else SequenceAutoencoder(shape.metabolite_tokens, shape)
        )
        if shape.name == "metabolite_only":
            self.gene_side = Ones(shape)
        elif shape.name == "identity":
            self.gene_side = LearnedVectors(shape.genes, shape)
        else:
            self.gene_side = SequenceAutoencoder(shape.gene_tokens, shape)
        self.head = ProductHead(shape)

    def grid_logits(self, metabolites: Tensor, genes: Tensor) -> Tensor:
        """Logits of all pairs of vectors (n, D) and (m, D), shape (n, m)."""
        logits: Tensor = self.head(metabolites[:, None], genes[None])
        return logits


def _embedding(tokens: int, dimension: int) -> nn.Embedding:
    """Embedding whose padding is zero for good, and whose unknown character starts at zero."""
    embedding = nn.Embedding(tokens, dimension, padding_idx=PAD)
    with torch.no_grad():
        embedding.weight[UNKNOWN] = 0.0
    return embedding


def _shares(bucket: Bucket, dtype: torch.dtype) -> Tensor:
    """1 / L at the L positions of each text and 0 behind, shape (length, b, 1)."""
    positions = torch.arange(len(bucket.tokens), device=bucket.tokens.device)
    inside = positions[:, None] < bucket.lengths
    return (inside.to(dtype) / bucket.lengths)[..., None]
