"""The section ``deepgdel``: predictors of gene deletion strategies, compared."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from gemwright.config.deletion_networks import NetworkKeys
from gemwright.config.section import Count, Natural, Section, Some

Protocol = Literal["paper", "grouped"]
Method = Literal[
    "prior", "bpm", "nearest_structure", "nearest_network", "kernel_structure", "kernel_flux",
    "kernel_network", "kernel_all", "stacked", "blend", "best",
]  # fmt: skip
Network = Literal["deepgdel", "metabolite_only", "gene_only", "dnn", "shuffled", "identity"]


class _Compared(Section):
    """What is compared, and on what."""

    #: Models of ``strain_design.sources`` on which deletion predictors are compared.
    models: Some[str] = ("e_coli_core",)
    #: Splits of the targets: as in the paper, or targets with one structure or one strategy kept
    #: together.
    protocols: Some[Protocol] = get_args(Protocol)
    #: Folds of the cross-validation (10 in the paper).
    folds: Annotated[int, Field(ge=2)] = 10
    #: Seeds of its repetitions (5 in the paper).
    seeds: Some[Natural] = (1, 2, 3, 4, 5)
    #: Controls and closed-form methods (``gemwright/deepgdel/methods.py``); ``best`` chooses among
    #: the others on the training targets.
    methods: Some[Method] = get_args(Method)
    #: Networks: DeepGDel, its two ablations, the paper's DNN, and two controls (amino acid
    #: sequences shuffled between genes; the gene's identity in place of its sequence).
    networks: Some[Network] = get_args(Network)
    #: Seeds for which networks are trained, since they take most of the time; ``null`` takes all
    #: (``paper.yaml``). Tables tell how many were run.
    network_seeds: Some[Natural] | None = (1,)
    #: Folds, counted from 0, on which networks are trained; ``null`` takes all.
    network_folds: Some[Natural] | None = None


class DeepGDelSettings(NetworkKeys, _Compared):
    """Predictors of gene deletion strategies, compared."""

    #: Targets at most, drawn by the seed, on which every method's held-out strategies are judged by
    #: flux balance analysis.
    verified_targets: Count = 100
