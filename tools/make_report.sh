#!/usr/bin/env bash
# Write results/report.html from a finished run, unless it is newer than all that it shows.
set -euo pipefail
report=results/report.html
if [ -f "$report" ] && [ -z "$(find results -newer "$report" -type f -name '*.csv' -print -quit)" ] \
    && [ -z "$(find results -newer "$report" -type f -name '*.svg' -print -quit)" ]; then
    exit 0
fi
"$@" demo --report "$report.tmp.html" --quiet all
mv "$report.tmp.html" "$report"
echo "[report] $report: open it in a browser"
