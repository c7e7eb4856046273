#!/bin/sh
# Compares proto/ with what it was: at the point where this branch left origin/main, or, on main itself, in the last
# commit before what is being checked. BASE=<commit> chooses another one.
#
# Both sides are built with the same third_party/, which is not in git; what is compared is proto/ alone.
set -eu

cd "$(dirname "$0")/.."

find_base() {
  if [ -n "${BASE:-}" ]; then
    git rev-parse --quiet --verify "$BASE^{commit}" || { echo "BASE=$BASE is no commit" >&2; exit 2; }
    return
  fi
  head=$(git rev-parse --quiet --verify HEAD) || return 0
  fork=$(git merge-base origin/main HEAD 2>/dev/null) || fork=$head
  if [ "$fork" != "$head" ]; then
    echo "$fork"
  elif [ -n "$(git status --porcelain -- proto)" ]; then
    echo "$head"
  else
    git rev-parse --quiet --verify HEAD~1 || true
  fi
}

base=$(find_base)
if [ -z "$base" ]; then
  echo "breaking: no earlier commit to compare proto/ with"
  exit 0
fi
if [ -z "$(git ls-tree -r --name-only "$base" -- proto)" ]; then
  echo "breaking: no proto/ in $(git rev-parse --short "$base") to compare with"
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git archive "$base" -- proto | tar -x -C "$scratch"
cp -R third_party buf.yaml "$scratch"
.venv/bin/buf build "$scratch/proto" -o "$scratch/base.binpb"
.venv/bin/buf breaking proto --against "$scratch/base.binpb" --exclude-imports
