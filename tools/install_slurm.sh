#!/usr/bin/env bash
# Slurm for the tests (a node that is also its own controller), from Debian's packages.
set -euo pipefail
if command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null \
    && command -v sbatch >/dev/null; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Slurm is missing; as an administrator: apt-get install slurmctld slurmd slurm-client munge" >&2
    exit 1
fi
echo "[set-up] Slurm for the tests"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurmctld slurmd slurm-client munge >/dev/null
