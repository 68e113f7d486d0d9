#!/usr/bin/env bash
# Make CD-HIT and DIAMOND available: on PATH, else from Debian's packages, unpacked into .tools
# where they may not be installed.
set -euo pipefail

missing() {
    command -v "$1" >/dev/null || [ -x ".tools/usr/bin/$1" ] && return 1
    return 0
}

get() {
    program=$1 package=$2
    missing "$program" || return 0
    echo "[set-up] $program is not on PATH"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } \
            >/dev/null 2>&1 || true
    fi
    if missing "$program" && command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
        mkdir -p .tools
        (cd .tools && apt-get download -qq "$package" >/dev/null 2>&1 \
            && dpkg -x "$package"_*.deb . && rm -f "$package"_*.deb) || true
    fi
    if missing "$program"; then
        cat >&2 <<MESSAGE
$program could not be installed. Three ways out:
  1. as an administrator: apt-get install $package
  2. with conda: conda install -c bioconda ${package%-aligner}, or run Snakemake with --sdm conda
  3. put its program '$program' anywhere on PATH
MESSAGE
        exit 1
    fi
}

get cd-hit cd-hit
get diamond diamond-aligner
