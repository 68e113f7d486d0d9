# REQUIRED INPUTS: <results>/interactions/, the enzymes of the pairs; CD-HIT and DIAMOND.
# OUTPUTS: <results>/interactions/homologies.parquet, all against all; <results>/splits/, clusters
#          and parts; <results>/tables/leakage*.csv, homologues on both sides of the splits.


rule search_enzymes:
    input:
        enzymes=emi_file("enzymes.parquet"),
    output:
        "<results>/interactions/homologies.parquet",
    log:
        "<logs>/search_enzymes.log",
    benchmark:
        "<benchmarks>/search_enzymes.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(4000),
    params:
        code=script_digest("search_enzymes"),
    message:
        "Searching all enzymes against all (DIAMOND)"
    script:
        "../../scripts/search_enzymes.py"


rule cluster_enzymes:
    input:
        enzymes=emi_file("enzymes.parquet"),
        homologies=rules.search_enzymes.output[0],
    output:
        "<results>/splits/{split}_clusters.parquet",
    log:
        "<logs>/cluster_enzymes/{split}.log",
    benchmark:
        "<benchmarks>/cluster_enzymes/{split}.tsv"
    priority: TO_THE_TOWER
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(4000),
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
    priority: TO_THE_TOWER
    conda:
        "../../envs/clustering.yaml"
    resources:
        mem_mb=by_attempt(2000),
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
        mem_mb=by_attempt(2000),
    params:
        names=TEST_SPLITS,
        code=script_digest("measure_leakage"),
    message:
        "Measuring how many test enzymes have a training homologue"
    script:
        "../../scripts/measure_leakage.py"


rule check_strict_splits:
    input:
        splits=expand("<results>/splits/{split}.parquet", split=STRICT_SPLITS),
        homologies=rules.search_enzymes.output[0],
    output:
        "<results>/splits/strict.csv",
    log:
        "<logs>/check_strict_splits.log",
    benchmark:
        "<benchmarks>/check_strict_splits.tsv"
    conda:
        "../../envs/clustering.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        identities={name: config["splits"][name]["identity"] for name in STRICT_SPLITS},
        code=script_digest("check_strict_splits"),
    message:
        "Making sure that no strict split leaks"
    script:
        "../../scripts/check_strict_splits.py"


rule cluster_ladder:
    input:
        enzymes=emi_file("enzymes.parquet"),
        homologies=rules.search_enzymes.output[0],
    output:
        "<results>/splits/ladder.parquet",
    log:
        "<logs>/cluster_ladder.log",
    benchmark:
        "<benchmarks>/cluster_ladder.tsv"
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(4000),
    params:
        identities=config["ladder"]["identities"],
        code=script_digest("cluster_ladder"),
    message:
        "Clustering the enzymes at every threshold"
    script:
        "../../scripts/cluster_ladder.py"


rule measure_ladder:
    input:
        clusters=rules.cluster_ladder.output[0],
        homologies=rules.search_enzymes.output[0],
    output:
        table=report_table("leakage_ladder", "1 Interactions"),
        figure=report_figure("leakage_ladder", "1 Interactions"),
        figure_png="<results>/figures/leakage_ladder.png",
    log:
        "<logs>/measure_ladder.log",
    benchmark:
        "<benchmarks>/measure_ladder.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        seeds=config["ladder"]["seeds"],
        test_fraction=config["ladder"]["test_fraction"],
        code=script_digest("measure_ladder"),
    message:
        "Measuring the leakage of splits at every threshold"
    script:
        "../../scripts/measure_ladder.py"
