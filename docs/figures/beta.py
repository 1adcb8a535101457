"""The posterior of beta with and without a population: the figure of docs/hierarchical.md, from two chains.

usage: PYTHONPATH=scripts/python python3 docs/figures/beta.py TRIPP_DIR HIERARCHICAL_DIR docs/figures/beta.svg

The chains: scripts/astropool run examples/jobs/jla-hierarchical.toml --out HIERARCHICAL_DIR
            scripts/astropool run docs/figures/jla-tripp-biased.toml --out TRIPP_DIR
Needs matplotlib (Debian: python3-matplotlib) and numpy.
"""

import sys

import matplotlib
import numpy as np
from astropool import read

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "beta"
import matplotlib.pyplot as plt  # noqa: E402

CHAINS = [
    ("$\\chi^2$ and ln det, no population", "#c1440e"),
    ("with the population", "#1f5fa8"),
]

tripp, hierarchical, target = sys.argv[1:]
figure, axes = plt.subplots(figsize=(6, 2.6))
bins = np.linspace(2.3, 3.5, 81)
for directory, (label, colour) in zip((tripp, hierarchical), CHAINS):
    beta = np.array(read(directory)["beta"])
    label = "%s: %.2f $\\pm$ %.2f" % (label, beta.mean(), beta.std())
    axes.hist(beta, bins, density=True, histtype="stepfilled", color=colour, alpha=0.25)
    axes.hist(beta, bins, density=True, histtype="step", color=colour, label=label)
axes.set_xlabel("$\\beta$, JLA")
axes.set_ylabel("posterior density")
axes.set_xlim(bins[0], bins[-1])
axes.set_ylim(0, 1.45 * axes.get_ylim()[1])
axes.legend(loc="upper left", frameon=False)
figure.tight_layout()
figure.savefig(target, metadata={"Date": None})
