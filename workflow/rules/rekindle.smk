# REQUIRED INPUTS: models, states and labelled sets of kinetics.smk.
# OUTPUTS: <results>/rekindle/{physiology}/: trained generators with their histories, generated sets,
#          generators beside their controls, analyses of parameters, perturbation runs, models as
#          files; <results>/rekindle/transfer/: generators tuned on few sets of another physiology.


rule train_kinetic_gan:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        sets=rules.label_kinetic_sets.output[0],
    output:
        directory("<results>/rekindle/{physiology}/gan/{preset}_{condition}/seed{seed}"),
    log:
        "<logs>/train_kinetic_gan/{physiology}_{preset}_{condition}_{seed}.log",
    benchmark:
        "<benchmarks>/train_kinetic_gan/{physiology}_{preset}_{condition}_{seed}.tsv"
    priority: TO_THE_GENERATORS
    conda:
        "../../envs/kinetic_training.yaml"
    resources:
        mem_mb=by_attempt(4000),
        gpu=1,
    params:
        options=gan_options,
        bounds=KINETICS["saturation_bounds"],
        monitored=REKINDLE["monitored"],
        time_window=REKINDLE["time_window"],
        labelling=labelling_options(),
        code=script_digest("train_kinetic_gan"),
    message:
        "Training a generator for {wildcards.physiology} ({wildcards.preset},"
        " {wildcards.condition}, seed {wildcards.seed})"
    script:
        "../../scripts/train_kinetic_gan.py"


rule generate_kinetic_sets:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        runs=gan_runs("label"),
    output:
        sets="<results>/rekindle/{physiology}/generated/{preset}/sets.parquet",
        generator=directory(
            "<results>/rekindle/{physiology}/generated/{preset}/generator"
        ),
    log:
        "<logs>/generate_kinetic_sets/{physiology}_{preset}.log",
    benchmark:
        "<benchmarks>/generate_kinetic_sets/{physiology}_{preset}.tsv"
    priority: TO_THE_GENERATORS
    conda:
        "../../envs/kinetic_training.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        n_sets=REKINDLE["generated"],
        labelling=labelling_options(),
        seed=config["seed"],
        code=script_digest("generate_kinetic_sets"),
    message:
        "Generating parameter sets of {wildcards.physiology} ({wildcards.preset})"
    script:
        "../../scripts/generate_kinetic_sets.py"


rule compare_generators:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        sets=rules.label_kinetic_sets.output[0],
        runs=all_gan_runs(),
    output:
        quality="<results>/rekindle/{physiology}/comparison/quality.parquet",
        costs="<results>/rekindle/{physiology}/comparison/costs.parquet",
        windows="<results>/rekindle/{physiology}/comparison/windows.parquet",
    log:
        "<logs>/compare_generators/{physiology}.log",
    benchmark:
        "<benchmarks>/compare_generators/{physiology}.tsv"
    conda:
        "../../envs/kinetic_training.yaml"
    resources:
        mem_mb=by_attempt(3000),
    params:
        n_sets=REKINDLE["generated"],
        bounds=KINETICS["saturation_bounds"],
        time_window=REKINDLE["time_window"],
        labelling=labelling_options(),
        seed=config["seed"],
        code=script_digest("compare_generators"),
    message:
        "Generators and controls of {wildcards.physiology}"
    script:
        "../../scripts/compare_generators.py"


rule analyse_kinetic_parameters:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        sets=rules.label_kinetic_sets.output[0],
        generated=expand(
            rules.generate_kinetic_sets.output.sets, preset=PRESETS, allow_missing=True
        ),
    output:
        directory("<results>/rekindle/{physiology}/parameters"),
    log:
        "<logs>/analyse_kinetic_parameters/{physiology}.log",
    benchmark:
        "<benchmarks>/analyse_kinetic_parameters/{physiology}.tsv"
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        presets=PRESETS,
        options=REKINDLE["analysis"],
        labelling=labelling_options(),
        seed=config["seed"],
        code=script_digest("analyse_kinetic_parameters"),
    message:
        "Which parameters decide in {wildcards.physiology}"
    script:
        "../../scripts/analyse_kinetic_parameters.py"


rule perturb_kinetic_models:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        sets=drawn_sets,
    output:
        runs="<results>/rekindle/{physiology}/perturbations/{drawn}.parquet",
        courses="<results>/rekindle/{physiology}/perturbations/{drawn}_courses.parquet",
    log:
        "<logs>/perturb_kinetic_models/{physiology}_{drawn}.log",
    benchmark:
        "<benchmarks>/perturb_kinetic_models/{physiology}_{drawn}.tsv"
    conda:
        "../../envs/kinetics.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(5000),
    params:
        options=REKINDLE["perturbation"],
        seed=config["seed"],
        code=script_digest("perturb_kinetic_models"),
    message:
        "Perturbing models of {wildcards.physiology} ({wildcards.drawn})"
    script:
        "../../scripts/perturb_kinetic_models.py"


rule export_kinetic_models:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
        sets=f"<results>/rekindle/{{physiology}}/generated/{PRESETS[0]}/sets.parquet",
    output:
        directory("<results>/rekindle/{physiology}/models"),
    log:
        "<logs>/export_kinetic_models/{physiology}.log",
    benchmark:
        "<benchmarks>/export_kinetic_models/{physiology}.tsv"
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        n_models=REKINDLE["exported"],
        code=script_digest("export_kinetic_models"),
    message:
        "Kinetic models of {wildcards.physiology} as SBML, YAML, HDF5 and Parquet"
    script:
        "../../scripts/export_kinetic_models.py"


rule train_on_few_sets:
    input:
        model="<results>/rekindle/{target}/model.yml",
        state="<results>/rekindle/{target}/state.parquet",
        sets="<results>/rekindle/{target}/sets.parquet",
        generator=transfer_origin,
    output:
        table="<results>/rekindle/transfer/{origin}_to_{target}/{n_sets}_sets/repeat{repeat}.parquet",
        sets="<results>/rekindle/transfer/{origin}_to_{target}/{n_sets}_sets/repeat{repeat}_sets.parquet",
    log:
        "<logs>/train_on_few_sets/{origin}_to_{target}_{n_sets}_{repeat}.log",
    benchmark:
        "<benchmarks>/train_on_few_sets/{origin}_to_{target}_{n_sets}_{repeat}.tsv"
    conda:
        "../../envs/kinetic_training.yaml"
    resources:
        mem_mb=by_attempt(3000),
        gpu=1,
    params:
        preset=PRESETS[0],
        options=transfer_options,
        bounds=KINETICS["saturation_bounds"],
        monitored=REKINDLE["monitored"],
        labelling=labelling_options(),
        code=script_digest("train_on_few_sets"),
    message:
        "Tuning {wildcards.origin} on {wildcards.n_sets} sets of {wildcards.target}, repeat"
        " {wildcards.repeat}"
    script:
        "../../scripts/train_on_few_sets.py"
