"""What astropool.Job, its pool, and models in Python promise. Run in this folder: python3 -m unittest"""

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import watchdog  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from astropool import Job, JobFailed, PointFailed, PoolError, read  # noqa: E402


class JobTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
        return path

    def job(self, model, grid, more=""):
        self.write("model.py", model)
        return Job(self.write("job.toml", """\
            job.name = "test"
            model.program = ["%s", "model.py"]
            %s
            [grid]
            %s
            """ % (sys.executable, more, grid)))

    # ---- models ----

    def test_parameter_with_a_default_may_be_on_an_axis_or_left_out(self):
        model = """\
            from astropool import serve
            def log_likelihood(a, order=2, *, seed):
                return float("abcdef"[order] == "c") - a  # an int where the job does not give it
            serve(log_likelihood)
            """
        table = self.job(model, "a = { from = 1.0, to = 3.0, count = 3 }").run(self.folder + "/out")
        self.assertEqual(table["log_likelihood"], [0.0, -1.0, -2.0])

        model = model.replace('float("abcdef"[order] == "c")', "10 * order")
        grid = "a = { from = 1.0, to = 2.0, count = 2 }\norder = { from = 2.0, to = 3.0, count = 2 }"
        self.assertEqual(self.job(model, grid).run(self.folder + "/varied")["log_likelihood"], [19.0, 29.0, 18.0, 28.0])

        with self.job(model, "a = { from = 1.0, to = 2.0, count = 2 }", "model.fixed = { order = 7.0 }").pool() as pool:
            self.assertEqual(pool.log_likelihood([3.0]), 67.0)

    def test_what_is_printed_before_serve_does_no_harm(self):
        model = """\
            import os
            os.write(1, b"a banner of a C library, ")
            print("loading", flush=True)
            print("more")
            os.write(1, b"unfinished")
            from astropool import serve
            serve(lambda x: -x * x)
            """
        table = self.job(model, "x = { from = 0.0, to = 1.0, count = 2 }").run(self.folder + "/out")
        self.assertEqual(table["log_likelihood"], [0.0, -1.0])

    # ---- runs ----

    def check(self, *words):
        return subprocess.run(
            [sys.executable, "-m", "astropool", "check", *words], cwd=self.folder, encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.path.dirname(HERE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_check_starts_a_script_that_takes_arguments(self):
        self.write("model.py", """\
            import sys
            from astropool import serve
            factor = float(sys.argv[1])
            def log_likelihood(a):
                return factor * a
            serve(log_likelihood)
            """)
        checked = self.check("--point", "a=3", "model.py", "14")
        self.assertIn("log_likelihood = 42.0", checked.stdout)
        self.assertIn('"model.py", "14"]', checked.stdout)
        self.assertEqual(checked.returncode, 0)

    def test_check_says_why_a_program_cannot_be_started(self):
        checked = self.check("./absent", "14")
        self.assertEqual(checked.stderr, "./absent cannot be started: No such file or directory\n")
        self.assertEqual(checked.returncode, 1)

    def test_run_joins_the_files_of_a_design(self):
        job = self.write("job.toml", """
            job.name = "design"
            model.name = "hubble-diagram-simulator"
            model.options.supernovae = 2
            [parameters]
            omega_m = { prior = { kind = "flat", from = 0.1, to = 0.6 } }
            w = { prior = { kind = "flat", from = -1.5, to = -0.5 } }
            [design]
            draws = 25
            [output]
            formats = ["ecsv"]
            shard_rows = 10
            """)
        table = Job(job).run(os.path.join(self.folder, "out"))
        self.assertEqual(table["index"], list(range(25)))
        self.assertEqual([len(moduli) for moduli in table["moduli"]], [2] * 25)
        self.assertTrue(all(0.1 <= omega_m <= 0.6 for omega_m in table["omega_m"]))

    def test_run_returns_the_table_that_read_returns(self):
        job = self.job("from astropool import serve\nserve(lambda x: -x)", "x = { from = 0.0, to = 30.0, count = 31 }")
        out = os.path.join(self.folder, "<out>")
        table = job.run(out)
        self.assertEqual(table, read(out))
        self.assertEqual(list(table), ["index", "x", "log_likelihood", "status"])
        shown = table._repr_html_()
        self.assertIn("<th>log_likelihood</th>", shown)
        self.assertIn("20 of 31 rows", shown)
        self.assertIn("&lt;", type(table)({"<": ["&"]})._repr_html_())
        self.assertIn("model.py", job._repr_html_())

    def test_run_that_fails_says_why_with_its_exit_code(self):
        job = self.job("from astropool import serve\nserve(lambda x: 1 / x)", "y = { from = 0.0, to = 1.0, count = 2 }")
        with self.assertRaises(JobFailed) as caught:
            job.run(self.folder + "/refused")
        self.assertEqual(caught.exception.exit_code, 2)
        self.assertIn('no parameter "y"', str(caught.exception))
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).exit_code, 2)

        job = self.job("from astropool import serve\nserve(lambda x: 1 / x)", "x = { from = -1.0, to = 1.0, count = 3 }")
        with self.assertRaises(JobFailed) as caught:
            job.run(os.path.join(self.folder, "out"))
        self.assertEqual(caught.exception.exit_code, 3)
        self.assertEqual(read(caught.exception.directory)["status"][0], "ok")
        with self.assertRaisesRegex(FileNotFoundError, "nowhere.toml does not exist"):
            Job("nowhere.toml")

    # ---- pools ----

    def test_pool_evaluates_the_model_and_refuses_other_functions(self):
        job = self.job("from astropool import serve\nserve(lambda x: 1 / x)", "x = { from = 1.0, to = 2.0, count = 2 }")
        with job.pool() as pool:
            self.assertEqual(pool.map(None, [[1.0], [4.0]]), [1.0, 0.25])
            with self.assertRaisesRegex(TypeError, "cannot call <built-in function len>"):
                pool.map(len, [[1.0]])
            with self.assertRaisesRegex(PointFailed, "ZeroDivisionError"):
                pool.log_likelihood([0.0])
            self.assertEqual(pool.log_likelihood([2.0]), 0.5)
        with self.assertRaisesRegex(RuntimeError, "closed"):
            pool.log_likelihood([2.0])

    def test_pool_that_cannot_start_says_why(self):
        job = self.job("raise ValueError('no data')", "x = { from = 1.0, to = 2.0, count = 2 }")
        with job.pool() as pool, self.assertRaisesRegex(RuntimeError, "(?s)exit code 2.*no data"):
            pool.log_likelihood([2.0])

    def test_pool_in_each_rank_of_a_launcher_is_refused(self):
        launcher = shutil.which("mpiexec")
        if launcher is None:
            self.skipTest("no mpiexec; install openmpi-bin or mpich")
        job = self.job("from astropool import serve\nserve(lambda x: x)", "x = { from = 1.0, to = 2.0, count = 2 }")
        script = self.write("script.py", """\
            import sys
            from astropool import Job, PoolError
            try:
                Job(%r).pool()
            except PoolError as refused:
                sys.exit("refused: %%s" %% refused)
            """ % job.path)
        environment = dict(
            os.environ, PYTHONPATH=os.path.dirname(HERE), OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
            OMPI_MCA_rmaps_base_oversubscribe="1", PRTE_MCA_rmaps_default_mapping_policy=":oversubscribe")
        ended = subprocess.run(
            [launcher, "-n", "2", sys.executable, script], env=environment, stderr=subprocess.PIPE, timeout=60, encoding="utf-8")
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertRegex(ended.stderr, r'refused: this script was started 2 times .*pool\(launcher=\["mpiexec", "-n", ...]\)')
        with self.assertRaisesRegex(PoolError, "cannot be started"):
            job.pool(launcher=["/nowhere/mpiexec"])


if __name__ == "__main__":
    unittest.main()
