"""How the peculiar supernovae rank among all by light-curve-anomaly: the figure and the numbers of docs/hierarchical.md.

usage: PYTHONPATH=scripts/python python3 docs/figures/anomalies.py SCORES_DIR docs/figures/anomalies.svg

The scores: see docs/hierarchical.md. Needs matplotlib (Debian: python3-matplotlib) and numpy.
"""

import csv
import pathlib
import sys

import matplotlib
import numpy as np
from astropool import read

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "anomalies"
import matplotlib.pyplot as plt  # noqa: E402

scores_directory, target = sys.argv[1:]
table = read(scores_directory)
with open(pathlib.Path(__file__).parents[2] / "examples/jobs/anomalies/peculiar-csp3.csv") as lines:
    kinds = {row["supernova"]: row["kind"] for row in csv.DictReader(lines)}
# The list is one of CSP: whether supernovae of Foundation are peculiar, it does not say.
csp = sorted(
    ((score, name) for score, name, survey in zip(table["score"], table["supernova"], table["survey"]) if survey == "csp3"),
    reverse=True,
)
is_peculiar = np.array([name in kinds for _, name in csp])
found = is_peculiar.sum()
others = len(csp) - found

for place, (score, name) in enumerate(csp, 1):
    if name in kinds:
        print("%3d  %.3f  %-7s %s" % (place, score, name, kinds[name]))
print("without features:", ", ".join(sorted(set(kinds) - {name for _, name in csp})))

true_positives = np.concatenate([[0], np.cumsum(is_peculiar)]) / found
false_positives = np.concatenate([[0], np.cumsum(~is_peculiar)]) / others
area = np.sum(np.diff(false_positives) * (true_positives[1:] + true_positives[:-1]) / 2)

random = np.random.default_rng(1)
areas, hits = [], []
for _ in range(100000):
    order = random.permutation(is_peculiar)
    areas.append(np.cumsum(order)[~order].sum() / found / others)
    hits.append(order[:10].sum())
print("%d supernovae of CSP, %d of them peculiar" % (len(csp), found))
print("area under the curve %.3f; random order 0.5 +- %.3f, as high in %d of 100000" % (area, np.std(areas), np.sum(np.array(areas) >= area)))
print("peculiar among the first 10: %d; random order %.2f +- %.2f" % (is_peculiar[:10].sum(), np.mean(hits), np.std(hits)))

figure, axes = plt.subplots(figsize=(3.6, 3.4))
axes.step(false_positives, true_positives, where="post", color="#1f5fa8", label="isolation forest: area %.2f" % area)
axes.plot([0, 1], [0, 1], color="#777777", linestyle="--", linewidth=1, label="random order: area 0.50")
axes.set_xlabel("part of the other supernovae")
axes.set_ylabel("part of the peculiar supernovae")
axes.set_xlim(-0.02, 1.02)
axes.set_ylim(-0.02, 1.02)
axes.set_aspect("equal")
axes.legend(loc="lower right", frameon=False, fontsize=8)
figure.tight_layout()
figure.savefig(target, metadata={"Date": None})
