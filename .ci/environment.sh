#!/bin/sh
# Makes .venv with what is needed for `book`, or for an extra such as `test`; does nothing when it is there already.
# It is made anew when it does not fit: another Python, a folder that was moved, a half-finished install, changed pins.
set -eu
want=$1
cd "$(dirname "$0")/.."

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.13 python3.12 python3.11; fi
python=
for name in "$@"; do
  if command -v "$name" >/dev/null && new_enough "$name"; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  found=$("$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo missing)
  echo "The Learning Rate needs Python 3.11 or newer, and $1 is $found: install a newer one, or name it, as in: make $want PYTHON=python3.12" >&2
  exit 1
fi

state="$("$python" -VV) $(pwd) $(cat requirements.txt pyproject.toml .ci/constraints.txt | cksum)"
ready() { [ -x .venv/bin/python ] && [ -f ".venv/ready-$1" ] && [ "$(cat ".venv/ready-$1")" = "$state" ]; }
if ready "$want" || { [ "$want" = book ] && ready test; }; then exit 0; fi

# the environment of another Python or another folder would half work: do not try to mend it
if ! { [ -x .venv/bin/python ] && [ -f .venv/made-for ] && [ "$(cat .venv/made-for)" = "$("$python" -VV) $(pwd)" ]; }; then
  echo "Making the environment .venv with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
  printf '%s\n' "$("$python" -VV) $(pwd)" > .venv/made-for
fi
# what was ready for other pins is so no longer, whatever becomes of this install
for done in .venv/ready-*; do
  if [ -f "$done" ] && [ "$(cat "$done")" != "$state" ]; then rm "$done"; fi
done
echo "Installing the pinned requirements into .venv"
set -- --disable-pip-version-check -r requirements.txt
[ "$want" = book ] || set -- "$@" -e ".[$want]"
[ -t 1 ] || set -- --quiet "$@" # pip's progress is for eyes, not for logs
.venv/bin/python -m pip install "$@"
printf '%s\n' "$state" > ".venv/ready-$want"
