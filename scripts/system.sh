#!/usr/bin/env bash
# What the tests need beside Python: a real browser, Chinese fonts, a real PostgreSQL. Asks apt only for what is absent.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
[ -d /usr/share/fonts/opentype/noto ] && ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "· System packages (系统软件包): ${missing[*]}" >&2
  bash scripts/apt.sh "${missing[@]}"
fi
