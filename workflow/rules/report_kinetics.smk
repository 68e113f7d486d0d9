# REQUIRED INPUTS: labelled sets, generators, analyses and runs of kinetics.smk and rekindle.smk; what
#                  the paper prints (resources/).
# OUTPUTS: <results>/tables/rekindle_*.csv and their figures.


rule tabulate_rekindle:
    input:
        **perturbation_runs(),
        states=physiology_files("state.parquet"),
        models=physiology_files("model.yml"),
        sets=physiology_files("sets.parquet"),
        quality=physiology_files("comparison/quality.parquet"),
        costs=physiology_files("comparison/costs.parquet"),
        windows=physiology_files("comparison/windows.parquet"),
        parameters=physiology_files("parameters"),
        courses=physiology_files("perturbations/generated_courses.parquet"),
        made=physiology_files(f"generated/{PRESETS[0]}/sets.parquet"),
        runs=training_folders(),
        printed="gemwright/resources/paper_rekindle_tables.tsv",
        contradictions="gemwright/resources/rekindle_contradictions.tsv",
    output:
        physiologies=report_table("rekindle_physiologies", "7 Kinetic models"),
        generators=report_table("rekindle_generators", "7 Kinetic models"),
        costs=report_table("rekindle_costs", "7 Kinetic models"),
        windows=report_table("rekindle_windows", "7 Kinetic models"),
        ranking=report_table("rekindle_ranking", "7 Kinetic models"),
        constraining=report_table("rekindle_constraining", "7 Kinetic models"),
        perturbations=report_table("rekindle_perturbations", "7 Kinetic models"),
        disjointness=report_table("rekindle_disjointness", "7 Kinetic models"),
        contradictions=report_table("rekindle_contradictions", "7 Kinetic models"),
        printed=report_table("rekindle_printed", "7 Kinetic models"),
    log:
        "<logs>/tabulate_rekindle.log",
    benchmark:
        "<benchmarks>/tabulate_rekindle.tsv"
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(3000),
    params:
        physiologies=PHYSIOLOGIES,
        numbers=paper_numbers(),
        code=script_digest("tabulate_rekindle"),
    message:
        "Tabulating generators of kinetic models beside REKINDLE's figures"
    script:
        "../../scripts/tabulate_rekindle.py"


rule tabulate_transfer:
    input:
        runs=transfer_runs(),
        printed="gemwright/resources/paper_rekindle_tables.tsv",
    output:
        table=report_table("rekindle_transfer", "7 Kinetic models"),
        gain=report_table("rekindle_transfer_gain", "7 Kinetic models"),
        figure=report_figure("rekindle_transfer", "7 Kinetic models"),
        figure_png="<results>/figures/rekindle_transfer.png",
    log:
        "<logs>/tabulate_transfer.log",
    benchmark:
        "<benchmarks>/tabulate_transfer.tsv"
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        numbers=paper_numbers(),
        repeats=TRANSFER["repeats"],
        code=script_digest("tabulate_transfer"),
    message:
        "Transfer learning beside REKINDLE's Fig. 4"
    script:
        "../../scripts/tabulate_transfer.py"


rule compare_paper_energies:
    input:
        models=paper_files("model.yml"),
        states=paper_files("state.parquet"),
        structures=config["structures"],
    output:
        reactions=report_table("rekindle_energies", "7 Kinetic models"),
        summary=report_table("rekindle_energies_summary", "7 Kinetic models"),
    log:
        "<logs>/compare_paper_energies.log",
    benchmark:
        "<benchmarks>/compare_paper_energies.tsv"
    conda:
        "../../envs/thermodynamics.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        options=config["thermodynamics"],
        code=script_digest("compare_paper_energies"),
    message:
        "REKINDLE's reference states beside known Gibbs energies"
    script:
        "../../scripts/compare_paper_energies.py"


rule time_kinetic_steps:
    input:
        model="<results>/rekindle/{physiology}/model.yml",
        state="<results>/rekindle/{physiology}/state.parquet",
        generator=f"<results>/rekindle/{{physiology}}/generated/{PRESETS[0]}/generator",
        printed="gemwright/resources/paper_rekindle_tables.tsv",
    output:
        "<results>/timings/rekindle_{physiology}.csv",
    log:
        "<logs>/time_kinetic_steps/{physiology}.log",
    benchmark:
        "<benchmarks>/time_kinetic_steps/{physiology}.tsv"
    conda:
        "../../envs/kinetic_training.yaml"
    resources:
        mem_mb=by_attempt(2000),
        gpu=1,
    params:
        preset=PRESETS[0],
        options=preset_options(PRESETS[0]),
        code=script_digest("time_kinetic_steps"),
    message:
        "Timing the steps for {wildcards.physiology}, beside REKINDLE's Table 2"
    script:
        "../../scripts/time_kinetic_steps.py"


rule plot_rekindle:
    input:
        model="<results>/rekindle/{physiology}/model.yml",
        sets="<results>/rekindle/{physiology}/sets.parquet",
        generated=expand(
            "<results>/rekindle/{{physiology}}/generated/{preset}/sets.parquet",
            preset=PRESETS,
        ),
        runs=gan_runs("label", PRESETS[0]),
        costs="<results>/rekindle/{physiology}/comparison/costs.parquet",
        parameters="<results>/rekindle/{physiology}/parameters",
        courses="<results>/rekindle/{physiology}/perturbations/generated_courses.parquet",
        transferred=transferred_sets if "transferred" in DRAWN else [],
        perturbations=rules.tabulate_rekindle.output.perturbations,
        constraining=rules.tabulate_rekindle.output.constraining,
    output:
        **kinetic_figures(),
    log:
        "<logs>/plot_rekindle/{physiology}.log",
    benchmark:
        "<benchmarks>/plot_rekindle/{physiology}.tsv"
    conda:
        "../../envs/kinetics.yaml"
    resources:
        mem_mb=by_attempt(3000),
    params:
        presets=PRESETS,
        code=script_digest("plot_rekindle"),
    message:
        "Plotting generators and kinetic models of {wildcards.physiology}"
    script:
        "../../scripts/plot_rekindle.py"
