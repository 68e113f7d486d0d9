# Two commands do all the set-up on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3.11
CORES ?= 2
VENV := .venv
BIN := $(VENV)/bin
# steps that can use a GPU run one at a time (all take the first); without one they are like others
GPUS := $(if $(shell nvidia-smi --list-gpus 2>/dev/null | grep '^GPU '),1,$(CORES))
SNAKEMAKE := $(BIN)/snakemake --resources gpu=$(GPUS) --profile profiles/local --cores $(CORES)

# without bytecode every job compiles its packages again, for seconds
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check format lint types tools setup lock rulegraph config plan costs drills clean
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: requirements.lock tools/bootstrap.sh
	@tools/bootstrap.sh $(PYTHON) $(VENV)
	@touch $@

tools:  ## CD-HIT and DIAMOND, installed if they are missing
	@tools/install_programs.sh

setup: $(VENV)/.ready tools  ## the virtual environment and the programs

demo: setup  ## models of three bacteria from their real proteomes, validated, with an HTML report
	@tools/run_workflow.sh $(SNAKEMAKE) demo
	@tools/make_report.sh $(SNAKEMAKE)

test: setup  ## the default tests (minutes)
	$(BIN)/python -m pytest

check: lint types  ## what CI checks beside the tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

types: setup
	$(BIN)/mypy

format: setup  ## format Python and Snakemake files
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

rulegraph: setup  ## draw the rule graph of docs/rules.md
	@$(BIN)/python tools/draw_rules.py

config: setup  ## write config.yaml, its schema and the tables of its README from gemwright/config
	@$(BIN)/python tools/write_config.py

plan: setup  ## jobs and costs on a cluster: make plan WHAT="paper_tables --configfile config/paper.yaml"
	@$(BIN)/python tools/plan_cluster.py $(WHAT)

costs: setup  ## write the table of costs of docs/cluster.md again
	@$(BIN)/python tools/plan_cluster.py --document

drills: setup  ## the fault drills that take over a minute (tests have the others)
	@tools/install_slurm.sh
	$(BIN)/python -m pytest -m drill

lock: setup  ## compile requirements.in into requirements.lock
	@tools/compile_lock.sh $(BIN)/uv
	@$(BIN)/python tools/pin_environments.py

clean:  ## remove what runs made (keeps the environment and the caches)
	rm -rf results/* logs .snakemake
