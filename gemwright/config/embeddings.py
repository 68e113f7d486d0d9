"""The section ``embeddings``: encoders of sequences and structures."""

from dataclasses import field
from typing import Any

from gemwright.config.section import Section


class EmbeddingSettings(Section):
    """Encoders of sequences and structures."""

    #: Sequence encoder: ``kmer`` (needs no weights), ``esm2_t6_8M_UR50D`` ...
    #: ``esm2_t48_15B_UR50D``, or ``file.py:Class`` of yours.
    enzyme: str = "kmer"
    #: Options of the sequence encoder, for ESM-2: ``weights`` (folder with ``<name>.pt``),
    #: ``download``, ``long_sequences``, ``device`` ...
    enzyme_options: dict[str, Any] = field(default_factory=dict)
    #: Structure encoder: ``morgan`` (chiral fingerprints), ``unimol2_84m`` ... ``unimol2_1.1B``, or
    #: ``file.py:Class`` of yours.
    metabolite: str = "morgan"
    #: Options of the structure encoder, for Uni-Mol2: ``weights`` (folder with
    #: ``modelzoo/84M/checkpoint.pt``), ``batch_size``, ``use_gpu``.
    metabolite_options: dict[str, Any] = field(default_factory=dict)
