"""The whole configuration, for checking and writing it; a step imports its own section only."""

from dataclasses import field
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from gemwright.config.deepgdel import DeepGDelSettings
from gemwright.config.downloads import DownloadSettings
from gemwright.config.embeddings import EmbeddingSettings
from gemwright.config.inputs import InputOptions
from gemwright.config.interactions import InteractionOptions
from gemwright.config.kinetics import KineticSettings
from gemwright.config.medium import MediumOptions
from gemwright.config.metagem_db import PairOptions
from gemwright.config.names import SplitName, VariantName
from gemwright.config.negatives import NegativeOptions
from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.config.rekindle import RekindleSettings
from gemwright.config.scoring import ScoringSettings
from gemwright.config.section import Natural, Section
from gemwright.config.splits import LadderSettings, SplitOptions
from gemwright.config.strain_design import StrainDesignSettings
from gemwright.config.thermodynamics import ThermodynamicOptions
from gemwright.config.training import TrainingOptions
from gemwright.config.universe import UniverseOptions
from gemwright.config.validation import ValidationSettings


def _with_final(splits: dict[str, SplitOptions]) -> dict[str, SplitOptions]:
    if "final" not in splits:
        raise ValueError("lacks the split 'final', whose model scores the proteomes")
    return splits


class Variant(ReconstructionOptions):
    """What a variant of the reconstruction changes."""

    complete: ClassVar = False

    #: Predictor whose scores choose the enzymes.
    scorer: str = "stack"


class Config(Section):
    """Configuration of gemwright."""

    #: Where data come from: ``embedded`` reads the installed package carveme, nothing is
    #: downloaded; ``live`` fetches the public databases as well (``live.yaml``).
    sources: Literal["embedded", "live"] = "embedded"
    #: Folder or web address that holds a copy of the live hosts (``<host>/<path>``); no live host
    #: is asked then. The downloads folder of another run is such a copy.
    mirror: str | None = None
    #: The organism sheet, see below.
    organisms: str = "config/organisms.tsv"
    #: Table of metabolite structures (bigg_id, smiles).
    structures: str = "resources/metabolite_structures.tsv"
    #: Folder of vectors kept by content, and of training checkpoints; shared between runs, safe to
    #: delete. ``null`` takes ``$GEMWRIGHT_CACHE/gemwright``, without that variable
    #: ``.cache/gemwright``; see "Caches".
    cache: str | None = None
    #: Seed of splits, negatives and training; the same input and seed give the same bytes on CPU.
    seed: Natural = 2026
    downloads: DownloadSettings = DownloadSettings()
    inputs: InputOptions = InputOptions()
    interactions: InteractionOptions = InteractionOptions()
    metagem_db: PairOptions = PairOptions()
    ladder: LadderSettings = LadderSettings()
    #: Named splits of the enzymes. ``final`` has no test part: its model scores the proteomes.
    splits: Annotated[dict[SplitName, SplitOptions], AfterValidator(_with_final)] = field(
        default_factory=lambda: {
            "components40": SplitOptions("components", 0.4),
            "final": SplitOptions("cdhit", 0.7, test_fraction=0.0),
        }
    )
    embeddings: EmbeddingSettings = EmbeddingSettings()
    negatives: NegativeOptions = NegativeOptions()
    training: TrainingOptions = TrainingOptions()
    scoring: ScoringSettings = ScoringSettings()
    medium: MediumOptions = MediumOptions()
    universe: UniverseOptions = UniverseOptions()
    reconstruction: ReconstructionOptions = ReconstructionOptions()
    #: Named variants of the reconstruction and what each changes in ``reconstruction`` (or
    #: ``scorer``); every table shows them. ``emi`` is the paper's method. `full.yaml` has more:
    #: ``homology``, whose models are those of ``fused`` as long as scores choose nothing there;
    #: ``supported``, which also takes reactions with P of at least 0.6 into the draft of ``emi``;
    #: ``without_own_models``, without the curated models of the very organisms.
    variants: dict[VariantName, Variant] = field(
        default_factory=lambda: {"emi": Variant(method="emi")}
    )
    strain_design: StrainDesignSettings = StrainDesignSettings()
    deepgdel: DeepGDelSettings = DeepGDelSettings()
    kinetics: KineticSettings = KineticSettings()
    rekindle: RekindleSettings = RekindleSettings()
    validation: ValidationSettings = ValidationSettings()
    thermodynamics: ThermodynamicOptions = ThermodynamicOptions()
