#!/bin/sh
# Prints the Python that makes the virtual environment: $PYTHON if set, otherwise the first of the usual names that is
# 3.11 or newer. Says what is missing when there is none.
set -eu

is_usable() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && "$1" -c 'import venv, ensurepip' >/dev/null 2>&1
}

for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
  if is_usable "$candidate"; then
    command -v "$candidate"
    exit 0
  fi
done

if [ -n "${PYTHON:-}" ]; then
  echo "PYTHON=$PYTHON is not a Python 3.11 or newer with the venv module." >&2
else
  echo "Widgetstream needs Python 3.11 or newer with the venv module (Debian: apt install python3 python3-venv)." >&2
  echo "Found none as python3 or python3.11 to python3.14; name another one with: make setup PYTHON=/path/to/python" >&2
fi
exit 1
