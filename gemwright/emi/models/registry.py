"""Names of the predictors of interactions and where each is.

Only what chooses predictors by name reads this: a step is told places, so that a predictor's code
reruns its own steps alone.
"""

from collections.abc import Iterable

from gemwright.emi.models import CONTROLS
from gemwright.errors import InputError
from gemwright.io.plugins import is_own, name_of

PREDICTORS = {
    "popularity": "gemwright.emi.models.popularity:Popularity",
    "homologue": "gemwright.emi.models.homologue:Homologue",
    "homologue+popularity": "gemwright.emi.models.homologue_or_popularity:HomologueOrPopularity",
    "tower": "gemwright.emi.models.tower:Tower",
    "stack": "gemwright.emi.models.stack:Stack",
}
WITH_TOWER = ("tower", "stack")
"""Trained in one job, since the stack weighs what the tower says; each other one has its own."""


def fitted(predictors: Iterable[str]) -> list[str]:
    """Names of those that are fitted one by one: neither controls nor trained with the tower."""
    return [name for name in predictors if name not in {*CONTROLS, *WITH_TOWER}]


def named_predictors(names: Iterable[str]) -> dict[str, str]:
    """Names and places of all predictors of a configuration.

    Parameters
    ----------
    names : iterable of str
        What the configuration says: names of the registry, and ``file.py:Class`` of the user's.

    Returns
    -------
    dict of str to str
        Those of the registry and then the user's, by the name of the class.

    Raises
    ------
    InputError
        If a class has the name of another predictor.
    """
    found = dict(PREDICTORS)
    for place in filter(is_own, names):
        name = name_of(place)
        if found.setdefault(name, place) != place:
            raise InputError(
                f"predictor {place!r}",
                f"has the name of {found[name]!r}",
                "give the class another name",
            )
    return found
