#!/bin/sh
# Runs pytest with two workers after making sure of a browser and a Japanese font. Arguments go to pytest.
# With CI=true a missing browser is a failure; otherwise its tests are skipped by name.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE # without byte code every process, and the tests start many, compiles everything anew

# The headless shell is half a Chromium's work, where apt knows it; a camera has only the whole one.
packages() {
  command -v chromium >/dev/null 2>&1 || printf 'chromium '
  if ! command -v chromium-headless-shell >/dev/null 2>&1 && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    printf 'chromium-headless-shell '
  fi
  # pictures of the manual show fields as people in Japan see them
  [ "${TSUNAGARI_MANUAL_SHOTS:-}" != 1 ] || [ -e /usr/lib/chromium/locales/ja.pak ] || printf 'chromium-l10n '
  [ -n "$(find /usr/share/fonts -iname '*bizud*' 2>/dev/null | head -n 1)" ] ||
    printf 'fonts-morisawa-bizud-gothic'
}

install_with_apt() {
  echo "ブラウザーとフォントを入れています (apt-get install $1)…"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  { apt-get update -qq && apt-get install -qq -y --no-install-recommends $1; } >/dev/null 2>&1 ||
    echo "apt-get で入れられませんでした: $1" >&2
}

install_with_playwright() {
  timeout 300 playwright install chromium >/dev/null 2>&1 ||
    echo "ブラウザーを用意できませんでした。ブラウザーのテストは省かれます。" >&2
}

a_browser() {
  command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  a_browser || apt-get update -qq >/dev/null 2>&1 || true # a new machine's apt knows no packages yet
  missing=$(packages)
  [ -z "$missing" ] || install_with_apt "$missing"
fi
if ! a_browser; then
  install_with_playwright
fi

if [ "${CI:-}" = true ]; then
  export TSUNAGARI_REQUIRE_BROWSER=1
fi
exec pytest -n 2 "$@"
