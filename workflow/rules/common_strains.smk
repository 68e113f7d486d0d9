# Functions that give the rules of strain design and of deletion predictors files and options.
STRAINS = config["strain_design"]
GEMS = list(STRAINS["sources"])
FOLDS = range(config["deepgdel"]["folds"])
FIRST_SEED = config["deepgdel"]["seeds"][:1]
LEARNED = config["deepgdel"]["models"]
DESIGNED = list(STRAINS["targets"])
RECONSTRUCTED = [
    gem
    for gem in DESIGNED
    if STRAINS["sources"].get(gem) == "reconstruction" and gem in ORGANISMS
]
# strategies are judged where targets share nothing between folds, if that protocol is run
VERIFIED_PROTOCOL = sorted(config["deepgdel"]["protocols"])[0]


wildcard_constraints:
    gem="|".join(GEMS) or "none",
    protocol="paper|grouped",
    fold="[0-9]+",


def strain_thresholds():
    """Rates from which on a strain counts as growing and as producing."""
    return {
        "growth": STRAINS["growth_threshold"],
        "production": STRAINS["production_threshold"],
    }


def strain_source_of(wildcards):
    """Where the model of a gem comes from."""
    return STRAINS["sources"][wildcards.gem]


def strain_model_files(wildcards):
    """The file or folder that a model is read from; none for the one bundled with cobra."""
    source = strain_source_of(wildcards)
    if source == "bundled":
        return {}
    if source == "bigg":
        return {"bigg": "<results>/sources/bigg/tables"}
    if source == "reconstruction":
        if wildcards.gem not in ORGANISMS:
            raise WorkflowError(
                f"config: strain_design.sources.{wildcards.gem} is a reconstruction, and"
                f" {config['organisms']} has no organism {wildcards.gem!r}; add its row, or name"
                " the model as one of its organisms"
            )
        return {"reconstruction": f"<results>/reconstruction/{wildcards.gem}/model.xml"}
    return {"file": source}


def deletion_sources(wildcards):
    """Strategies to learn from, and where structures and sequences come from."""
    if STRAINS["strategies"] == "deepgdel":
        return {"authors": "<results>/sources/deepgdel/tables"}
    files = {
        "strategies": f"<results>/strain_design/{wildcards.gem}/strategies.parquet",
        "structures": config["structures"],
    }
    if strain_source_of(wildcards) == "reconstruction":
        return {
            **files,
            "proteome": f"<results>/organisms/{wildcards.gem}/proteome.parquet",
        }
    return {
        **files,
        "proteins": "<results>/data/proteins.parquet",
        "enzymes": "<results>/data/enzymes.parquet",
    }


def known_strategies(wildcards):
    """Strategies, features and split of a gem whose deletions are learned; none of the others."""
    if wildcards.gem not in LEARNED:
        return {}
    folder = f"<results>/deepgdel/{wildcards.gem}"
    return {
        "data": f"{folder}/data",
        "features": f"{folder}/features",
        "structures": config["structures"],
    }


def strain_targets(wildcards):
    """Targets that strains of a gem are designed for."""
    return STRAINS["targets"][wildcards.gem]


def own_strategies(wildcards):
    """The user's own strategies for a gem."""
    table = STRAINS["own_strategies"].get(wildcards.gem)
    if table is None:
        raise WorkflowError(
            f"config: strain_design.own_strategies names no table for {wildcards.gem!r};"
            " add one with the columns target and deleted"
        )
    return table


def checked_strategies(wildcards):
    """What the check of own strategies for a reconstruction says; nothing for other models."""
    if "reconstruction" not in strain_model_files(wildcards):
        return []
    return f"<results>/observed/{wildcards.gem}/strategies.csv"


def deletion_runs(seeds=None):
    """Seed, fold and kind of every file of predictions that the config asks for."""
    settings = config["deepgdel"]
    seeds = seeds or settings["seeds"]
    trained = settings["network_seeds"] or seeds
    folds = {"methods": FOLDS, "networks": settings["network_folds"] or FOLDS}
    return [
        (seed, fold, kind)
        for seed in seeds
        for fold in FOLDS
        for kind in folds
        if fold in folds[kind] and (kind == "methods" or seed in trained)
    ]


def deletion_scores(seeds=None):
    """Predictions of all methods for the seeds (all by default) and folds of the config."""
    return [
        f"<results>/deepgdel/{{gem}}/{{protocol}}/seed{seed}/fold{fold}/{kind}.parquet"
        for seed, fold, kind in deletion_runs(seeds)
    ]


def network_options():
    """Options of the networks' training."""
    return {
        key: config["deepgdel"][key]
        for key in ("epochs", "patience", "learning_rate", "device")
    }


def deletion_histories():
    """Losses of the networks' trainings on the first seed and fold that were run."""
    runs = [(seed, fold) for seed, fold, kind in deletion_runs() if kind == "networks"]
    return [
        f"<results>/deepgdel/{gem}/{VERIFIED_PROTOCOL}/seed{runs[0][0]}/fold{runs[0][1]}/histories.parquet"
        for gem in LEARNED
    ]
