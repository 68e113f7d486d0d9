# REQUIRED INPUTS: the live hosts of gemwright/resources/datasets.tsv, or the mirror that the config names.
# OUTPUTS: <results>/downloads/{source}.tsv, what was fetched (the files lie in the downloads
#          folder of the config); <results>/downloads.lock.tsv, all of it;
#          <results>/sources/{source}/, the tables of each source and what was found wrong in it.


localrules:
    download_source,
    lock_downloads,


rule download_source:
    input:
        unpack(download_needs),
    output:
        "<results>/downloads/{source}.tsv",
    log:
        "<logs>/download_source/{source}.log",
    benchmark:
        "<benchmarks>/download_source/{source}.tsv"
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        settings=download_settings,
        mirror=without_credentials(config["mirror"] or "") or None,
        lock=download_lock_digest(),
        registry=registry_rows,
        code=script_digest("download_source"),
    message:
        "Fetching {wildcards.source}"
    script:
        "../../scripts/download_source.py"


rule lock_downloads:
    input:
        expand(rules.download_source.output[0], source=SOURCES),
    output:
        "<results>/downloads.lock.tsv",
    log:
        "<logs>/lock_downloads.log",
    benchmark:
        "<benchmarks>/lock_downloads.tsv"
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        code=script_digest("lock_downloads"),
    message:
        "Recording what was fetched"
    script:
        "../../scripts/lock_downloads.py"


rule parse_source:
    input:
        unpack(parse_needs),
        manifest=rules.download_source.output[0],
    output:
        tables=directory("<results>/sources/{source}/tables"),
        findings="<results>/sources/{source}/findings.csv",
    log:
        "<logs>/parse_source/{source}.log",
    benchmark:
        "<benchmarks>/parse_source/{source}.tsv"
    conda:
        "../../envs/databases.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        code=script_digest("parse_source"),
    message:
        "Reading {wildcards.source}"
    script:
        "../../scripts/parse_source.py"


rule tabulate_findings:
    input:
        expand(rules.parse_source.output.findings, source=PARSED_SOURCES),
    output:
        report_table("findings", "4 MetaGEM-DB"),
    log:
        "<logs>/tabulate_findings.log",
    benchmark:
        "<benchmarks>/tabulate_findings.tsv"
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        names=PARSED_SOURCES,
        code=script_digest("tabulate_findings"),
    message:
        "Tabulating what was wrong in the sources"
    script:
        "../../scripts/tabulate_findings.py"
