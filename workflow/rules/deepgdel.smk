# REQUIRED INPUTS: models and strategies of strain_design.smk, or the strategies of DeepGDel's
#                  authors (databases.smk); structures of the config; sequences of data.smk.
# OUTPUTS: <results>/deepgdel/{gem}/: labels, structures and sequences to learn from, features of
#          the targets, and for each {protocol} the folds, the predictions of every method for
#          each seed and fold, their metrics, and what flux balance analysis says of them.


rule build_deletion_data:
    input:
        unpack(deletion_sources),
    output:
        data=directory("<results>/deepgdel/{gem}/data"),
    log:
        "<logs>/build_deletion_data/{gem}.log",
    benchmark:
        "<benchmarks>/build_deletion_data/{gem}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        code=script_digest("build_deletion_data"),
    message:
        "Deletion strategies, structures and sequences of {wildcards.gem}"
    script:
        "../../scripts/build_deletion_data.py"


rule audit_strategies:
    input:
        model=rules.prepare_strain_model.output.model,
        data=rules.build_deletion_data.output.data,
    output:
        "<results>/deepgdel/{gem}/audit.parquet",
    log:
        "<logs>/audit_strategies/{gem}.log",
    benchmark:
        "<benchmarks>/audit_strategies/{gem}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        thresholds=strain_thresholds(),
        code=script_digest("audit_strategies"),
    message:
        "Checking the known strategies of {wildcards.gem} by flux balance analysis"
    script:
        "../../scripts/audit_strategies.py"


rule describe_targets:
    input:
        model=rules.prepare_strain_model.output.model,
        data=rules.build_deletion_data.output.data,
    output:
        directory("<results>/deepgdel/{gem}/features"),
    log:
        "<logs>/describe_targets/{gem}.log",
    benchmark:
        "<benchmarks>/describe_targets/{gem}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        code=script_digest("describe_targets"),
    message:
        "Flux modes and network distances of the targets of {wildcards.gem}"
    script:
        "../../scripts/describe_targets.py"


rule split_targets:
    input:
        rules.build_deletion_data.output.data,
    output:
        "<results>/deepgdel/{gem}/{protocol}/folds.parquet",
    log:
        "<logs>/split_targets/{gem}_{protocol}.log",
    benchmark:
        "<benchmarks>/split_targets/{gem}_{protocol}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        folds=config["deepgdel"]["folds"],
        seeds=config["deepgdel"]["seeds"],
        code=script_digest("split_targets"),
    message:
        "Folds of the targets of {wildcards.gem} ({wildcards.protocol})"
    script:
        "../../scripts/split_targets.py"


rule train_deletion_networks:
    input:
        data=rules.build_deletion_data.output.data,
        folds=rules.split_targets.output[0],
    output:
        scores="<results>/deepgdel/{gem}/{protocol}/seed{seed}/fold{fold}/networks.parquet",
        history="<results>/deepgdel/{gem}/{protocol}/seed{seed}/fold{fold}/histories.parquet",
    log:
        "<logs>/train_deletion_networks/{gem}_{protocol}_{seed}_{fold}.log",
    benchmark:
        "<benchmarks>/train_deletion_networks/{gem}_{protocol}_{seed}_{fold}.tsv"
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=by_attempt(4000),
        gpu=1,
    params:
        networks=config["deepgdel"]["networks"],
        options=network_options(),
        code=script_digest("train_deletion_networks"),
    message:
        "DeepGDel on {wildcards.gem}, seed {wildcards.seed}, fold {wildcards.fold}"
        " ({wildcards.protocol})"
    script:
        "../../scripts/train_deletion_networks.py"


rule predict_deletions:
    input:
        data=rules.build_deletion_data.output.data,
        features=rules.describe_targets.output[0],
        folds=rules.split_targets.output[0],
    output:
        scores="<results>/deepgdel/{gem}/{protocol}/seed{seed}/fold{fold}/methods.parquet",
    log:
        "<logs>/predict_deletions/{gem}_{protocol}_{seed}_{fold}.log",
    benchmark:
        "<benchmarks>/predict_deletions/{gem}_{protocol}_{seed}_{fold}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        methods=config["deepgdel"]["methods"],
        code=script_digest("predict_deletions"),
    message:
        "Controls and closed-form methods on {wildcards.gem}, seed {wildcards.seed}, fold"
        " {wildcards.fold} ({wildcards.protocol})"
    script:
        "../../scripts/predict_deletions.py"


rule evaluate_deletions:
    input:
        data=rules.build_deletion_data.output.data,
        folds=rules.split_targets.output[0],
        scores=deletion_scores(),
    output:
        "<results>/deepgdel/{gem}/{protocol}/metrics.parquet",
    log:
        "<logs>/evaluate_deletions/{gem}_{protocol}.log",
    benchmark:
        "<benchmarks>/evaluate_deletions/{gem}_{protocol}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        runs=deletion_runs(),
        code=script_digest("evaluate_deletions"),
    message:
        "Metrics of all deletion predictors on {wildcards.gem} ({wildcards.protocol})"
    script:
        "../../scripts/evaluate_deletions.py"


rule verify_deletions:
    input:
        model=rules.prepare_strain_model.output.model,
        data=rules.build_deletion_data.output.data,
        folds=rules.split_targets.output[0],
        scores=deletion_scores(FIRST_SEED),
    output:
        strategies="<results>/deepgdel/{gem}/{protocol}/verified.parquet",
        seconds="<results>/deepgdel/{gem}/{protocol}/verification_seconds.csv",
    log:
        "<logs>/verify_deletions/{gem}_{protocol}.log",
    benchmark:
        "<benchmarks>/verify_deletions/{gem}_{protocol}.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        runs=deletion_runs(FIRST_SEED),
        thresholds=strain_thresholds(),
        most=config["deepgdel"]["verified_targets"],
        seed=config["seed"],
        code=script_digest("verify_deletions"),
    message:
        "Judging predicted strategies of {wildcards.gem} by flux balance analysis"
        " ({wildcards.protocol})"
    script:
        "../../scripts/verify_deletions.py"
