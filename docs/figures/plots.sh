#!/bin/sh
# Makes the figures of docs/plots.md and of the README: contour.svg, grid-and-chain.svg, corner.svg. The chains take some
# minutes; the data come from scripts/fetch-data.sh, or from the folder ASTROPOOL_DATA.
# usage: docs/figures/plots.sh [FOLDER FOR THE RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-$(mktemp -d)}
astropool=scripts/astropool

$astropool run examples/jobs/simulated-wcdm.toml --out "$runs/simulated" --resume
$astropool plot "$runs/simulated" --truth omega_m=0.3,w=-1 --out docs/figures/contour.svg

$astropool run examples/jobs/pantheon2018-binned-wcdm.toml --out "$runs/grid" --resume
$astropool run docs/figures/pantheon2018-binned-chain.toml --out "$runs/chain" --resume
$astropool plot "$runs/grid" "$runs/chain" --label grid --label chain --out docs/figures/grid-and-chain.svg

$astropool run examples/jobs/jla-hierarchical.toml --out "$runs/jla" --resume
$astropool plot "$runs/jla" --out docs/figures/corner.svg
