# REQUIRED INPUTS: <results>/sources/, the tables of the live sources; <results>/data/, those of the
#                  embedded snapshot; the table of structures.
# OUTPUTS: <results>/metagem_db/{route}/, the database by each route, and of a live route the part
#          that predictors are trained and measured on; <results>/tables/metagem_db*.csv.


rule build_metagem_db:
    input:
        **source_tables("rhea", "uniprot", "chebi", "metanetx", "bigg"),
        universe=rules.extract_snapshot.output.reactions,
        structures=config["structures"],
    output:
        pairs="<results>/metagem_db/{live_route}/pairs.parquet",
        enzymes="<results>/metagem_db/{live_route}/enzymes.parquet",
        metabolites="<results>/metagem_db/{live_route}/metabolites.parquet",
        funnel="<results>/metagem_db/{live_route}/funnel.csv",
    log:
        "<logs>/build_metagem_db/{live_route}.log",
    benchmark:
        "<benchmarks>/build_metagem_db/{live_route}.tsv"
    conda:
        "../../envs/databases.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        options={key: config["metagem_db"][key] for key in ("undirected", "unbalanced")},
        code=script_digest("build_metagem_db"),
    message:
        "Building MetaGEM-DB by the route {wildcards.live_route}"
    script:
        "../../scripts/build_metagem_db.py"


rule build_embedded_db:
    input:
        gprs=rules.extract_snapshot.output.gprs,
        proteins=rules.extract_snapshot.output.proteins,
        stoichiometry=rules.extract_snapshot.output.stoichiometry,
        species=rules.extract_snapshot.output.species,
        model_bounds=rules.extract_snapshot.output.model_bounds,
        enzymes=rules.extract_snapshot.output.enzymes,
        structures=config["structures"],
    output:
        pairs="<results>/metagem_db/embedded/pairs.parquet",
        enzymes="<results>/metagem_db/embedded/enzymes.parquet",
        metabolites="<results>/metagem_db/embedded/metabolites.parquet",
        funnel="<results>/metagem_db/embedded/funnel.csv",
    log:
        "<logs>/build_embedded_db.log",
    benchmark:
        "<benchmarks>/build_embedded_db.tsv"
    conda:
        "../../envs/databases.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        code=script_digest("build_embedded_db"),
    message:
        "Building MetaGEM-DB from the embedded gene rules"
    script:
        "../../scripts/build_embedded_db.py"


rule select_interactions:
    input:
        pairs=rules.build_metagem_db.output.pairs,
        enzymes=rules.build_metagem_db.output.enzymes,
        metabolites=rules.build_metagem_db.output.metabolites,
        funnel=rules.build_metagem_db.output.funnel,
        structures=config["structures"],
    output:
        interactions="<results>/interactions/{live_route}/interactions.parquet",
        enzymes="<results>/interactions/{live_route}/enzymes.parquet",
        structures="<results>/interactions/{live_route}/structures.tsv",
        funnel="<results>/interactions/{live_route}/funnel.csv",
    log:
        "<logs>/select_interactions/{live_route}.log",
    benchmark:
        "<benchmarks>/select_interactions/{live_route}.tsv"
    conda:
        "../../envs/databases.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        currency=config["interactions"]["include_currency"],
        r_groups=config["metagem_db"]["include_r_groups"],
        code=script_digest("select_interactions"),
    message:
        "Choosing the pairs to learn from ({wildcards.live_route})"
    script:
        "../../scripts/select_interactions.py"


rule tabulate_metagem_db:
    input:
        pairs=expand("<results>/metagem_db/{route}/pairs.parquet", route=ROUTES),
        funnels=expand("<results>/metagem_db/{route}/funnel.csv", route=ROUTES),
        lock=rules.lock_downloads.output[0] if LIVE else [],
        printed="gemwright/resources/paper_metagem_tables.tsv",
    output:
        datasheet=report_table("metagem_db", "4 MetaGEM-DB"),
        funnel=report_table("metagem_db_funnel", "4 MetaGEM-DB"),
    log:
        "<logs>/tabulate_metagem_db.log",
    benchmark:
        "<benchmarks>/tabulate_metagem_db.tsv"
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        routes=ROUTES,
        code=script_digest("tabulate_metagem_db"),
    message:
        "Tabulating MetaGEM-DB beside the paper"
    script:
        "../../scripts/tabulate_metagem_db.py"
