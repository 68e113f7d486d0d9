"""The section ``rekindle.perturbation``: sizes and limits of the perturbation runs."""

from typing import ClassVar, Literal

from gemwright.config.section import Count, Natural, Positive, Section


class RobustnessOptions(Section):
    """Sizes and limits of the perturbation runs."""

    not_keys: ClassVar = ("seed",)

    #: Relevant models that are perturbed (1,000 in the paper).
    models: Count = 5
    #: Perturbations of each (100 in the paper's results, 10 in its methods).
    perturbations: Count = 5
    #: Least concentration, in reference ones.
    low: Positive = 0.5
    #: Largest concentration, in reference ones.
    high: Positive = 2.0
    #: Hours after which a model must be back within 1 %.
    end_time: Positive = 0.35
    #: Integrator: libroadrunner, or SciPy.
    integrator: Literal["roadrunner", "scipy"] = "roadrunner"
    #: Of the choice of models and of the starting points.
    seed: Natural = 0
