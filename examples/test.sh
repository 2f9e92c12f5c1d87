#!/usr/bin/env bash
# Installs what each example needs, by its own lock file, and runs its tests against the built product.
# One that asks for a newer Node than it needs is tried all the same; the product itself stays strict.
set -euo pipefail
cd "$(dirname "$0")"
for example in */; do
  [ -f "$example/package.json" ] || continue
  echo "examples/${example%/}"
  (cd "$example" && npm ci --engine-strict=false --prefer-offline --no-audit --no-fund --ignore-scripts && npm test)
done
