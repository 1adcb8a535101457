"""The notebooks of examples/notebooks, and a pool in a Jupyter kernel. Run in this folder: python3 -m unittest"""

import glob
import os
import shutil
import sys
import tempfile
import time
import unittest

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.dirname(HERE)
NOTEBOOKS = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "examples", "notebooks")

try:
    import cloudpickle  # noqa: F401
    import emcee  # noqa: F401
    import matplotlib  # noqa: F401
    import nbformat
    from jupyter_client.manager import KernelManager
    from nbconvert.preprocessors import ExecutePreprocessor
    missing = None
except ImportError as failure:
    missing = ("%s; install python3-nbconvert, python3-ipykernel, python3-cloudpickle, python3-emcee and python3-matplotlib"
               % failure)


class NotebookTest(unittest.TestCase):
    def setUp(self):
        if missing and os.environ.get("CI") == "true":
            self.fail(missing)
        if missing:
            self.skipTest(missing)
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        path = os.pathsep.join(filter(None, [PACKAGE, os.environ.get("PYTHONPATH")]))
        self.environment = dict(os.environ, PYTHONPATH=path, MPLBACKEND="module://matplotlib_inline.backend_inline")

    def executed(self, name):
        """The outputs of all cells of an executed notebook, as one dict per output."""
        notebook = nbformat.read(os.path.join(NOTEBOOKS, name), as_version=4)
        os.environ.update(PYTHONPATH=self.environment["PYTHONPATH"])
        ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(notebook, {"metadata": {"path": self.folder}})
        return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]

    def test_notebook_of_a_grid_draws_its_contours(self):
        outputs = self.executed("grid.ipynb")
        printed = "".join(output.get("text", "") for output in outputs)
        shown = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
        self.assertIn("best fit: omega_m = 0.30, w = -1.00", printed)
        self.assertIn("<th>log_likelihood</th>", shown)
        self.assertIn("20 of 1271 rows", shown)
        self.assertTrue(any("image/png" in output.get("data", {}) for output in outputs))

    def test_notebook_of_emcee_samples_on_the_pool(self):
        outputs = self.executed("emcee.ipynb")
        printed = "".join(output.get("text", "") for output in outputs)
        self.assertRegex(printed, r"slope = 0\.\d\d \+- 0\.0\d")
        self.assertIn("99.99", printed)
        shown = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
        self.assertIn('<progress value="10000" max="10000">', shown)
        self.assertIn("<b>astropool.Pool</b>", shown)

    def test_notebooks_are_stored_without_outputs(self):
        for path in glob.glob(os.path.join(NOTEBOOKS, "*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                self.assertFalse(cell.get("outputs"), path)

    def test_interrupt_ends_a_call_and_leaves_the_pool_usable(self):
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(env=self.environment, cwd=self.folder)
        client = manager.client()
        begun = os.path.join(self.folder, "begun")
        try:
            client.start_channels()
            client.wait_for_ready(timeout=60)
            self.run_cell(client, "import os, time\nfrom astropool import Pool\npool = Pool(2)\n"
                          "def slow(x):\n    open(%r + str(x), 'w').close()\n    time.sleep(60)" % begun)
            self.run_cell(client, "pool.map(abs, range(-10, 0))")
            message = client.execute("pool.map(slow, range(4))", stop_on_error=False)
            begin = time.monotonic()
            while not os.path.exists(begun + "0"):
                self.assertLess(time.monotonic() - begin, 60, "no task has begun")
                time.sleep(0.01)
            begin = time.monotonic()
            manager.interrupt_kernel()
            reply = self.reply(client, message)
            self.assertEqual(reply["status"], "error")
            self.assertEqual(reply["ename"], "KeyboardInterrupt")
            self.assertLess(time.monotonic() - begin, 10)
            self.run_cell(client, "assert pool.map(abs, range(-10, 0)) == list(range(10, 0, -1))")
            self.run_cell(client, "pool.terminate()")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def run_cell(self, client, text):
        reply = self.reply(client, client.execute(text))
        self.assertEqual(reply["status"], "ok", "\n".join(reply.get("traceback", [])))

    @staticmethod
    def reply(client, message):
        while True:
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"]["msg_id"] == message:
                return reply["content"]


if __name__ == "__main__":
    sys.path.insert(0, PACKAGE)
    unittest.main()
