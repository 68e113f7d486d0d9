#!/usr/bin/env bash
# Run Snakemake so that a run that was killed at any moment is continued: `tools/run_workflow.sh
# SNAKEMAKE... TARGET`. Snakemake's own lock survives a kill; the kernel's lock on this file does
# not, so whoever holds it knows that a lock of Snakemake's in this folder is stale. Snakemake and
# its jobs inherit it: it is free only when the last job of a killed run has ended, too.
set -euo pipefail
mkdir -p .snakemake
exec 9>.snakemake/gemwright.lock
if ! flock --nonblock 9; then
    echo "waiting for another run in this folder, or for the last jobs of a killed one, to end" >&2
    if ! flock --wait 60 9; then
        echo "it still goes on after a minute: wait for it, or stop it" >&2
        exit 1
    fi
fi
if compgen -G '.snakemake/locks/*' >/dev/null; then
    "$@" --unlock --quiet all >/dev/null 2>&1 || true
fi
"$@" --rerun-incomplete
