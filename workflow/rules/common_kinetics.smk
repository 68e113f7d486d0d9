# Functions that give the rules of kinetic models and their generators files and options.
KINETICS = config["kinetics"]
REKINDLE = config["rekindle"]
PHYSIOLOGIES = REKINDLE["physiologies"]
PRESETS = REKINDLE["presets"]
TRANSFER = REKINDLE["transfer"]


wildcard_constraints:
    physiology="|".join(KINETICS["physiologies"]) or "none",
    target="|".join(KINETICS["physiologies"]) or "none",
    origin="|".join([*KINETICS["physiologies"], "scratch"]),
    preset="paper|saturation",
    condition="label|shuffled|time_constant",
    drawn="sampled|generated|transferred",
    n_sets="[0-9]+",
    repeat="[0-9]+",


def kinetic_sources(wildcards):
    """Files that a physiology is made of: a GEM, the authors' files, or the user's own."""
    definition = KINETICS["physiologies"][wildcards.physiology]
    if "gem" in definition:
        gem = definition["gem"]
        files = {"model": f"<results>/strain_design/{gem}/model.xml"}
        if STRAINS["sources"].get(gem) == "reconstruction":
            # its parsimonious fluxes cost by confidence
            files["provenance"] = f"<results>/reconstruction/{gem}/provenance.parquet"
        own = ("fluxes", "energies", "concentrations")
        return {**files, **{key: definition[key] for key in own if key in definition}}
    if "rekindle" in definition:
        return {
            "manifest": "<results>/downloads/rekindle.tsv",
            "patch": "gemwright/resources/rekindle_model_patch.yml",
        }
    own = ("model", "steady_state")
    return {key: definition[key] for key in own if key in definition}


def kinetic_definition(wildcards):
    """What the config says of a physiology."""
    return KINETICS["physiologies"][wildcards.physiology]


def time_window():
    """Dynamics that count as relevant."""
    return {"slowest": KINETICS["slowest"], "fastest": KINETICS["fastest"]}


def labelling_options():
    """How sets are drawn and labelled."""
    return {
        "window": time_window(),
        "kernel": KINETICS["kernel"],
        "criteria": KINETICS["criteria"],
        "criteria_digest": places_digest(KINETICS["criteria"] or ""),
    }


def preset_options(preset):
    """What the config changes in the options of a preset."""
    epochs = REKINDLE["epochs"].get(preset)
    return {"device": REKINDLE["device"], **({"epochs": epochs} if epochs else {})}


def gan_options(wildcards):
    """What the config changes in the options of a training."""
    return preset_options(wildcards.preset)


def transfer_options(wildcards):
    """What the config changes in the options of a training on few sets."""
    key = "scratch_epochs" if wildcards.origin == "scratch" else "epochs"
    return {"device": REKINDLE["device"], "epochs": TRANSFER[key]}


def gan_runs(condition, preset="{preset}"):
    """Folders of a physiology's trainings with a preset, by seed."""
    # shuffled labels lean by chance, so that control has all seeds
    seeds = REKINDLE["seeds"][: 1 if condition == "time_constant" else None]
    return [
        f"<results>/rekindle/{{physiology}}/gan/{preset}_{condition}/seed{seed}"
        for seed in seeds
    ]


def all_gan_runs():
    """Folders of all trainings of a physiology, controls and the conditional generator too."""
    presets = [run for preset in PRESETS for run in gan_runs("label", preset)]
    return [
        *presets,
        *gan_runs("shuffled", PRESETS[0]),
        *gan_runs("time_constant", PRESETS[0]),
    ]


def drawn_sets(wildcards):
    """Sets to be perturbed: sampled, of the first preset's generator, or of one by transfer."""
    if wildcards.drawn == "sampled":
        return "<results>/rekindle/{physiology}/sets.parquet"
    if wildcards.drawn == "transferred":
        return transferred_sets(wildcards)
    return f"<results>/rekindle/{{physiology}}/generated/{PRESETS[0]}/sets.parquet"


def relatives(physiology):
    """Other physiologies of the same network, between which generators can be handed."""

    def network(name):
        definition = KINETICS["physiologies"][name]
        return definition.get("gem"), definition.get("model"), "rekindle" in definition

    return [
        name
        for name in PHYSIOLOGIES
        if name != physiology and network(name) == network(physiology)
    ]


def transfer_runs():
    """Tables of all transfers of the config, and of the trainings from scratch beside them."""
    origins = {target: [*relatives(target), "scratch"] for target in PHYSIOLOGIES}
    return [
        f"<results>/rekindle/transfer/{origin}_to_{target}/{n_sets}_sets/repeat{repeat}.parquet"
        for target, found in origins.items()
        for origin in found
        for n_sets in TRANSFER["sets"]
        for repeat in range(1, TRANSFER["repeats"] + 1)
    ]


def transferred_sets(wildcards):
    """Sets of a generator that was tuned on the fewest sets, from the first other physiology."""
    origin = relatives(wildcards.physiology)[0]
    folder = f"{origin}_to_{wildcards.physiology}/{min(TRANSFER['sets'])}_sets"
    return f"<results>/rekindle/transfer/{folder}/repeat1_sets.parquet"


def transfer_origin(wildcards):
    """The generator that a transfer starts from; none from scratch."""
    if wildcards.origin == "scratch":
        return []
    return f"<results>/rekindle/{wildcards.origin}/generated/{PRESETS[0]}/generator"


def physiology_files(name):
    """A file of every physiology of the config."""
    return [f"<results>/rekindle/{physiology}/{name}" for physiology in PHYSIOLOGIES]


def paper_numbers():
    """Number in the paper of each physiology that is one of its four."""
    return {
        name: str(definition["rekindle"])
        for name, definition in KINETICS["physiologies"].items()
        if "rekindle" in definition
    }


def paper_files(name):
    """A file of each physiology that is one of the paper's four."""
    return [f"<results>/rekindle/{physiology}/{name}" for physiology in paper_numbers()]


# sets whose models are perturbed; nothing can be transferred to a network of its own
DRAWN = [
    "sampled",
    "generated",
    *(["transferred"] if all(map(relatives, PHYSIOLOGIES)) else []),
]
# figures of a physiology, each SVG with its PNG
KINETIC_FIGURES = [
    *("training", "time_constants", "perturbations", "ranking", "constraining"),
    *("subpopulations", "boundary", "projections", "costs"),
    *(["transfer_features"] if DRAWN[2:] else []),
]


def kinetic_figures():
    """Named SVG and PNG files of every figure of a physiology."""
    files = {
        name: report_figure(
            f"rekindle_{name}_{{physiology}}", "7 Kinetic models", f"rekindle_{name}"
        )
        for name in KINETIC_FIGURES
    }
    return files | {
        f"{name}_png": f"<results>/figures/rekindle_{name}_{{physiology}}.png"
        for name in KINETIC_FIGURES
    }


def training_folders():
    """Folders of all trainings with the first preset, of every physiology."""
    return [
        run.format(physiology=physiology)
        for physiology in PHYSIOLOGIES
        for run in gan_runs("label", PRESETS[0])
    ]


def perturbation_runs():
    """Perturbation runs of every physiology, by the kind of sets."""
    return {
        drawn: physiology_files(f"perturbations/{drawn}.parquet") for drawn in DRAWN
    }
