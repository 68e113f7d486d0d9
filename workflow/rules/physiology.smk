# REQUIRED INPUTS: models of reconstruction.smk, the peer's shipped models.
# OUTPUTS: <results>/physiology/{method}/{organism}/, how each model lives on its media: growth,
#          respiration, ATP, products, fluxes; <results>/tables/physiology.csv and its kind, all models
#          beside curated ones; a flux map of each organism in <results>/figures.


rule measure_physiology:
    input:
        model=model_of,
        provenance=provenance_of,
        media=rules.prepare_organism.output.media,
    output:
        rows="<results>/physiology/{method}/{organism}/rows.parquet",
        overflow="<results>/physiology/{method}/{organism}/overflow.parquet",
        yields="<results>/physiology/{method}/{organism}/yields.parquet",
        without_oxygen="<results>/physiology/{method}/{organism}/without_oxygen.parquet",
        fluxes="<results>/physiology/{method}/{organism}/fluxes.parquet",
        core="<results>/physiology/{method}/{organism}/core.parquet",
    log:
        "<logs>/measure_physiology/{method}_{organism}.log",
    benchmark:
        "<benchmarks>/measure_physiology/{method}_{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        medium=config["medium"],
        code=script_digest("measure_physiology"),
    message:
        "Physiology of {wildcards.organism} ({wildcards.method})"
    script:
        "../../scripts/measure_physiology.py"


rule physiology_table:
    input:
        rows=measured("rows"),
        overflow=measured("overflow"),
        yields=measured("yields"),
        without_oxygen=measured("without_oxygen"),
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
        models=MEASURED,
        organisms=list(ORGANISMS),
        code=script_digest("physiology_table"),
    message:
        "Tabulating the physiology of all models beside curated ones"
    script:
        "../../scripts/physiology_table.py"


rule plot_physiology:
    input:
        core=f"<results>/physiology/{DEFAULT}/{{organism}}/core.parquet",
        rows=f"<results>/physiology/{DEFAULT}/{{organism}}/rows.parquet",
    output:
        flux_map=report_figure("flux_map_{organism}", "2 Models", "flux_map"),
        flux_map_png="<results>/figures/flux_map_{organism}.png",
    log:
        "<logs>/plot_physiology/{organism}.log",
    benchmark:
        "<benchmarks>/plot_physiology/{organism}.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        name=lambda wildcards: ORGANISMS[wildcards.organism].name or wildcards.organism,
        code=script_digest("plot_physiology"),
    message:
        "Drawing the core metabolism of {wildcards.organism}"
    script:
        "../../scripts/plot_physiology.py"
