# REQUIRED INPUTS: <results>/data/*.parquet; the table of structures; <results>/splits/.
# OUTPUTS: <results>/interactions/, the enzyme-metabolite pairs of the embedded snapshot;
#          <results>/embeddings/, vectors of enzymes and metabolites; <results>/emi/{split}/,
#          labelled pairs, trained model and its evaluation. The split `final` has no test part:
#          its model scores the proteomes.


rule build_interactions:
    input:
        gprs=rules.extract_snapshot.output.gprs,
        proteins=rules.extract_snapshot.output.proteins,
        stoichiometry=rules.extract_snapshot.output.stoichiometry,
        species=rules.extract_snapshot.output.species,
        model_bounds=rules.extract_snapshot.output.model_bounds,
        enzymes=rules.extract_snapshot.output.enzymes,
        structures=config["structures"],
    output:
        interactions="<results>/interactions/interactions.parquet",
        enzymes="<results>/interactions/enzymes.parquet",
        funnel="<results>/interactions/funnel.csv",
        coverage="<results>/interactions/structure_coverage.csv",
    log:
        "<logs>/build_interactions.log",
    benchmark:
        "<benchmarks>/build_interactions.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/databases.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        options={
            key: value
            for key, value in config["interactions"].items()
            if key != "route"
        },
        code=script_digest("build_interactions"),
    message:
        "Pairing enzymes with their substrates"
    script:
        "../../scripts/build_interactions.py"


rule embed_enzymes:
    input:
        sequences=emi_file("enzymes.parquet"),
    output:
        "<results>/embeddings/enzymes.parquet",
    log:
        "<logs>/embed_enzymes.log",
    benchmark:
        "<benchmarks>/embed_enzymes.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/enzyme_embedding.yaml"
    resources:
        mem_mb=by_attempt(4000),
        gpu=1,
    params:
        key="enzyme",
        encoder=config["embeddings"]["enzyme"],
        options=config["embeddings"]["enzyme_options"],
        code=script_digest("embed_enzymes", config["embeddings"]["enzyme"]),
    message:
        "Embedding the enzymes with {params.encoder}"
    script:
        "../../scripts/embed_enzymes.py"


rule embed_metabolites:
    input:
        structures=emi_file("structures.tsv"),
    output:
        vectors="<results>/embeddings/metabolites.parquet",
        fingerprints="<results>/embeddings/fingerprints.parquet",
        findings="<results>/embeddings/findings.csv",
    log:
        "<logs>/embed_metabolites.log",
    benchmark:
        "<benchmarks>/embed_metabolites.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/metabolite_embedding.yaml"
    resources:
        mem_mb=by_attempt(4000),
        gpu=1,
    params:
        encoder=config["embeddings"]["metabolite"],
        options=config["embeddings"]["metabolite_options"],
        code=script_digest("embed_metabolites", config["embeddings"]["metabolite"]),
    message:
        "Embedding the metabolites with {params.encoder}"
    script:
        "../../scripts/embed_metabolites.py"


rule label_pairs:
    input:
        interactions=emi_file("interactions.parquet"),
        split=rules.split_enzymes.output[0],
        fingerprints=rules.embed_metabolites.output.fingerprints,
    output:
        pairs="<results>/emi/{split}/pairs.parquet",
        report="<results>/emi/{split}/negatives.csv",
    log:
        "<logs>/label_pairs/{split}.log",
    benchmark:
        "<benchmarks>/label_pairs/{split}.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        options=config["negatives"],
        seed=config["seed"],
        code=script_digest("label_pairs"),
    message:
        "Choosing hard, popularity-matched and random negatives ({wildcards.split})"
    script:
        "../../scripts/label_pairs.py"


rule train_tower:
    input:
        interactions=emi_file("interactions.parquet"),
        split=rules.split_enzymes.output[0],
        pairs=rules.label_pairs.output.pairs,
        enzymes=rules.embed_enzymes.output[0],
        metabolites=rules.embed_metabolites.output.vectors,
        homologies=rules.search_enzymes.output[0],
    output:
        tower="<results>/emi/{split}/tower.safetensors",
        pool="<results>/emi/{split}/pool.parquet",
        stack="<results>/emi/{split}/stack.json",
        history="<results>/emi/{split}/history.csv",
    log:
        "<logs>/train_tower/{split}.log",
    benchmark:
        "<benchmarks>/train_tower/{split}.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/training.yaml"
    threads: config["training"]["threads"]
    resources:
        mem_mb=by_attempt(6000),
        gpu=1,
    params:
        options=config["training"],
        seed=config["seed"],
        code=script_digest("train_tower"),
    message:
        "Training the dual tower ({wildcards.split})"
    script:
        "../../scripts/train_tower.py"


rule fit_predictor:
    input:
        interactions=emi_file("interactions.parquet"),
        split=rules.split_enzymes.output[0],
        pairs=rules.label_pairs.output.pairs,
        enzymes=rules.embed_enzymes.output[0],
        metabolites=rules.embed_metabolites.output.vectors,
        homologies=rules.search_enzymes.output[0],
    output:
        directory("<results>/emi/{split}/{predictor}"),
    log:
        "<logs>/fit_predictor/{split}_{predictor}.log",
    benchmark:
        "<benchmarks>/fit_predictor/{split}_{predictor}.tsv"
    conda:
        "../../envs/training.yaml"
    threads: config["training"]["threads"]
    resources:
        mem_mb=by_attempt(6000),
        gpu=1,
    params:
        predictor=lambda wildcards: predictor_of(wildcards.predictor),
        code=lambda wildcards: predictor_digest("fit_predictor", wildcards.predictor),
    message:
        "Fitting the predictor {wildcards.predictor} ({wildcards.split})"
    script:
        "../../scripts/fit_predictor.py"


rule evaluate_tower:
    input:
        interactions=emi_file("interactions.parquet"),
        split=rules.split_enzymes.output[0],
        pairs=rules.label_pairs.output.pairs,
        enzymes=rules.embed_enzymes.output[0],
        metabolites=rules.embed_metabolites.output.vectors,
        homologies=rules.search_enzymes.output[0],
        tower=rules.train_tower.output.tower,
        pool=rules.train_tower.output.pool,
        stack=rules.train_tower.output.stack,
        fitted=lambda wildcards: [
            folder
            for name in FITTED
            for folder in predictor_files(name, wildcards.split)
        ],
        strict=rules.check_strict_splits.output[0],
    output:
        metrics="<results>/emi/{split}/metrics.parquet",
    log:
        "<logs>/evaluate_tower/{split}.log",
    benchmark:
        "<benchmarks>/evaluate_tower/{split}.tsv"
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=by_attempt(6000),
    params:
        predictors={name: predictor_of(name) for name in PREDICTORS},
        seed=config["seed"],
        code=predictor_digest("evaluate_tower", *PREDICTORS),
    message:
        "Evaluating the predictors ({wildcards.split})"
    script:
        "../../scripts/evaluate_tower.py"
