#!/usr/bin/env bash
# What the Spark test needs: a Java runtime and PySpark from its own lock. Where either is not to be had the test skips and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v java >/dev/null 2>&1; then
  echo "· System packages (系统软件包): default-jre-headless" >&2
  bash scripts/apt.sh default-jre-headless || echo "· No Java: the Spark test will skip (没有 Java，Spark 测试会跳过)" >&2
fi
if ! .venv/bin/python -c 'import pyspark' 2>/dev/null; then
  echo "· PySpark, about 450 MB (安装 PySpark)" >&2
  .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/spark.lock ||
    echo "· No PySpark: the Spark test will skip (没有 PySpark，Spark 测试会跳过)" >&2
fi
