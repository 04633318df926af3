#!/bin/sh
# Everything that must hold before a commit. Each step says its name and how long it took; the first failure ends it.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE # without byte code every process, and the tests start many, compiles everything anew

step() {
  name=$1
  shift
  started=$(date +%s)
  if output=$("$@" 2>&1); then
    printf '%-18s ok      %3d s\n' "$name" "$(($(date +%s) - started))"
  else
    printf '%-18s FAILED  %3d s\n%s\n' "$name" "$(($(date +%s) - started))" "$output" >&2
    exit 1
  fi
}

folders="src tests scripts"
[ -d benchmarks ] && folders="$folders benchmarks"
step "mypy" env TSUNAGARI_TESTING=1 mypy & # half a minute of one core; all the others pass on a second one meanwhile
types=$!
trap wait EXIT # when one of those fails, nothing is left running
# shellcheck disable=SC2086
{
  step "ruff check" ruff check $folders
  step "ruff format" ruff format --check $folders
}
step "layers" lint-imports
step "sizes" python scripts/check_sizes.py
step "templates" djlint src --extension=html --lint --quiet
step "checks, migrations" tsunagari manage makemigrations --check --dry-run # runs Django's own checks first
step "test database" env TSUNAGARI_TESTING=1 python -m tests.database
step "tests read" pytest --collect-only -q # else both workers make every test's byte code anew
wait "$types"
trap - EXIT
echo "fast tests"
exec pytest -n 2 -q -m "not browser and not slow"
