#!/usr/bin/env bash
# Make the virtual environment from the lock: `tools/bootstrap.sh PYTHON VENV`.
set -euo pipefail
python=$1 venv=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    echo "gemwright needs Python 3.11, and '$python' is not: run 'make PYTHON=/path/to/python3.11'" >&2
    exit 1
fi
echo "[set-up] virtual environment in $venv ($("$python" --version))"
"$python" -m venv "$venv"

# uv does not read pip's settings: hand over the local wheel folders that exist
links=""
for link in ${PIP_FIND_LINKS:-} $("$venv/bin/pip" config get global.find-links 2>/dev/null || true); do
    case "$link" in
        http*) links="$links,$link" ;;
        *) if [ -e "${link#file://}" ]; then links="$links,$link"; fi ;;
    esac
done
if [ -n "$links" ]; then export UV_FIND_LINKS="${links#,}"; else unset UV_FIND_LINKS; fi

echo "[set-up] packages of requirements.lock (about 2.3 GB, a minute with a warm cache)"
if "$venv/bin/pip" install --quiet --disable-pip-version-check "uv==0.13.8"; then
    VIRTUAL_ENV="$venv" "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" \
        -r requirements.lock && ok=1 || ok=0
else
    ok=0
fi
if [ "$ok" = 0 ]; then
    echo "[set-up] uv could not install the lock, trying pip (some minutes)"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.lock
fi
"$venv/bin/pip" check
# the library is used from the checkout: no build, and an edit counts at once
pwd > "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/gemwright.pth"
