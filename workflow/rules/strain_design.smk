# REQUIRED INPUTS: the models that strain_design.sources names: the package cobra, tables of BiGG
#                  (databases.smk), models of reconstruction.smk, or files of SBML.
# OUTPUTS: <results>/observed/{organism}/strategies.csv, what own strategies name otherwise than the
#          organism's proteome; <results>/strain_design/{gem}/: the model, its essential genes and feasible targets,
#          strategies computed from it alone, and designs for the targets of the config.


rule prepare_strain_model:
    input:
        unpack(strain_model_files),
    output:
        model="<results>/strain_design/{gem}/model.xml",
        genes="<results>/strain_design/{gem}/genes.parquet",
    log:
        "<logs>/prepare_strain_model/{gem}.log",
    benchmark:
        "<benchmarks>/prepare_strain_model/{gem}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        source=strain_source_of,
        code=script_digest("prepare_strain_model"),
    message:
        "Reading the model {wildcards.gem}"
    script:
        "../../scripts/prepare_strain_model.py"


rule describe_strain_model:
    input:
        rules.prepare_strain_model.output.model,
    output:
        essential="<results>/strain_design/{gem}/essential_genes.parquet",
        targets="<results>/strain_design/{gem}/targets.parquet",
    log:
        "<logs>/describe_strain_model/{gem}.log",
    benchmark:
        "<benchmarks>/describe_strain_model/{gem}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        thresholds=strain_thresholds(),
        code=script_digest("describe_strain_model"),
    message:
        "Essential genes and feasible targets of {wildcards.gem}"
    script:
        "../../scripts/describe_strain_model.py"


rule compute_strategies:
    input:
        model=rules.prepare_strain_model.output.model,
        targets=rules.describe_strain_model.output.targets,
    output:
        strategies="<results>/strain_design/{gem}/strategies.parquet",
        summary="<results>/strain_design/{gem}/strategies.csv",
    log:
        "<logs>/compute_strategies/{gem}.log",
    benchmark:
        "<benchmarks>/compute_strategies/{gem}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        thresholds=strain_thresholds(),
        most=config["strain_design"]["computed_targets"],
        seed=config["seed"],
        code=script_digest("compute_strategies"),
    message:
        "Gene deletion strategies of {wildcards.gem} from the model alone"
    script:
        "../../scripts/compute_strategies.py"


rule design_strains:
    input:
        unpack(known_strategies),
        model=rules.prepare_strain_model.output.model,
        genes=rules.prepare_strain_model.output.genes,
    output:
        directory("<results>/strain_design/{gem}/designs"),
    log:
        "<logs>/design_strains/{gem}.log",
    benchmark:
        "<benchmarks>/design_strains/{gem}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        thresholds=strain_thresholds(),
        targets=strain_targets,
        seed=config["seed"],
        code=script_digest("design_strains"),
    message:
        "Designing strains of {wildcards.gem}"
    script:
        "../../scripts/design_strains.py"


rule check_strategies:
    # a rule of its own: what is wrong with a table is told before its model is reconstructed
    input:
        strategies=lambda wildcards: STRAINS["own_strategies"][wildcards.organism],
        called=called_genes,
        proteome=rules.prepare_organism.output.proteome,
        species=rules.extract_snapshot.output.species,
    output:
        "<results>/observed/{organism}/strategies.csv",
    log:
        "<logs>/check_strategies/{organism}.log",
    benchmark:
        "<benchmarks>/check_strategies/{organism}.tsv"
    priority: FIRST_OF_ALL
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        universe=lambda wildcards: ORGANISMS[wildcards.organism].universe,
        options=config["inputs"],
        code=script_digest("check_strategies"),
    message:
        "Checking your own strategies for {wildcards.organism}"
    script:
        "../../scripts/check_strategies.py"


rule judge_strategies:
    input:
        checked=checked_strategies,
        model=rules.prepare_strain_model.output.model,
        genes=rules.prepare_strain_model.output.genes,
        strategies=own_strategies,
    output:
        "<results>/strain_design/{gem}/own_strategies.csv",
    log:
        "<logs>/judge_strategies/{gem}.log",
    benchmark:
        "<benchmarks>/judge_strategies/{gem}.tsv"
    # what is wrong with a table is told as soon as the model is there
    priority: FIRST_OF_ALL
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        thresholds=strain_thresholds(),
        code=script_digest("judge_strategies"),
    message:
        "Judging your own strategies for {wildcards.gem}"
    script:
        "../../scripts/judge_strategies.py"
