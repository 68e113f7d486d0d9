# REQUIRED INPUTS: the packages of requirements.lock; config/organisms.tsv and the files it names.
# OUTPUTS: <results>/data/*.parquet, the tables of the data source;
#          <results>/organisms/{organism}/genes.csv, the genes of a genome;
#          <results>/organisms/{organism}/*.parquet, the checked inputs of each organism.


rule extract_snapshot:
    output:
        enzymes="<results>/data/enzymes.parquet",
        proteins="<results>/data/proteins.parquet",
        gprs="<results>/data/gprs.parquet",
        model_bounds="<results>/data/model_bounds.parquet",
        species="<results>/data/species.parquet",
        reactions="<results>/data/reactions.parquet",
        stoichiometry="<results>/data/stoichiometry.parquet",
    log:
        "<logs>/extract_snapshot.log",
    benchmark:
        "<benchmarks>/extract_snapshot.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(3000),
    params:
        code=script_digest("extract_snapshot"),
    message:
        "Reading the embedded BiGG snapshot"
    script:
        "../../scripts/extract_snapshot.py"


rule call_genes:
    # a genome becomes a proteome: its annotation is read, or its genes are called
    input:
        lambda wildcards: ORGANISMS[wildcards.organism].genome_files,
    output:
        proteome="<results>/organisms/{organism}/called_proteome.parquet",
        genes="<results>/organisms/{organism}/genes.csv",
    log:
        "<logs>/call_genes/{organism}.log",
    benchmark:
        "<benchmarks>/call_genes/{organism}.tsv"
    priority: FIRST_OF_ALL
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        genome=genome_row,
        code=script_digest("call_genes"),
    message:
        "Calling the genes of {wildcards.organism}, or reading them from its annotation"
    script:
        "../../scripts/call_genes.py"


rule prepare_organism:
    input:
        files=organism_files,
        called=called_proteome,
        species=rules.extract_snapshot.output.species,
    output:
        proteome="<results>/organisms/{organism}/proteome.parquet",
        metabolome="<results>/organisms/{organism}/metabolome.parquet",
        media="<results>/organisms/{organism}/media.parquet",
        biomass="<results>/organisms/{organism}/biomass.parquet",
        translated="<results>/organisms/{organism}/translated.csv",
    log:
        "<logs>/prepare_organism/{organism}.log",
    benchmark:
        "<benchmarks>/prepare_organism/{organism}.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=config["inputs"],
        code=script_digest("prepare_organism"),
    message:
        "Checking proteome, metabolome and media of {wildcards.organism}"
    script:
        "../../scripts/prepare_organism.py"
