"""Omega_m of 20 simulated surveys with 10 % contaminants, without and with a second population: the figure and the numbers
of docs/supernova-distances.md.

usage: PYTHONPATH=scripts/python python3 docs/figures/contaminants.py [FOLDER FOR THE RUNS]

Runs 60 jobs, which takes some minutes; those that are in FOLDER are not run again. Needs matplotlib and numpy (Debian:
python3-matplotlib).
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import matplotlib
import numpy as np
from astropool import read

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "contaminants"
import matplotlib.pyplot as plt  # noqa: E402

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
RUNS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
SEEDS = range(1, 21)
TRUE = 0.3

IGNORED = "docs/figures/contaminants-ignored.toml"
MIXTURE = "examples/jobs/simulated-mixture.toml"
FITS = [
    ("no contaminants", IGNORED, ["model.options.simulation_outliers=0.0"], "#777777"),
    ("10 %, ignored", IGNORED, [], "#c1440e"),
    ("10 %, second population", MIXTURE, [], "#1f5fa8"),
]


def fit(number, job, settings, seed):
    """Mean and standard deviation of omega_m, and the offset: its mean, or that of the best point of a grid."""
    directory = RUNS / ("%d-%d" % (number, seed))
    if not (directory / "summary.json").exists():
        command = [CHECKOUT / "scripts/astropool", "run", CHECKOUT / job, "--out", directory, "--progress", "none"]
        for setting in settings + ["model.options.simulation_seed=%d" % seed]:
            command += ["--set", setting]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    marginals = json.loads((directory / "summary.json").read_text())["marginals"]
    if "offset" in marginals:
        offset = marginals["offset"]["mean"]
    else:
        table = read(directory)
        offset = table["offset"][np.argmax(table["log_likelihood"])]
    return marginals["omega_m"]["mean"], marginals["omega_m"]["std"], offset


figure, axes = plt.subplots(figsize=(6.4, 3))
axes.axhline(TRUE, color="black", linewidth=0.8)
for number, (label, job, settings, colour) in enumerate(FITS):
    omega_m, std, offset = np.array([fit(number, job, settings, seed) for seed in SEEDS]).T
    axes.errorbar(
        np.array(SEEDS) + 0.22 * (number - 1), omega_m, std, fmt="o", markersize=3, linewidth=1, color=colour, label=label
    )
    error = omega_m - TRUE
    print(
        "%-24s mean error of omega_m %+.4f +- %.4f, rms %.4f, mean std %.4f, rms error/std %.2f, offset %+.4f +- %.4f mag"
        % (
            label,
            error.mean(),
            error.std(ddof=1) / np.sqrt(len(error)),
            np.sqrt(np.mean(error**2)),
            std.mean(),
            np.sqrt(np.mean((error / std) ** 2)),
            offset.mean(),
            offset.std(ddof=1) / np.sqrt(len(offset)),
        )
    )
axes.set_xticks(SEEDS)
axes.set_xlim(0.3, 20.7)
axes.set_xlabel("seed of the simulated survey")
axes.set_ylabel("$\\Omega_m$")
axes.set_ylim(0.225, 0.385)
axes.legend(loc="upper center", frameon=False, ncols=3, fontsize=8, columnspacing=1)
figure.tight_layout()
figure.savefig(CHECKOUT / "docs/figures/contaminants.svg", metadata={"Date": None})
