# REQUIRED INPUTS: models of reconstruction.smk, the phenotype and essentiality tables that
#                  config/organisms.tsv names, the peer's shipped models and results.
# OUTPUTS: <results>/validation/{method}/{organism}/*.parquet, one row for each tested source or
#          gene; no row where there are no data. {method} is gemwright, a variant, or carveme (the peer's model, our evaluator).


rule validate_model:
    # both in one job: each takes seconds, most of them for starting and for reading the model
    input:
        model=model_of,
        media=rules.prepare_organism.output.media,
    output:
        phenotypes="<results>/validation/{method}/{organism}/phenotypes.parquet",
        essentiality="<results>/validation/{method}/{organism}/essentiality.parquet",
    log:
        "<logs>/validate_model/{method}_{organism}.log",
    benchmark:
        "<benchmarks>/validate_model/{method}_{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=config["validation"],
        code=script_digest("validate_model"),
    message:
        "Growth and essential genes of {wildcards.organism} ({wildcards.method})"
    script:
        "../../scripts/validate_model.py"
