#!/bin/sh
# Pins all dependencies, with hashes, for every supported Python and platform.
#
# dev.lock is what `make setup` installs; runtime.lock is the part of it that a deployment needs. Neither names an index:
# where packages come from is the business of the machine that installs them. Arguments go to uv: `--upgrade` takes the
# newest versions, `--upgrade-package NAME` one of them; without, what is pinned stays pinned where it can.
set -eu

cd "$(dirname "$0")/.."

compile() {
  .venv/bin/uv pip compile pyproject.toml \
    --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-package widgetstream --quiet "$@"
}

compile --group dev --output-file requirements/dev.lock "$@" >/dev/null
compile --constraint requirements/dev.lock --output-file requirements/runtime.lock "$@" >/dev/null
