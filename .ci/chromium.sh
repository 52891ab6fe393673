#!/bin/sh
# Sees to it that the browser tests find a Chromium: one on PATH, else Debian's, else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome-stable google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Debian's chromium"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "Installing Playwright's own Chromium"
.venv/bin/python -m playwright install chromium && exit 0
echo "The browser tests need Chromium and none could be installed: put chromium or google-chrome on PATH, then run make test again" >&2
exit 1
