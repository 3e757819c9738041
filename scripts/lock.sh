#!/usr/bin/env bash
# Compiles all locks: hash-pinned, for Python 3.11 and 3.12, without index lines or addresses. Existing pins stay; LOCK_FLAGS=-U moves them.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -q \
    --custom-compile-command 'make lock' ${LOCK_FLAGS:-} "$@"
}
compile --extra postgres --extra sm2 -o requirements/base.lock
compile --extra postgres --extra sm2 --extra privacy --extra models --extra allocation --extra dev --extra bench -c requirements/base.lock -o requirements/dev.lock
compile --extra spark -c requirements/base.lock -o requirements/spark.lock
! grep -n '://' requirements/*.lock
