"""What astropool.plot and astropool.chain promise. Run in this folder: python3 -m unittest"""

import os
import shutil
import sys
import tempfile
import textwrap
import unittest
from unittest import mock

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import astropool  # noqa: E402

PRIORS = """\
    [parameters]
    x1 = { label = "\\\\Omega_m", prior = { kind = "flat", from = -5.0, to = 5.0 } }
    x2 = { prior = { kind = "flat", from = -5.0, to = 5.0 } }
    """
GRID = PRIORS + """\
    [grid]
    x1 = { from = -5.0, to = 5.0, count = 21 }
    x2 = { from = -5.0, to = 5.0, count = 21 }
    """
CHAIN = PRIORS + """\
    [sampler]
    walkers = 10
    steps = 400
    """


class PlotTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.grid = cls.run_job("grid", GRID)
        cls.chain = cls.run_job("chain", CHAIN)

    @classmethod
    def run_job(cls, name, text):
        job = os.path.join(cls.folder, name + ".toml")
        with open(job, "w", encoding="utf-8") as file:
            file.write('job.name = "%s"\nmodel.name = "gaussian"\n' % name + textwrap.dedent(text))
        directory = os.path.join(cls.folder, name)
        astropool.Job(job).run(directory)
        return directory

    def needs_matplotlib(self):
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            if os.environ.get("CI") == "true":
                raise
            self.skipTest("matplotlib is missing: install the package python3-matplotlib")

    def test_contours_of_a_grid_and_a_chain_in_one_figure(self):
        self.needs_matplotlib()
        figure = astropool.plot(self.grid, self.chain, labels=["a", "b"], truth={"x1": 0.0})
        axes = figure.axes[0]
        self.assertEqual(axes.get_xlabel(), "$\\Omega_m$")
        self.assertEqual(axes.get_ylabel(), "x2")
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], ["a", "b"])
        # Outermost first, the grid before the chain. The radius of the 68.3 % contour of a Gaussian is 1.515 sigma.
        one_sigma = axes.lines[4].get_xdata()
        self.assertAlmostEqual(max(one_sigma), 1.515, delta=0.02)
        figure.savefig(os.path.join(self.folder, "figure.png"))
        self.assertGreater(os.path.getsize(os.path.join(self.folder, "figure.png")), 5000)

    def test_what_the_command_refuses_is_an_error_with_its_message(self):
        self.needs_matplotlib()
        with self.assertRaisesRegex(astropool.PoolError, 'did you mean "x1"'):
            astropool.plot(self.grid, params=["x_1"])

    def test_without_matplotlib_the_message_says_what_to_install(self):
        with mock.patch.dict(sys.modules, {"matplotlib.figure": None}):
            with self.assertRaisesRegex(ImportError, "python3-matplotlib"):
                astropool.plot(self.grid)

    def test_a_chain_has_the_forms_of_other_packages(self):
        chain = astropool.chain(self.chain)
        self.assertEqual(chain.names, ["x1", "x2"])
        self.assertEqual(chain.tex(), ["$\\Omega_m$", "x2"])
        self.assertEqual(chain.walkers, 10)
        self.assertEqual(chain.array().shape, (len(chain), 2))
        self.assertLess(abs(chain.array().mean()), 0.3)
        columns = chain.columns()
        self.assertEqual(list(columns), ["x1", "x2", "weight", "log_posterior"])
        self.assertTrue(all(len(column) == len(chain) for column in columns.values()))
        with open(chain.root + ".txt", encoding="utf-8") as file:
            self.assertEqual(sum(1 for _ in file), len(chain))

    def test_a_run_without_a_chain_says_so(self):
        with self.assertRaisesRegex(FileNotFoundError, "run with a \\[sampler\\]"):
            astropool.chain(self.grid)


if __name__ == "__main__":
    unittest.main()
