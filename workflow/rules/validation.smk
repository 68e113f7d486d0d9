# REQUIRED INPUTS: models of reconstruction.smk, the phenotype and essentiality tables that
#                  config/organisms.tsv names, the peer's shipped models and results.
# OUTPUTS: <results>/validation/{method}/{organism}/*.parquet, one row for each tested source or
#          gene. {method} is gemwright, a variant, or carveme (the peer's model, our evaluator).


rule validate_phenotypes:
    input:
        model=model_of,
        media=rules.prepare_organism.output.media,
    output:
        "<results>/validation/{method}/{organism}/phenotypes.parquet",
    log:
        "<logs>/validate_phenotypes/{method}_{organism}.log",
    benchmark:
        "<benchmarks>/validate_phenotypes/{method}_{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=config["validation"],
        code=script_digest("validate_phenotypes"),
    message:
        "Growth of {wildcards.organism} on single nutrient sources ({wildcards.method})"
    script:
        "../../scripts/validate_phenotypes.py"


rule validate_essentiality:
    input:
        model=model_of,
        media=rules.prepare_organism.output.media,
    output:
        "<results>/validation/{method}/{organism}/essentiality.parquet",
    log:
        "<logs>/validate_essentiality/{method}_{organism}.log",
    benchmark:
        "<benchmarks>/validate_essentiality/{method}_{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=config["validation"],
        code=script_digest("validate_essentiality"),
    message:
        "Essential genes of {wildcards.organism} ({wildcards.method})"
    script:
        "../../scripts/validate_essentiality.py"
