#!/usr/bin/env bash
# Makes .venv from the hash-pinned lock: uv where it can be had (seconds), plain pip otherwise (a minute).
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

find_python() {
  for name in "${PYTHON:-}" python3.11 python3.12 python3 python; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
      echo "$name"; return
    fi
  done
  echo "Leye needs Python 3.11 or 3.12 (乐业需要 Python 3.11 或 3.12)。Set PYTHON=/path/to/python3.11" >&2
  exit 2
}

make_venv() {
  local python="$1"
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && [ -x .venv/bin/pip ] && return
  rm -rf .venv
  if ! "$python" -m venv .venv 2>/tmp/leye-venv.$$; then
    # Debian splits ensurepip off; the package that brings it is named after the version.
    rm -rf .venv
    local version; version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    # shellcheck disable=SC2015
    bash scripts/apt.sh "python$version-venv" && "$python" -m venv .venv || { cat /tmp/leye-venv.$$ >&2; exit 2; }
  fi
  rm -f /tmp/leye-venv.$$
}

echo "· Python environment (Python 环境)" >&2
make_venv "$(find_python)"
if .venv/bin/pip install -q --disable-pip-version-check "uv==$UV_VERSION" 2>/dev/null &&
  .venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes requirements/dev.lock; then
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
else
  echo "· uv is not to be had here; installing with pip (改用 pip 安装，约一分钟)" >&2
  .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.lock
  .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
