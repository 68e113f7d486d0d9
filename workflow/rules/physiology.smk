# REQUIRED INPUTS: models of reconstruction.smk, the peer's shipped models.
# OUTPUTS: <results>/physiology/{organism}/, how an organism's models, by method, live on its media:
#          growth, respiration, ATP, products, fluxes; <results>/tables/physiology.csv and its kind, all
#          models beside curated ones; a flux map of each organism in <results>/figures.


rule measure_physiology:
    # all models of an organism at once: each takes less than the start of a job
    input:
        models=expand("{folder}/model.xml", folder=OWN_MODELS),
        provenance=expand("{folder}/provenance.parquet", folder=OWN_MODELS),
        media=rules.prepare_organism.output.media,
    output:
        rows="<results>/physiology/{organism}/rows.parquet",
        overflow="<results>/physiology/{organism}/overflow.parquet",
        yields="<results>/physiology/{organism}/yields.parquet",
        without_oxygen="<results>/physiology/{organism}/without_oxygen.parquet",
        fluxes="<results>/physiology/{organism}/fluxes.parquet",
        core="<results>/physiology/{organism}/core.parquet",
    log:
        "<logs>/measure_physiology/{organism}.log",
    benchmark:
        "<benchmarks>/measure_physiology/{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        medium=config["medium"],
        methods=METHODS,
        code=script_digest("measure_physiology"),
    message:
        "Physiology of all models of {wildcards.organism}"
    script:
        "../../scripts/measure_physiology.py"


rule physiology_table:
    input:
        rows=expand(rules.measure_physiology.output.rows, organism=ORGANISMS),
        overflow=expand(rules.measure_physiology.output.overflow, organism=ORGANISMS),
        yields=expand(rules.measure_physiology.output.yields, organism=ORGANISMS),
        without_oxygen=expand(
            rules.measure_physiology.output.without_oxygen, organism=ORGANISMS
        ),
        forces=expand(rules.measure_driving_force.output, organism=ORGANISMS),
    output:
        physiology=report_table("physiology", "2 Models"),
        overflow=report_table("overflow", "2 Models"),
        yields=report_table("yields", "2 Models"),
        without_oxygen=report_table("without_oxygen", "2 Models"),
    log:
        "<logs>/physiology_table.log",
    benchmark:
        "<benchmarks>/physiology_table.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        organisms=list(ORGANISMS),
        default=DEFAULT,
        code=script_digest("physiology_table"),
    message:
        "Tabulating the physiology of all models beside curated ones"
    script:
        "../../scripts/physiology_table.py"


rule plot_physiology:
    input:
        core=expand(rules.measure_physiology.output.core, organism=ORGANISMS),
        rows=expand(rules.measure_physiology.output.rows, organism=ORGANISMS),
    output:
        flux_maps=[
            report_figure(f"flux_map_{organism}", "2 Models", "flux_map")
            for organism in ORGANISMS
        ],
        flux_maps_png=expand(
            "<results>/figures/flux_map_{organism}.png", organism=ORGANISMS
        ),
    log:
        "<logs>/plot_physiology.log",
    benchmark:
        "<benchmarks>/plot_physiology.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        names=[organism.name or name for name, organism in ORGANISMS.items()],
        default=DEFAULT,
        code=script_digest("plot_physiology"),
    message:
        "Drawing the core metabolism of each organism"
    script:
        "../../scripts/plot_physiology.py"
