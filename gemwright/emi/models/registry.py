"""Names of the predictors of interactions and where each is.

Only what chooses predictors by name reads this: a step is given places, so that a predictor's code
reruns its own steps alone.
"""

PREDICTORS = {
    "popularity": "gemwright.emi.models.popularity:Popularity",
    "homologue": "gemwright.emi.models.homologue:Homologue",
    "homologue+popularity": "gemwright.emi.models.homologue_or_popularity:HomologueOrPopularity",
    "tower": "gemwright.emi.models.tower:Tower",
    "stack": "gemwright.emi.models.stack:Stack",
}

#: they learn nothing
CONTROLS = ("popularity", "homologue", "homologue+popularity")
#: trained in one job, since the stack weighs what the tower says; each other one has its own
WITH_TOWER = ("tower", "stack")
