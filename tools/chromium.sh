#!/bin/sh
# Makes sure that browser tests find a Chromium and a Chinese font; says so when they will be skipped.
set -eu
has_browser() {
  [ -n "${LINLI_TEST_CHROMIUM:-}" ] && return 0
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}
has_font() {
  command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh 2>/dev/null | head -1)" ]
}
has_browser && has_font && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Chromium and a Chinese font for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell fontconfig fonts-wqy-microhei; } \
    >/dev/null || true
fi
if has_browser; then exit 0; fi
echo "BROWSER TESTS WILL BE SKIPPED: no Chromium here. On Debian: apt-get install chromium-headless-shell fonts-wqy-microhei"
