#!/usr/bin/env bash
# Compile requirements.in into requirements.lock (called by `make lock`).
set -euo pipefail
lock=$(mktemp)
rm -f "$lock"  # an existing output would steer the choice of versions
"$1" pip compile --quiet --no-emit-find-links --no-header --no-annotate requirements.in -o "$lock"
{
    echo "# Compiled from requirements.in by 'make lock'; every environment uses these versions."
    # a local build's tag and the GPU libraries of one platform are the installer's business
    sed -e 's/+cpu$//' -e '/^nvidia-/d' -e '/^cuda-/d' -e '/^triton==/d' "$lock"
} > requirements.lock
rm -f "$lock"
