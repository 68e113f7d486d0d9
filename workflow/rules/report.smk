# REQUIRED INPUTS: metrics, models, provenance and validation items of the other phases.
# OUTPUTS: <results>/tables/*.csv and <results>/figures/*.{svg,png}; `make report` shows them in
#          <results>/report.html.


rule tabulate_emi:
    input:
        metrics=expand("<results>/emi/{split}/metrics.parquet", split=TEST_SPLITS),
        printed="gemwright/resources/paper_metagem_tables.tsv",
    output:
        emi=report_table("emi", "1 Interactions"),
        class_ratio=report_table("paper_class_ratio", "1 Interactions"),
    log:
        "<logs>/tabulate_emi.log",
    benchmark:
        "<benchmarks>/tabulate_emi.tsv"
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        code=script_digest("tabulate_emi"),
    message:
        "Tabulating the interaction predictors beside the paper"
    script:
        "../../scripts/tabulate_emi.py"


rule tabulate_models:
    input:
        statistics=[
            f"{folder}/statistics.csv" for folder in model_folders(ORGANISMS, METHODS)
        ],
        provenance=[
            f"{folder}/provenance.parquet"
            for folder in model_folders(ORGANISMS, METHODS)
        ],
        metabolomes=expand(rules.prepare_organism.output.metabolome, organism=ORGANISMS),
        structures=config["structures"],
        printed="gemwright/resources/paper_metagem_tables.tsv",
    output:
        models=report_table("models", "2 Models", "models_table"),
        sizes=report_table("model_sizes", "2 Models"),
        reasons=report_table("model_reasons", "2 Models"),
        metabolomes=report_table("metabolomes", "2 Models"),
    log:
        "<logs>/tabulate_models.log",
    benchmark:
        "<benchmarks>/tabulate_models.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        organisms={name: organism.name for name, organism in ORGANISMS.items()},
        peers={
            name: organism.peer
            for name, organism in ORGANISMS.items()
            if organism.peer
        },
        methods=METHODS,
        code=script_digest("tabulate_models"),
    message:
        "Tabulating the models beside the paper and the peer"
    script:
        "../../scripts/tabulate_models.py"


rule tabulate_validation:
    input:
        phenotypes=validation_items("phenotypes"),
        essentiality=validation_items("essentiality"),
    output:
        phenotypes=report_table("phenotypes", "3 Validation"),
        sources=report_table("phenotypes_by_source", "3 Validation"),
        essentiality=report_table("essentiality", "3 Validation"),
    log:
        "<logs>/tabulate_validation.log",
    benchmark:
        "<benchmarks>/tabulate_validation.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        peers={
            name: organism.peer
            for name, organism in ORGANISMS.items()
            if organism.peer
        },
        options=config["validation"],
        code=script_digest("tabulate_validation"),
    message:
        "Tabulating phenotypes and essentiality beside the peer"
    script:
        "../../scripts/tabulate_validation.py"


rule record_versions:
    input:
        lock="requirements.lock",
        own=sorted({source_file(place) for place in OWN.values()}),
    output:
        versions=report_table("versions", "4 Provenance"),
    log:
        "<logs>/record_versions.log",
    benchmark:
        "<benchmarks>/record_versions.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        settings={
            "seed": config["seed"],
            "sources": config["sources"],
            "enzyme encoder": config["embeddings"]["enzyme"],
            "metabolite encoder": config["embeddings"]["metabolite"],
            "BiGG models": config["interactions"]["models"] or "all",
            "scorer": config["scoring"]["scorer"],
            **{f"your {name}": place for name, place in OWN.items()},
        },
        registry="gemwright/resources/datasets.tsv",
        code=script_digest("record_versions"),
    message:
        "Recording the versions of data and packages"
    script:
        "../../scripts/record_versions.py"


rule plot_emi:
    input:
        emi=rules.tabulate_emi.output.emi,
        histories=expand("<results>/emi/{split}/history.csv", split=config["splits"]),
        leakage=rules.measure_leakage.output[0],
    output:
        emi=report_figure("emi_predictors", "1 Interactions"),
        emi_png="<results>/figures/emi_predictors.png",
        training=report_figure("training", "1 Interactions"),
        training_png="<results>/figures/training.png",
        leakage=report_figure("leakage", "1 Interactions"),
        leakage_png="<results>/figures/leakage.png",
    log:
        "<logs>/plot_emi.log",
    benchmark:
        "<benchmarks>/plot_emi.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        splits=list(config["splits"]),
        code=script_digest("plot_emi"),
    message:
        "Plotting the interaction predictors"
    script:
        "../../scripts/plot_emi.py"


rule plot_models:
    input:
        reasons=rules.tabulate_models.output.reasons,
    output:
        models=report_figure("models", "2 Models"),
        models_png="<results>/figures/models.png",
    log:
        "<logs>/plot_models.log",
    benchmark:
        "<benchmarks>/plot_models.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        code=script_digest("plot_models"),
    message:
        "Plotting what the models are made of"
    script:
        "../../scripts/plot_models.py"


rule plot_validation:
    input:
        phenotypes=rules.tabulate_validation.output.phenotypes,
        essentiality=rules.tabulate_validation.output.essentiality,
        growth=expand(
            f"<results>/validation/{DEFAULT}/{{organism}}/phenotypes.parquet",
            organism=validated("phenotypes"),
        ),
    output:
        phenotypes=report_figure("phenotype_metrics", "3 Validation"),
        phenotypes_png="<results>/figures/phenotype_metrics.png",
        essentiality=report_figure("essentiality_metrics", "3 Validation"),
        essentiality_png="<results>/figures/essentiality_metrics.png",
        tiles=report_figure("phenotype_tiles", "3 Validation"),
        tiles_png="<results>/figures/phenotype_tiles.png",
    log:
        "<logs>/plot_validation.log",
    benchmark:
        "<benchmarks>/plot_validation.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        organisms=validated("phenotypes"),
        code=script_digest("plot_validation"),
    message:
        "Plotting the validation"
    script:
        "../../scripts/plot_validation.py"
