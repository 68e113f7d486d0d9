# What all rules share: the checked configuration and organism sheet, and the functions that give
# rules their files and options.
import os
import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

PROJECT = Path(str(workflow.current_basedir)).resolve().parents[1]
# scripts use the library of this checkout, in whatever environment they run
os.environ.update(PYTHONPATH=str(PROJECT))
sys.path.insert(0, str(PROJECT))

from gemwright.code_digest import code_digest
from gemwright.config.checks import config_problems, unfit_settings
from gemwright.download.addresses import without_credentials
from gemwright.embedding.enzyme_encoders import ENZYME_ENCODERS
from gemwright.embedding.metabolite_encoders import METABOLITE_ENCODERS
from gemwright.emi.models.registry import PREDICTORS, fitted
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.errors import InputError
from gemwright.io.files import check_writable, sha256_file, sha256_text
from gemwright.io.plugins import is_own, name_of, source_file
from gemwright.reconstruction.universe_guess import guessed_name
from gemwright.run_settings import RunSettings
from gemwright.sources.bigg_snapshot import UNIVERSES
from gemwright.sources.registry import collection


def checked_organisms():
    names = {
        "embeddings.enzyme": ENZYME_ENCODERS,
        "embeddings.metabolite": METABOLITE_ENCODERS,
        "scoring.scorer": PREDICTORS,
        "scoring.predictors": fitted(PREDICTORS),
        "variants.*.scorer": PREDICTORS,
        "kinetics.criteria": [],
    }
    problems = config_problems(config, names) or unfit_settings(config)
    if problems:
        raise WorkflowError("\n".join(problems))
    try:
        return read_organisms(config["organisms"])
    except InputError as error:
        raise WorkflowError(str(error)) from None


ORGANISMS = checked_organisms()
# where caches lie reaches jobs by the environment: as a parameter it would rerun trainings
RunSettings.of(config).share()
TEST_SPLITS = [
    name for name, split in config["splits"].items() if split["test_fraction"] > 0
]
STRICT_SPLITS = [
    name for name in TEST_SPLITS if config["splits"][name]["method"] == "components"
]
DEFAULT = config["reconstruction"]["method"]
VARIANTS = [name for name in config["variants"] if name != DEFAULT]
METHODS = [DEFAULT, *VARIANTS]
LIVE = config["sources"] == "live"
ROUTES = ["bigg_rhea", "ec", "embedded"] if LIVE else ["embedded"]
PARSED_SOURCES = [
    *("bigg", "rhea", "uniprot", "chebi", "metanetx", "deepgdel", "metnetcomp"),
    *(["kegg"] if config["downloads"]["agree_kegg_terms"] else []),
]
SOURCES = [*PARSED_SOURCES, "rekindle"]


# the heads of long chains run first: else one core would end with such a chain while others idle
FIRST_OF_ALL, TO_THE_TOWER, TO_THE_STRAIN, TO_THE_GENERATORS = 60, 50, 40, 10


wildcard_constraints:
    organism="|".join(ORGANISMS),
    split="|".join(config["splits"]),
    variant="|".join(VARIANTS) or "none",
    method="|".join([*METHODS, "carveme"]),
    source="[a-z]+",
    live_route="bigg_rhea|ec",
    seed="[0-9]+",


def places_digest(*places):
    """Digests of the code behind classes and functions, module:Name or file.py:Name."""
    files = [source_file(place) for place in places if ":" in place]
    return " ".join(code_digest(str(file)) for file in files)


def script_digest(rule, *places):
    """Digest of the code behind scripts/<rule>.py: a change of it reruns the rule. Further ones are
    of what the script is told to use; a name alone is one that it finds in its own registry.
    """
    own = code_digest(str(PROJECT / "scripts" / f"{rule}.py"))
    return f"{own} {places_digest(*places)}".strip()


def by_attempt(amount):
    """An amount of a resource, doubled whenever a job is tried again."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def download_settings(wildcards):
    """What the config wants of a source, and nothing else of the section: neither another source's
    wishes nor how and whereto files are fetched makes what was fetched another.
    """
    settings, source = config["downloads"], wildcards.source
    return {
        "agree_kegg_terms": source == "kegg" and settings["agree_kegg_terms"],
        "bigg_models": settings["bigg_models"] if source == "bigg" else None,
        "bigg_sbml": settings["bigg_sbml"] if source == "bigg" else [],
        "strategies": settings["strategies"] if source == "metnetcomp" else [],
    }


def registry_rows(wildcards):
    """Rows of a collection in the registry: a changed address or hash fetches it again."""
    return [repr(row) for row in collection(wildcards.source).values()]


def download_needs(wildcards):
    """Tables that name the items of a collection: targets of MetNetComp, genes for KEGG."""
    if not LIVE:
        raise WorkflowError(
            f"config: the sources are {config['sources']!r}, and nothing is downloaded;"
            " set 'sources: live', or use '--configfile config/live.yaml'"
        )
    if wildcards.source == "metnetcomp":
        return {"targets": "<results>/sources/deepgdel/tables"}
    if wildcards.source == "kegg":
        return {"genes": "<results>/sources/bigg/tables"}
    return {}


def parse_needs(wildcards):
    """Genes that KEGG was asked for, to tell which of them it does not know."""
    return download_needs(wildcards) if wildcards.source == "kegg" else {}


def download_lock_digest():
    """Digest of the lock table of the config: another one checks every file again."""
    lock = config["downloads"]["lock"]
    return sha256_file(lock) if lock and os.path.exists(lock) else ""


def source_tables(*sources):
    """Folders of the tables of parsed sources, by source."""
    return {source: f"<results>/sources/{source}/tables" for source in sources}


def emi_file(name):
    """A file of the pairs that predictors learn from, by the route of the config."""
    route = config["interactions"]["route"]
    if route != "embedded":
        return f"<results>/interactions/{route}/{name}"
    return (
        config["structures"]
        if name == "structures.tsv"
        else f"<results>/interactions/{name}"
    )


def organism_files(wildcards):
    """Own files of an organism's model; datasets of the registry are checked by their hash instead."""
    return ORGANISMS[wildcards.organism].own_files


def validation_files(wildcards):
    """An organism's own tables to compare its model with."""
    return ORGANISMS[wildcards.organism].validation_files


def organism_row(wildcards):
    """What an organism's row of the sheet says about its model: neither another row nor another
    table to compare the model with makes another model.
    """
    return repr(ORGANISMS[wildcards.organism].without_validation)


def genome_row(wildcards):
    """What an organism's row of the sheet says about its genome."""
    organism = ORGANISMS[wildcards.organism]
    return [organism.genome, organism.translation_table]


def validation_row(wildcards):
    """An organism's row of the sheet, whole."""
    return repr(ORGANISMS[wildcards.organism])


def split_option(key):
    """A key of the split that the wildcard names."""
    return lambda wildcards: config["splits"][wildcards.split][key]


def reconstruction_options(wildcards):
    """Options of the reconstruction, with what a variant changes; the scorer is kept apart. Without
    observed metabolites there is nothing to choose enzymes for: homology alone does.
    """
    changes = dict(config["variants"].get(getattr(wildcards, "variant", ""), {}))
    changes.pop("scorer", None)
    if not ORGANISMS[wildcards.organism].metabolome:
        changes["method"] = "homology"
    return {**config["reconstruction"], **changes}


def called_proteome(wildcards):
    """Proteins of an organism's genome; none if the sheet names its proteome."""
    of_genome = ORGANISMS[wildcards.organism].genome
    return rules.call_genes.output.proteome if of_genome else []


def called_genes(wildcards):
    """Table of the genes of an organism's genome; none if the sheet names its proteome."""
    return rules.call_genes.output.genes if ORGANISMS[wildcards.organism].genome else []


def known_enzymes(wildcards):
    """Enzymes to search homologues among: those of the pairs, too, if pairs are to be scored."""
    observed = ORGANISMS[wildcards.organism].metabolome
    pairs = [emi_file("enzymes.parquet")] if observed else []
    return [rules.extract_snapshot.output.enzymes, *pairs]


def universe_file(file):
    """A file of the universe that an organism's models are made of, as an input function: of the
    universe of the sheet, else of the guessed one.
    """

    def path_for(wildcards):
        name = ORGANISMS[wildcards.organism].universe
        if not name:
            guess = checkpoints.guess_universe.get(organism=wildcards.organism).output
            name = guessed_name(guess.universe)
        return getattr(rules.seal_universe.output, file).format(universe=name)

    return path_for


def model_of(wildcards):
    """Model that a method made for an organism; the peer's lies in its installed package."""
    if wildcards.method == "carveme":
        return []
    if wildcards.method == DEFAULT:
        return f"<results>/reconstruction/{wildcards.organism}/model.xml"
    return f"<results>/variants/{wildcards.method}/{wildcards.organism}/model.xml"


def provenance_of(wildcards):
    """Why each reaction is in a model of ours; the peer tells nothing of the kind."""
    model = model_of(wildcards)
    return f"{os.path.dirname(model)}/provenance.parquet" if model else []


def judged_by(wildcards):
    """A model of ours, and what its predictions rest on besides; the peer's tells nothing."""
    if wildcards.method == "carveme":
        return {}
    return {
        "model": model_of(wildcards),
        "provenance": provenance_of(wildcards),
        "homologues": f"<results>/reconstruction/{wildcards.organism}/homologues.parquet",
        "proteins": "<results>/data/proteins.parquet",
        "stoichiometry": "<results>/data/stoichiometry.parquet",
    }


def report_table(name, category, caption=""):
    """A table of the report: CSV in <results>/tables, caption in workflow/report."""
    return report(
        f"<results>/tables/{name}.csv",
        caption=f"../report/{caption or name}.rst",
        category=category,
        labels={"what": name.replace("_", " "), "kind": "table"},
    )


def report_figure(name, category, caption=""):
    """A figure of the report; its PNG stands beside it."""
    return report(
        f"<results>/figures/{name}.svg",
        caption=f"../report/{caption or name}.rst",
        category=category,
        labels={"what": name.replace("_", " "), "kind": "figure"},
    )


def model_folders(organisms, methods):
    """Folders of every organism's models, by the default method and the variants."""
    return [
        f"<results>/{'reconstruction' if method == DEFAULT else f'variants/{method}'}/{organism}"
        for method in methods
        for organism in organisms
    ]


# of one organism, by every method of ours
OWN_MODELS = model_folders(["{organism}"], METHODS)


def validated(kind):
    """Organisms with phenotype or essentiality data."""
    return [
        name
        for name, organism in ORGANISMS.items()
        if (organism.biolog if kind == "phenotypes" else organism.essentiality)
    ]


def validation_items(kind):
    """Results for each item, of the default method, the variants and, where it knows the organism, the peer."""
    return [
        f"<results>/validation/{method}/{name}/{kind}.parquet"
        for name in validated(kind)
        for method in [*METHODS, *(["carveme"] if ORGANISMS[name].peer else [])]
    ]
