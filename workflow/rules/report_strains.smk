# REQUIRED INPUTS: counts, metrics, verified strategies and designs of deepgdel.smk and
#                  strain_design.smk; the printed tables of resources/.
# OUTPUTS: <results>/tables/{deletion_*,strain_designs_*}.csv and their figures.


rule tabulate_deletions:
    input:
        models=expand(rules.prepare_strain_model.output.model, gem=LEARNED),
        essential=expand(rules.describe_strain_model.output.essential, gem=LEARNED),
        targets=expand(rules.describe_strain_model.output.targets, gem=LEARNED),
        data=expand(rules.build_deletion_data.output.data, gem=LEARNED),
        audits=expand(rules.audit_strategies.output[0], gem=LEARNED),
        metrics=expand(
            rules.evaluate_deletions.output[0],
            gem=LEARNED,
            protocol=config["deepgdel"]["protocols"],
        ),
        verified=expand(
            rules.verify_deletions.output.strategies,
            gem=LEARNED,
            protocol=VERIFIED_PROTOCOL,
        ),
        seconds=expand(
            rules.verify_deletions.output.seconds,
            gem=LEARNED,
            protocol=VERIFIED_PROTOCOL,
        ),
        printed="gemwright/resources/paper_deepgdel_tables.tsv",
    output:
        counts=report_table("deletion_data", "5 Deletion strategies"),
        audit=report_table("deletion_audit", "5 Deletion strategies"),
        methods=report_table("deletion_methods", "5 Deletion strategies"),
        verified=report_table("deletion_verified", "5 Deletion strategies"),
    log:
        "<logs>/tabulate_deletions.log",
    benchmark:
        "<benchmarks>/tabulate_deletions.tsv"
    conda:
        "../../envs/strain_design.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        models=LEARNED,
        protocol=VERIFIED_PROTOCOL,
        strategies=STRAINS["strategies"],
        code=script_digest("tabulate_deletions"),
    message:
        "Tabulating deletion predictors beside DeepGDel's tables"
    script:
        "../../scripts/tabulate_deletions.py"


rule plot_deletions:
    input:
        methods=rules.tabulate_deletions.output.methods,
        verified=rules.tabulate_deletions.output.verified,
        histories=deletion_histories(),
    output:
        methods=report_figure("deletion_methods", "5 Deletion strategies"),
        methods_png="<results>/figures/deletion_methods.png",
        verified=report_figure("deletion_verified", "5 Deletion strategies"),
        verified_png="<results>/figures/deletion_verified.png",
        training=report_figure("deletion_training", "5 Deletion strategies"),
        training_png="<results>/figures/deletion_training.png",
    log:
        "<logs>/plot_deletions.log",
    benchmark:
        "<benchmarks>/plot_deletions.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        models=LEARNED,
        code=script_digest("plot_deletions"),
    message:
        "Plotting deletion predictors"
    script:
        "../../scripts/plot_deletions.py"


rule tabulate_designs:
    input:
        rules.design_strains.output[0],
    output:
        table=report_table("strain_designs_{gem}", "6 Strains", "strain_designs"),
        figure=report_figure(
            "production_envelopes_{gem}", "6 Strains", "production_envelopes"
        ),
        figure_png="<results>/figures/production_envelopes_{gem}.png",
    log:
        "<logs>/tabulate_designs/{gem}.log",
    benchmark:
        "<benchmarks>/tabulate_designs/{gem}.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        code=script_digest("tabulate_designs"),
    message:
        "Tabulating and plotting the designed strains of {wildcards.gem}"
    script:
        "../../scripts/tabulate_designs.py"
