# The targets for people. Each is a rule without a script, named for what it collects.


rule demo:
    # everything: three organisms, validated, strains and kinetic models, with all tables and figures
    input:
        rules.tabulate_emi.output,
        rules.tabulate_models.output,
        rules.tabulate_validation.output,
        rules.record_versions.output,
        rules.plot_emi.output,
        rules.plot_models.output,
        rules.plot_validation.output,
        rules.physiology_table.output,
        rules.plot_physiology.output,
        expand(rules.measure_driving_force.output, organism=ORGANISMS),
        expand(rules.tabulate_designs.output, gem=RECONSTRUCTED),
        rules.tabulate_rekindle.output,
        rules.tabulate_transfer.output,
        expand(rules.plot_rekindle.output, physiology=PHYSIOLOGIES),
        expand(rules.export_kinetic_models.output, physiology=PHYSIOLOGIES),
        [rules.tabulate_metagem_db.output, rules.tabulate_findings.output]
        if LIVE
        else [],


rule databases:
    # every live source, fetched, checked and read (`sources: live`)
    input:
        rules.lock_downloads.output,
        rules.tabulate_findings.output,


rule metagem_db:
    # MetaGEM-DB by every route, with its datasheet and funnel
    input:
        rules.tabulate_metagem_db.output,
        rules.tabulate_findings.output if LIVE else [],
        [
            rules.select_interactions.output[0].format(live_route=route)
            for route in ROUTES[:-1]
        ],


rule split_ladder:
    # leakage of splits at 30 to 90 %, by CD-HIT and by components, over several seeds
    input:
        rules.measure_ladder.output,


rule reconstruction:
    # the models of all organisms of the sheet, without validation
    input:
        expand(rules.reconstruct_model.output.model, organism=ORGANISMS),


rule reconstruction_benchmark:
    # every method beside the peer: its six tests, size and soundness, physiology, auxotrophies
    input:
        rules.tabulate_validation.output,
        rules.plot_validation.output,
        rules.tabulate_models.output,
        rules.physiology_table.output,
        expand(rules.find_auxotrophies.output, organism=ORGANISMS),


rule auxotrophies:
    # amino acids, vitamins and nucleobases that each organism cannot make
    input:
        expand(rules.find_auxotrophies.output, organism=ORGANISMS),


rule interactions:
    # the benchmark of interaction predictors
    input:
        rules.tabulate_emi.output,
        rules.plot_emi.output,
        rules.tabulate_metagem_db.output if LIVE else [],


rule validation:
    # phenotypes and essentiality of all models
    input:
        rules.tabulate_validation.output,
        rules.plot_validation.output,


rule physiology:
    # how all models live, beside curated ones and the peer's
    input:
        rules.physiology_table.output,
        rules.plot_physiology.output,
        expand(rules.measure_driving_force.output, organism=ORGANISMS),


rule deepgdel:
    # predictors of gene deletion strategies, compared and judged, and strains designed with them
    input:
        rules.tabulate_deletions.output,
        rules.plot_deletions.output,
        expand(
            rules.tabulate_designs.output,
            gem=[gem for gem in DESIGNED if gem in LEARNED],
        ),


rule strains:
    # designed strains of all models of the config
    input:
        expand(rules.tabulate_designs.output, gem=DESIGNED),


rule rekindle:
    # kinetic models: sampled, generated, beside controls, perturbed, transferred, exported
    input:
        rules.tabulate_rekindle.output,
        rules.tabulate_transfer.output,
        expand(rules.plot_rekindle.output, physiology=PHYSIOLOGIES),
        expand(rules.export_kinetic_models.output, physiology=PHYSIOLOGIES),
        expand(rules.time_kinetic_steps.output, physiology=PHYSIOLOGIES[:1]),


rule paper_tables:
    # every table that stands beside a printed one
    input:
        rules.tabulate_emi.output,
        rules.tabulate_metagem_db.output,
        rules.tabulate_models.output.sizes,
        rules.tabulate_validation.output,
        rules.tabulate_deletions.output,
        rules.tabulate_rekindle.output,
        rules.tabulate_transfer.output,
        rules.compare_paper_energies.output if paper_numbers() else [],
