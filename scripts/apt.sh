#!/usr/bin/env bash
# Installs Debian packages by name, as root or through sudo; says plainly what to do where neither is to be had.
set -euo pipefail
as_root=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 && as_root="sudo" || { echo "Please install as root (请用管理员安装): apt-get install $*" >&2; exit 2; }
fi
command -v apt-get >/dev/null 2>&1 || { echo "No apt-get here; please install (没有 apt-get，请自行安装): $*" >&2; exit 2; }
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >/dev/null
$as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
