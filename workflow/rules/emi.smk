# REQUIRED INPUTS: <results>/data/*.parquet; the table of structures; CD-HIT and DIAMOND.
# OUTPUTS: <results>/interactions/, the enzyme-metabolite pairs and the enzymes' homologies;
#          <results>/splits/, clusters and parts; <results>/embeddings/, vectors of enzymes and
#          metabolites; <results>/emi/{split}/, labelled pairs, trained model and its evaluation.
#          The split `final` has no test part: its model scores the proteomes.


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
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=4000,
    params:
        options=config["interactions"],
        code=script_digest("build_interactions"),
    message:
        "Pairing enzymes with their substrates"
    script:
        "../../scripts/build_interactions.py"


rule search_enzymes:
    input:
        enzymes=rules.build_interactions.output.enzymes,
    output:
        "<results>/interactions/homologies.parquet",
    log:
        "<logs>/search_enzymes.log",
    benchmark:
        "<benchmarks>/search_enzymes.tsv"
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=4000,
    params:
        code=script_digest("search_enzymes"),
    message:
        "Searching all enzymes against all (DIAMOND)"
    script:
        "../../scripts/search_enzymes.py"


rule cluster_enzymes:
    input:
        enzymes=rules.build_interactions.output.enzymes,
        homologies=rules.search_enzymes.output[0],
    output:
        "<results>/splits/{split}_clusters.parquet",
    log:
        "<logs>/cluster_enzymes/{split}.log",
    benchmark:
        "<benchmarks>/cluster_enzymes/{split}.tsv"
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=4000,
    params:
        method=split_option("method"),
        identity=split_option("identity"),
        code=script_digest("cluster_enzymes"),
    message:
        "Clustering the enzymes for the split {wildcards.split}"
    script:
        "../../scripts/cluster_enzymes.py"


rule split_enzymes:
    input:
        clusters=rules.cluster_enzymes.output[0],
    output:
        "<results>/splits/{split}.parquet",
    log:
        "<logs>/split_enzymes/{split}.log",
    benchmark:
        "<benchmarks>/split_enzymes/{split}.tsv"
    conda:
        "../../envs/clustering.yaml"
    resources:
        mem_mb=2000,
    params:
        test_fraction=split_option("test_fraction"),
        validation_fraction=split_option("validation_fraction"),
        seed=config["seed"],
        code=script_digest("split_enzymes"),
    message:
        "Dealing clusters to training, validation and test ({wildcards.split})"
    script:
        "../../scripts/split_enzymes.py"


rule measure_leakage:
    input:
        splits=expand("<results>/splits/{split}.parquet", split=TEST_SPLITS),
        homologies=rules.search_enzymes.output[0],
    output:
        "<results>/tables/leakage.csv",
    log:
        "<logs>/measure_leakage.log",
    benchmark:
        "<benchmarks>/measure_leakage.tsv"
    conda:
        "../../envs/clustering.yaml"
    resources:
        mem_mb=2000,
    params:
        names=TEST_SPLITS,
        code=script_digest("measure_leakage"),
    message:
        "Measuring how many test enzymes have a training homologue"
    script:
        "../../scripts/measure_leakage.py"


rule embed_enzymes:
    input:
        sequences=rules.build_interactions.output.enzymes,
    output:
        "<results>/embeddings/enzymes.parquet",
    log:
        "<logs>/embed_enzymes.log",
    benchmark:
        "<benchmarks>/embed_enzymes.tsv"
    conda:
        "../../envs/enzyme_embedding.yaml"
    resources:
        mem_mb=4000,
        gpu=1,
    params:
        key="enzyme",
        cache=config["cache"],
        encoder=config["embeddings"]["enzyme"],
        options=config["embeddings"]["enzyme_options"],
        code=script_digest("embed_enzymes"),
    message:
        "Embedding the enzymes with {params.encoder}"
    script:
        "../../scripts/embed_enzymes.py"


rule embed_metabolites:
    input:
        structures=config["structures"],
    output:
        vectors="<results>/embeddings/metabolites.parquet",
        fingerprints="<results>/embeddings/fingerprints.parquet",
    log:
        "<logs>/embed_metabolites.log",
    benchmark:
        "<benchmarks>/embed_metabolites.tsv"
    conda:
        "../../envs/metabolite_embedding.yaml"
    resources:
        mem_mb=4000,
        gpu=1,
    params:
        cache=config["cache"],
        encoder=config["embeddings"]["metabolite"],
        options=config["embeddings"]["metabolite_options"],
        code=script_digest("embed_metabolites"),
    message:
        "Embedding the metabolites with {params.encoder}"
    script:
        "../../scripts/embed_metabolites.py"


rule label_pairs:
    input:
        interactions=rules.build_interactions.output.interactions,
        split=rules.split_enzymes.output[0],
        fingerprints=rules.embed_metabolites.output.fingerprints,
    output:
        pairs="<results>/emi/{split}/pairs.parquet",
        report="<results>/emi/{split}/negatives.csv",
    log:
        "<logs>/label_pairs/{split}.log",
    benchmark:
        "<benchmarks>/label_pairs/{split}.tsv"
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=4000,
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
        interactions=rules.build_interactions.output.interactions,
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
    conda:
        "../../envs/training.yaml"
    threads: config["training"]["threads"]
    resources:
        mem_mb=6000,
        gpu=1,
    params:
        cache=config["cache"],
        options=config["training"],
        seed=config["seed"],
        code=script_digest("train_tower"),
    message:
        "Training the dual tower ({wildcards.split})"
    script:
        "../../scripts/train_tower.py"


rule evaluate_tower:
    input:
        interactions=rules.build_interactions.output.interactions,
        split=rules.split_enzymes.output[0],
        pairs=rules.label_pairs.output.pairs,
        enzymes=rules.embed_enzymes.output[0],
        metabolites=rules.embed_metabolites.output.vectors,
        homologies=rules.search_enzymes.output[0],
        tower=rules.train_tower.output.tower,
        pool=rules.train_tower.output.pool,
        stack=rules.train_tower.output.stack,
    output:
        metrics="<results>/emi/{split}/metrics.parquet",
    log:
        "<logs>/evaluate_tower/{split}.log",
    benchmark:
        "<benchmarks>/evaluate_tower/{split}.tsv"
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=6000,
    params:
        seed=config["seed"],
        code=script_digest("evaluate_tower"),
    message:
        "Evaluating the tower and the controls ({wildcards.split})"
    script:
        "../../scripts/evaluate_tower.py"
