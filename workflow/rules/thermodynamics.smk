# REQUIRED INPUTS: universes of universe.smk; models of reconstruction.smk with their flux states
#                  (physiology.smk); the table of structures of the config.
# OUTPUTS: <results>/thermodynamics/{universe}/, standard Gibbs energies of compounds and reactions
#          with the root of their covariance, and the directions that cannot run;
#          <results>/thermodynamics/models/{organism}.csv, the driving forces of a model's states.


rule compute_energies:
    input:
        universe=rules.seal_universe.output.model,
        structures=config["structures"],
    output:
        compounds="<results>/thermodynamics/{universe}/compounds.parquet",
        reactions="<results>/thermodynamics/{universe}/reactions.parquet",
        covariance_root="<results>/thermodynamics/{universe}/covariance_root.parquet",
        impossible="<results>/thermodynamics/{universe}/impossible_directions.csv",
    log:
        "<logs>/compute_energies/{universe}.log",
    benchmark:
        "<benchmarks>/compute_energies/{universe}.tsv"
    wildcard_constraints:
        universe="|".join(UNIVERSES),
    conda:
        "../../envs/thermodynamics.yaml"
    resources:
        mem_mb=by_attempt(3000),
    params:
        options=config["thermodynamics"],
        code=script_digest("compute_energies"),
    message:
        "Computing the standard Gibbs energies of the universe {wildcards.universe}"
    script:
        "../../scripts/compute_energies.py"


rule measure_driving_force:
    input:
        model=rules.reconstruct_model.output.model,
        fluxes="<results>/physiology/{organism}/fluxes.parquet",
        structures=config["structures"],
    output:
        "<results>/thermodynamics/models/{organism}.csv",
    log:
        "<logs>/measure_driving_force/{organism}.log",
    benchmark:
        "<benchmarks>/measure_driving_force/{organism}.tsv"
    conda:
        "../../envs/thermodynamics.yaml"
    resources:
        mem_mb=by_attempt(1000),
    params:
        options=config["thermodynamics"],
        default=DEFAULT,
        code=script_digest("measure_driving_force"),
    message:
        "Driving forces of the flux states of {wildcards.organism}"
    script:
        "../../scripts/measure_driving_force.py"
