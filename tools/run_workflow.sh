#!/usr/bin/env bash
# Run Snakemake so that a run that was killed at any moment is continued: `tools/run_workflow.sh
# SNAKEMAKE... TARGET`. Snakemake's own lock survives a kill; the kernel's lock on this file does
# not, so whoever holds it knows that a lock of Snakemake's in this folder is stale. Snakemake
# inherits it, its jobs do not: it is held as long as this shell or Snakemake lives.
set -euo pipefail
mkdir -p .snakemake
exec 9>.snakemake/gemwright.lock
if ! flock --nonblock 9; then
    echo "another 'make' runs this workflow in this folder: wait for it, or stop it" >&2
    exit 1
fi
"$@" --unlock --quiet all >/dev/null 2>&1 || true
"$@" --rerun-incomplete
