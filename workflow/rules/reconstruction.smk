# REQUIRED INPUTS: <results>/organisms/{organism}/*.parquet, <results>/data/*.parquet, the trained
#                  model and the embeddings of emi.smk.
# OUTPUTS: <results>/reconstruction/{organism}/universe.csv, where it was guessed;
#          <results>/reconstruction/{organism}/model.xml and the tables that explain it;
#          <results>/reconstruction/{organism}/auxotrophies.csv, the nutrients that it cannot make;
#          <results>/variants/{variant}/{organism}/, the same for the variants.


rule search_homologues:
    input:
        proteome=rules.prepare_organism.output.proteome,
        enzymes=known_enzymes,
    output:
        "<results>/reconstruction/{organism}/homologues.parquet",
    log:
        "<logs>/search_homologues/{organism}.log",
    benchmark:
        "<benchmarks>/search_homologues/{organism}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/clustering.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(3000),
    params:
        code=script_digest("search_homologues"),
    message:
        "Searching the proteome of {wildcards.organism} against the known enzymes (DIAMOND)"
    script:
        "../../scripts/search_homologues.py"


checkpoint guess_universe:
    # for an organism whose row of the sheet names none; only then is it known which one to seal
    input:
        homologues=rules.search_homologues.output[0],
        proteins=rules.extract_snapshot.output.proteins,
    output:
        universe="<results>/reconstruction/{organism}/universe.parquet",
        universe_csv="<results>/reconstruction/{organism}/universe.csv",
    log:
        "<logs>/guess_universe/{organism}.log",
    benchmark:
        "<benchmarks>/guess_universe/{organism}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        code=script_digest("guess_universe"),
    message:
        "Guessing the universe of {wildcards.organism} from its homologues"
    script:
        "../../scripts/guess_universe.py"


use rule embed_enzymes as embed_proteome with:
    input:
        sequences=rules.prepare_organism.output.proteome,
    output:
        "<results>/reconstruction/{organism}/proteome_vectors.parquet",
    log:
        "<logs>/embed_proteome/{organism}.log",
    benchmark:
        "<benchmarks>/embed_proteome/{organism}.tsv"
    params:
        key="protein",
        encoder=config["embeddings"]["enzyme"],
        options=config["embeddings"]["enzyme_options"],
        code=script_digest("embed_enzymes", config["embeddings"]["enzyme"]),
    message:
        "Embedding the proteome of {wildcards.organism} with {params.encoder}"


rule score_proteome:
    input:
        vectors=rules.embed_proteome.output[0],
        homologues=rules.search_homologues.output[0],
        proteome=rules.prepare_organism.output.proteome,
        metabolome=rules.prepare_organism.output.metabolome,
        metabolites=rules.embed_metabolites.output.vectors,
        interactions=emi_file("interactions.parquet"),
        model=lambda wildcards: predictor_files(wildcards.scorer, "final"),
    output:
        "<results>/reconstruction/{organism}/scores_{scorer}.parquet",
    log:
        "<logs>/score_proteome/{organism}_{scorer}.log",
    benchmark:
        "<benchmarks>/score_proteome/{organism}_{scorer}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/training.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        predictor=lambda wildcards: predictor_of(wildcards.scorer),
        min_score=config["scoring"]["min_score"],
        code=lambda wildcards: predictor_digest("score_proteome", wildcards.scorer),
    message:
        "Scoring the proteome of {wildcards.organism} against its metabolome ({wildcards.scorer})"
    script:
        "../../scripts/score_proteome.py"


rule reconstruct_model:
    input:
        proteome=rules.prepare_organism.output.proteome,
        scores=scores_of,
        homologues=rules.search_homologues.output[0],
        proteins=rules.extract_snapshot.output.proteins,
        gprs=rules.extract_snapshot.output.gprs,
        model_bounds=rules.extract_snapshot.output.model_bounds,
        metabolome=rules.prepare_organism.output.metabolome,
        media=rules.prepare_organism.output.media,
        biomass=rules.prepare_organism.output.biomass,
        universe=universe_file("model"),
        merged=universe_file("merged"),
        weights=universe_file("weights"),
    output:
        model="<results>/reconstruction/{organism}/model.xml",
        selected="<results>/reconstruction/{organism}/selected_enzymes.parquet",
        provenance="<results>/reconstruction/{organism}/provenance.parquet",
        provenance_csv="<results>/reconstruction/{organism}/provenance.csv",
        statistics="<results>/reconstruction/{organism}/statistics.csv",
        gaps="<results>/reconstruction/{organism}/gap_filling.csv",
        directions="<results>/reconstruction/{organism}/directions.csv",
        biomass="<results>/reconstruction/{organism}/biomass.csv",
    log:
        "<logs>/reconstruct_model/{organism}.log",
    benchmark:
        "<benchmarks>/reconstruct_model/{organism}.tsv"
    priority: TO_THE_STRAIN
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(4000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=reconstruction_options,
        medium=config["medium"],
        code=script_digest("reconstruct_model"),
    message:
        "Reconstructing {wildcards.organism}: enzymes, draft, gap-filling, SBML"
    script:
        "../../scripts/reconstruct_model.py"


use rule reconstruct_model as reconstruct_variant with:
    output:
        model="<results>/variants/{variant}/{organism}/model.xml",
        selected="<results>/variants/{variant}/{organism}/selected_enzymes.parquet",
        provenance="<results>/variants/{variant}/{organism}/provenance.parquet",
        provenance_csv="<results>/variants/{variant}/{organism}/provenance.csv",
        statistics="<results>/variants/{variant}/{organism}/statistics.csv",
        gaps="<results>/variants/{variant}/{organism}/gap_filling.csv",
        directions="<results>/variants/{variant}/{organism}/directions.csv",
        biomass="<results>/variants/{variant}/{organism}/biomass.csv",
    log:
        "<logs>/reconstruct_variant/{variant}_{organism}.log",
    benchmark:
        "<benchmarks>/reconstruct_variant/{variant}_{organism}.tsv"
    priority: 0
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=reconstruction_options,
        medium=config["medium"],
        code=script_digest("reconstruct_model"),
    message:
        "Reconstructing {wildcards.organism} by the variant {wildcards.variant}"


rule find_auxotrophies:
    input:
        model=rules.reconstruct_model.output.model,
        provenance=rules.reconstruct_model.output.provenance,
        media=rules.prepare_organism.output.media,
        biomass=rules.prepare_organism.output.biomass,
        universe=universe_file("model"),
    output:
        "<results>/reconstruction/{organism}/auxotrophies.csv",
    log:
        "<logs>/find_auxotrophies/{organism}.log",
    benchmark:
        "<benchmarks>/find_auxotrophies/{organism}.tsv"
    conda:
        "../../envs/reconstruction.yaml"
    resources:
        mem_mb=by_attempt(2000),
    params:
        sheet=config["organisms"],
        row=organism_row,
        options=reconstruction_options,
        medium=config["medium"],
        code=script_digest("find_auxotrophies"),
    message:
        "Nutrients that {wildcards.organism} cannot do without"
    script:
        "../../scripts/find_auxotrophies.py"
