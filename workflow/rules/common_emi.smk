# Functions that give the rules of interaction predictors files and options.
from gemwright.emi.models import CONTROLS
from gemwright.emi.models.registry import named_predictors

SCORING = config["scoring"]
SCORERS = [
    SCORING["scorer"],
    *(variant.get("scorer", "") for variant in config["variants"].values()),
]
try:
    PREDICTORS = named_predictors([*SCORING["predictors"], *SCORERS])
except InputError as error:
    raise WorkflowError(str(error)) from None
# predictors that a rule of its own fits
FITTED = fitted(PREDICTORS)
# classes and functions in files of the user's, for the table of versions
OWN = {
    name_of(place): place
    for place in [
        config["embeddings"]["enzyme"],
        config["embeddings"]["metabolite"],
        *PREDICTORS.values(),
        config["kinetics"]["criteria"] or "",
    ]
    if is_own(place)
}


wildcard_constraints:
    scorer="|".join(map(re.escape, PREDICTORS)),
    predictor="|".join(map(re.escape, FITTED)) or "none",


OPTIONS = {name_of(place): options for place, options in SCORING["predictors"].items()}


def predictor_of(name):
    """Where a predictor is, and the options that the config has for it."""
    return PREDICTORS[name], OPTIONS.get(name, {})


def predictor_digest(rule, *names):
    """Digest of the code behind a script and the predictors that it is told to use."""
    return script_digest(rule, *(PREDICTORS[name] for name in names))


def predictor_files(name, split):
    """What a predictor has learned from a split: files in its folder, or the folder."""
    folder = f"<results>/emi/{split}"
    if name in FITTED:
        return [f"{folder}/{name}"]
    files = (
        [] if name in CONTROLS else ["tower.safetensors", "pool.parquet", "stack.json"]
    )
    return [f"{folder}/{file}" for file in files]


def scores_of(wildcards):
    """Scores that a reconstruction or a variant starts from: none where homology alone chooses."""
    if reconstruction_options(wildcards)["method"] == "homology":
        return []
    variant = config["variants"].get(getattr(wildcards, "variant", ""), {})
    scorer = name_of(variant.get("scorer", SCORING["scorer"]))
    return f"<results>/reconstruction/{wildcards.organism}/scores_{scorer}.parquet"
