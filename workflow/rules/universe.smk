# REQUIRED INPUTS: <results>/data/*.parquet; models of strain_design.smk for their leak tests.
# OUTPUTS: <results>/universes/{universe}/, what models are made of: the universe (model.xml), what was
#          changed in the curated one, the directions that were closed, and the leak test;
#          <results>/leaks/{gem}.csv, the leak test of any model of strain_design.sources.


rule seal_universe:
    input:
        species=rules.extract_snapshot.output.species,
        reactions=rules.extract_snapshot.output.reactions,
        stoichiometry=rules.extract_snapshot.output.stoichiometry,
        bounds=rules.extract_snapshot.output.model_bounds,
        gprs=rules.extract_snapshot.output.gprs,
    output:
        model="<results>/universes/{universe}/model.xml",
        changes="<results>/universes/{universe}/changes.csv",
        merged="<results>/universes/{universe}/merged.parquet",
        weights="<results>/universes/{universe}/weights.parquet",
        sealed="<results>/universes/{universe}/sealed.csv",
        leaks="<results>/universes/{universe}/leaks.csv",
    log:
        "<logs>/seal_universe/{universe}.log",
    benchmark:
        "<benchmarks>/seal_universe/{universe}.tsv"
    wildcard_constraints:
        universe="|".join(UNIVERSES),
    priority: TO_THE_STRAIN
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        options=config["universe"],
        code=script_digest("seal_universe"),
    message:
        "Building the universe {wildcards.universe}, so that it charges nothing from nothing"
    script:
        "../../scripts/seal_universe.py"


rule find_leaks:
    input:
        "<results>/strain_design/{gem}/model.xml",
    output:
        "<results>/leaks/{gem}.csv",
    log:
        "<logs>/find_leaks/{gem}.log",
    benchmark:
        "<benchmarks>/find_leaks/{gem}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        code=script_digest("find_leaks"),
    message:
        "What {wildcards.gem} charges from nothing"
    script:
        "../../scripts/find_leaks.py"
