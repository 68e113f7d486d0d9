# REQUIRED INPUTS: models of reconstruction.smk, the phenotype and essentiality tables that
#                  config/organisms.tsv names, the peer's shipped models and results.
# OUTPUTS: <results>/observed/{organism}/, the checked tables;
#          <results>/validation/{method}/{organism}/*.parquet, one row for each tested source or
#          gene; no row where there are no data. {method} is that of the config, a variant, or carveme (the peer's model, our evaluator).


rule prepare_validation:
    # a rule of its own: nothing that makes a model waits for it, or is made again for another table
    input:
        files=validation_files,
        called=called_genes,
        proteome=rules.prepare_organism.output.proteome,
        species=rules.extract_snapshot.output.species,
    output:
        phenotypes="<results>/observed/{organism}/phenotypes.parquet",
        essentiality="<results>/observed/{organism}/essentiality.parquet",
        translated="<results>/observed/{organism}/translated.csv",
    log:
        "<logs>/prepare_validation/{organism}.log",
    benchmark:
        "<benchmarks>/prepare_validation/{organism}.tsv"
    # what is wrong with a table is told before anything long has run
    priority: FIRST_OF_ALL
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        sheet=config["organisms"],
        row=validation_row,
        options=config["inputs"],
        code=script_digest("prepare_validation"),
    message:
        "Checking what models of {wildcards.organism} are compared with"
    script:
        "../../scripts/prepare_validation.py"


rule validate_model:
    # both in one job: each takes seconds, most of them for starting and for reading the model
    input:
        unpack(judged_by),
        media=rules.prepare_organism.output.media,
        phenotypes=rules.prepare_validation.output.phenotypes,
        essentiality=rules.prepare_validation.output.essentiality,
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
        row=validation_row,
        options=config["validation"],
        medium=config["medium"],
        code=script_digest("validate_model"),
    message:
        "Growth and essential genes of {wildcards.organism} ({wildcards.method})"
    script:
        "../../scripts/validate_model.py"
