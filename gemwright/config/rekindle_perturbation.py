"""The section ``rekindle.perturbation``: sizes and limits of the perturbation runs."""

from typing import ClassVar, Literal

from gemwright.config.section import Count, Natural, Positive, Section, section


@section
class RobustnessOptions(Section):
    """Sizes and limits of the perturbation runs.

    Attributes
    ----------
    models
        Relevant models that are perturbed (1,000 in the paper).
    perturbations
        Perturbations of each (100 in the paper's results, 10 in its methods).
    low
        Least concentration, in reference ones.
    high
        Largest concentration, in reference ones.
    end_time
        Hours after which a model must be back within 1 %.
    integrator
        Integrator: libroadrunner, or SciPy.
    seed
        Of the choice of models and of the starting points.
    """

    not_keys: ClassVar = ("seed",)

    models: Count = 30
    perturbations: Count = 10
    low: Positive = 0.5
    high: Positive = 2.0
    end_time: Positive = 0.35
    integrator: Literal["roadrunner", "scipy"] = "roadrunner"
    seed: Natural = 0
