# Functions that give the rules of interaction predictors files and options.
from gemwright.emi.models.registry import CONTROLS, PREDICTORS, WITH_TOWER

# predictors that a rule of its own fits
FITTED = [name for name in PREDICTORS if name not in {*CONTROLS, *WITH_TOWER}]


wildcard_constraints:
    scorer="|".join(map(re.escape, PREDICTORS)),
    predictor="|".join(map(re.escape, FITTED)) or "none",


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
    """Scores that a reconstruction or a variant starts from."""
    variant = config["variants"].get(getattr(wildcards, "variant", ""), {})
    scorer = variant.get("scorer", config["scoring"]["scorer"])
    return f"<results>/reconstruction/{wildcards.organism}/scores_{scorer}.parquet"
