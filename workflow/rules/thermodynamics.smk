# REQUIRED INPUTS: the packages of requirements.lock; the table of structures of the config.
# OUTPUTS: <results>/thermodynamics/{universe}/, standard Gibbs energies of compounds and reactions
#          with the root of their covariance, and the directions that cannot run.


rule compute_energies:
    input:
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
