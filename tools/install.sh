#!/bin/sh
# Makes .venv and installs the locked packages and the project into it.
#   tools/install.sh run   what running needs       tools/install.sh dev   what testing needs as well
# Does nothing when that has been done for these locks. PYTHON=... chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
  run) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "usage: tools/install.sh run|dev" >&2; exit 2 ;;
esac

find_python() {
  for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "Linli needs Python 3.11 or newer; none found. Install it, or name it: make PYTHON=/path/to/python3" >&2
  return 1
}

wanted=$(cat pyproject.toml requirements.lock requirements-dev.lock | sha256sum | cut -c1-32)
for done in ".venv/.installed-$kind" .venv/.installed-dev; do
  if [ -x .venv/bin/linli ] && [ "$(cat "$done" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
done

if [ ! -x .venv/bin/python ]; then
  python=$(find_python)
  echo "making .venv with $python"
  "$python" -m venv .venv || {
    echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2
    exit 1
  }
fi

by_uv() {
  command -v uv >/dev/null || return 1
  export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv"
  uv pip install --quiet --require-hashes -r "$lock" &&
    uv pip install --quiet --no-deps --no-build-isolation -e .
}
by_pip() {
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" &&
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
}
echo "installing $lock"
by_uv || by_pip
echo "$wanted" > ".venv/.installed-$kind"
