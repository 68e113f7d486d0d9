# REQUIRED INPUTS: GEMs of strain_design.smk, the authors' files (databases.smk), or your own: what
#                  kinetics.physiologies names.
# OUTPUTS: <results>/rekindle/{physiology}/: the kinetic model and its reference state, labelled
#          parameter sets, and models as files for other tools.


rule prepare_kinetic_model:
    input:
        unpack(kinetic_sources),
    output:
        model="<results>/rekindle/{physiology}/model.yml",
        state="<results>/rekindle/{physiology}/state.parquet",
    log:
        "<logs>/prepare_kinetic_model/{physiology}.log",
    benchmark:
        "<benchmarks>/prepare_kinetic_model/{physiology}.tsv"
    priority: TO_THE_GENERATORS
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        definition=kinetic_definition,
        seed=config["seed"],
        code=script_digest("prepare_kinetic_model"),
    message:
        "Kinetic model and reference state of {wildcards.physiology}"
    script:
        "../../scripts/prepare_kinetic_model.py"


rule label_kinetic_sets:
    input:
        model=rules.prepare_kinetic_model.output.model,
        state=rules.prepare_kinetic_model.output.state,
    output:
        "<results>/rekindle/{physiology}/sets.parquet",
    log:
        "<logs>/label_kinetic_sets/{physiology}.log",
    benchmark:
        "<benchmarks>/label_kinetic_sets/{physiology}.tsv"
    priority: TO_THE_GENERATORS
    conda:
        "../../envs/kinetics.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(2000),
    params:
        n_sets=KINETICS["sets"],
        bounds=KINETICS["saturation_bounds"],
        options=labelling_options(),
        seed=config["seed"],
        code=script_digest("label_kinetic_sets"),
    message:
        "Sampling and labelling parameter sets of {wildcards.physiology}"
    script:
        "../../scripts/label_kinetic_sets.py"
