#!/bin/sh
# Writes requirements.lock (to run) and requirements-dev.lock (to develop and test) from pyproject.toml.
# Both hold hashes for Python 3.11 to 3.14 on x86_64 and aarch64, and no address of any package index.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
build_requires=$(python3 -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
options="--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
  --strip-extras --no-header --no-annotate"

# $1 the file to write, $2... further options. The package's own build tool is locked with the rest.
lock() {
  target=$1
  shift
  # shellcheck disable=SC2086
  echo "$build_requires" | "$uv" pip compile $options "$@" pyproject.toml - --output-file "$target" >/dev/null
  if grep -nE 'https?://|file:|find-links|index-url' "$target"; then
    echo "$target names an address" >&2
    exit 1
  fi
}

lock requirements.lock "$@"
lock requirements-dev.lock --group dev --constraint requirements.lock "$@"
