#!/bin/sh
# Draws the graphs of models that docs/hierarchical.md and docs/supernova-distances.md show.
# usage: docs/figures/graphs.sh
set -eu
cd "$(dirname "$0")/../.."

draw() {
    model=$1
    shift
    scripts/astropool models --graph "$model" --out "docs/figures/graph-$model.svg" "$@"
}

draw supernova-hierarchical --option cosmology=flat-wcdm
draw supernova-tripp --option log_determinant=true
draw supernova-mixture
draw bazin-light-curve
draw gp-light-curve
