"""The section ``rekindle``: generators of kinetic parameter sets and their validation."""

from typing import Annotated, Literal

from pydantic import Field

from gemwright.config.rekindle_analysis import AnalysisOptions
from gemwright.config.rekindle_perturbation import RobustnessOptions
from gemwright.config.section import Count, Distinct, Natural, NotNegative, Pair, Section

Epochs = Annotated[int, Field(ge=10)]


class PresetEpochs(Section):
    """Epochs of each preset (1,000 in the paper)."""

    #: Epochs of the preset ``saturation``; ``null`` takes its own number.
    saturation: Count | None = 10
    #: Epochs of the preset ``paper``; ``null`` takes its own number (1,000 in the paper).
    paper: Count | None = 10


class TransferSettings(Section):
    """Transfer between all pairs of physiologies, and training from scratch."""

    #: Numbers of sets of the target that are learned from (10, 50, 100, 500, 1,000 in the paper).
    sets: Distinct[Annotated[int, Field(ge=4)]] = (10,)
    #: Trainings of each kind (5 in the paper).
    repeats: Count = 1
    #: Epochs of a transfer (300 in the paper).
    epochs: Epochs = 30
    #: Epochs of a training from scratch (1,000 in the paper).
    scratch_epochs: Epochs = 30


class RekindleSettings(Section):
    """Generators of kinetic parameter sets and their validation."""

    #: Physiologies that generators are trained for, and handed between.
    physiologies: Distinct[str] = ("core_1", "core_4")
    #: Kinds of generators: ``paper`` as released (ln K_M, one scale for all), ``saturation``
    #: (ours). Controls, transfer and models take the first.
    presets: Distinct[Literal["saturation", "paper"]] = ("saturation", "paper")
    #: Seeds of the trainings (5 in the paper).
    seeds: Distinct[Natural] = (1,)
    epochs: PresetEpochs = PresetEpochs()
    #: Sets generated and labelled every 10 epochs (300 in the paper).
    monitored: Annotated[int, Field(ge=50)] = 200
    #: ``auto`` (a GPU if there is one), ``cpu``, ``cuda``.
    device: str = "auto"
    #: Sets generated and labelled with the best generator (10,000 in the paper).
    generated: Annotated[int, Field(ge=100)] = 4000
    #: Generated models written as SBML, YAML, HDF5 and Parquet.
    exported: Count = 2
    #: Time constants (minutes) that the conditional generator is asked for, beside what rejection
    #: costs.
    time_window: Pair[NotNegative] = (0.0, 2.0)
    analysis: AnalysisOptions = AnalysisOptions()
    perturbation: RobustnessOptions = RobustnessOptions()
    transfer: TransferSettings = TransferSettings()
