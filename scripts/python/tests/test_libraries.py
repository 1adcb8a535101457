"""Libraries that take a pool: those that are installed, and for some others the calls that their documentation describes."""

import concurrent.futures
import importlib
import os
import sys
import threading
import unittest

import watchdog  # noqa: F401
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import functions  # noqa: E402
import likelihoods  # noqa: E402
from astropool import Executor, Pool, register_joblib  # noqa: E402

import numpy  # noqa: E402


def needs(module, package):
    """Skips a test whose library is missing, and says what to install; where CI=true, scripts/check.sh has installed it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        raise unittest.SkipTest("%s is missing: install the package %s, or pip install %s" % (module, package, module))


class LibrariesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pool = Pool(2)

    @classmethod
    def tearDownClass(cls):
        cls.pool.terminate()

    def tearDown(self):
        self.assertEqual(self.pool.apply(functions.square, (7,)), 49)

    # ---- libraries ----

    def test_emcee_has_the_chain_of_emcee_alone(self):
        emcee = needs("emcee", "python3-emcee")

        def chain(pool):
            sampler = emcee.EnsembleSampler(10, 3, likelihoods.log_prob, args=[numpy.array([1.0, 2.0, 3.0])], pool=pool)
            sampler.random_state = numpy.random.RandomState(5).get_state()
            sampler.run_mcmc(numpy.random.RandomState(6).normal(size=(10, 3)), 30)
            return sampler.get_chain(), sampler.get_blobs()

        alone, pooled = chain(None), chain(self.pool)
        numpy.testing.assert_array_equal(pooled[0], alone[0])
        numpy.testing.assert_array_equal(pooled[1], alone[1])

    def test_differential_evolution_of_scipy_has_the_same_minimum(self):
        optimize = needs("scipy.optimize", "python3-scipy")
        bounds = [(-5, 5)] * 3

        def minimum(workers):
            found = optimize.differential_evolution(
                likelihoods.rosenbrock, bounds, seed=3, maxiter=15, polish=False, updating="deferred", workers=workers)
            return found.x.tolist(), found.fun, found.nfev

        self.assertEqual(minimum(self.pool.map), minimum(1))

    def test_scipy_brute_maps_its_grid(self):
        optimize = needs("scipy.optimize", "python3-scipy")
        grid = (slice(-2, 2, 0.5),) * 2
        alone = optimize.brute(likelihoods.rosenbrock, grid, finish=None)
        self.assertEqual(optimize.brute(likelihoods.rosenbrock, grid, finish=None, workers=self.pool.map).tolist(), alone.tolist())

    def test_dask_computes_graphs_on_an_executor(self):
        dask = needs("dask", "python3-dask")
        executor = Executor(2)
        with executor, dask.config.set(scheduler="processes", pool=executor):
            squares = [dask.delayed(functions.square)(x) for x in range(10)]
            self.assertEqual(dask.compute(dask.delayed(sum)(squares))[0], sum(x * x for x in range(10)))

    # ---- joblib ----

    def parallel_on_pool(self, **options):
        joblib = needs("joblib", "python3-joblib")
        register_joblib()
        configure = getattr(joblib, "parallel_config", joblib.parallel_backend)
        return joblib, configure(backend="astropool", pool=self.pool, **options)

    def test_joblib_evaluates_on_the_workers_of_a_pool(self):
        joblib, configured = self.parallel_on_pool()
        with configured:
            processes = joblib.Parallel()(joblib.delayed(likelihoods.slow_process)(i) for i in range(20))
            self.assertEqual(joblib.effective_n_jobs(-1), 2)
        self.assertEqual(set(processes), set(self.pool.map(functions.process, range(100), chunksize=1)))
        with configured:
            results = joblib.Parallel()(joblib.delayed(functions.add)(i, y=2 * i) for i in range(1000))
        self.assertEqual(results, [3 * i for i in range(1000)])

    def test_joblib_sends_large_arrays_once_and_read_only(self):
        joblib, configured = self.parallel_on_pool()
        large = numpy.ones(1 << 18)
        with configured:
            results = joblib.Parallel(batch_size=1)(joblib.delayed(functions.total)(array=large) for _ in range(6))
            self.assertEqual(results, [(float(1 << 18), False)] * 6)
            results = joblib.Parallel(max_nbytes=None)(joblib.delayed(functions.total)(large) for _ in range(2))
            self.assertEqual(results, [(float(1 << 18), True)] * 2)

    def test_joblib_raises_the_exception_of_a_task_and_the_pool_goes_on(self):
        joblib, configured = self.parallel_on_pool()
        with configured:
            with self.assertRaisesRegex(ValueError, "^five$"):
                joblib.Parallel()(joblib.delayed(functions.five_is_bad)(i) for i in range(100))
            self.assertEqual(joblib.Parallel()(joblib.delayed(functions.square)(i) for i in range(4)), [0, 1, 4, 9])
            with self.assertRaises((TimeoutError, concurrent.futures.TimeoutError, __import__("multiprocessing").TimeoutError)):
                joblib.Parallel(timeout=0.3)(joblib.delayed(functions.slow)(60) for _ in range(2))
            self.assertEqual(joblib.Parallel()(joblib.delayed(functions.square)(i) for i in range(4)), [0, 1, 4, 9])

    def test_joblib_inside_a_task_uses_threads_of_its_worker(self):
        joblib, configured = self.parallel_on_pool()
        with configured:
            results = joblib.Parallel()(joblib.delayed(likelihoods.nested)(i) for i in range(4))
        self.assertEqual([values for values, _ in results], [[i, i + 1, i + 2] for i in range(4)])
        self.assertTrue(all(len(processes) == 1 for _, processes in results))

    def test_joblib_opens_a_pool_and_keeps_it_for_the_next_call(self):
        joblib = needs("joblib", "python3-joblib")
        register_joblib()
        first, second = (
            joblib.Parallel(n_jobs=2, backend="astropool")(joblib.delayed(likelihoods.slow_process)(i) for i in range(8))
            for _ in range(2))
        self.assertEqual(set(first), set(second))
        self.assertNotIn(os.getpid(), first)
        self.assertEqual(
            joblib.Parallel(n_jobs=1, backend="astropool")(joblib.delayed(functions.process)(i) for i in range(2)), [os.getpid()] * 2)

    def test_grid_search_of_scikit_learn_has_equal_results(self):
        needs("sklearn", "python3-sklearn")
        from sklearn.datasets import make_classification
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import GridSearchCV

        _, configured = self.parallel_on_pool()
        samples, classes = make_classification(300, 8, random_state=1)

        def search():
            grid = {"max_depth": [2, 4], "n_estimators": [5, 10]}
            found = GridSearchCV(RandomForestClassifier(random_state=2), grid, cv=3).fit(samples, classes)
            return found.best_params_, found.cv_results_["mean_test_score"].tolist(), found.predict(samples).tolist()

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            alone = search()
            with configured:
                self.assertEqual(search(), alone)

    def test_joblib_is_named_when_it_is_missing(self):
        hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "joblib"}
        sys.modules["joblib"] = None
        try:
            with self.assertRaisesRegex(ImportError, "pip install joblib"):
                register_joblib()
        finally:
            del sys.modules["joblib"]
            sys.modules.update(hidden)

    # ---- what other libraries call, after their documentation ----

    def test_a_nested_sampler_maps_prior_transforms_likelihoods_and_proposals(self):
        """dynesty: pool.map of several functions, with wrapped arguments, and a queue of pool.size proposals."""
        self.assertEqual(likelihoods.nested_sampling(self.pool.map, self.pool.size), likelihoods.nested_sampling(map, 2))

    def test_separate_pools_for_likelihoods_and_for_the_sampler(self):
        """nautilus: pool=(likelihoods, sampler), each with map and a size that is probed for; a pool may be given twice."""
        sizes = [getattr(self.pool, name) for name in ("size", "_processes", "_max_workers")]
        self.assertEqual(sizes, [2, 2, 2])
        points = list(numpy.random.RandomState(1).uniform(size=(40, 3)))
        for likelihood_pool, sampler_pool in [(self.pool, self.pool), (self.pool, None)]:
            values = list(likelihood_pool.map(likelihoods.gauss, points))
            bounds = list((sampler_pool.map if sampler_pool else map)(likelihoods.trained, [(1, points), (2, points)]))
            self.assertEqual(values, list(map(likelihoods.gauss, points)))
            self.assertEqual(bounds, [likelihoods.trained((1, points)), likelihoods.trained((2, points))])

    def test_an_ensemble_slice_sampler_maps_a_bound_method(self):
        """zeus: the function is a callable object with the arguments of the user, and the points are rows of an array."""
        wrapped = likelihoods.Wrapped(likelihoods.log_prob, (numpy.ones(3),), {})
        points = numpy.random.RandomState(2).uniform(size=(21, 3))
        for _ in range(3):  # a step expands, then contracts, with changing numbers of points
            self.assertEqual(list(self.pool.map(wrapped, points)), list(map(wrapped, points)))
            self.assertEqual(list(self.pool.map(wrapped.evaluate, (p for p in points))), list(map(wrapped, points)))
            points = points[::2]

    def test_a_preconditioned_sampler_collects_pairs_of_value_and_blob(self):
        """pocoMC: likelihoods with blobs, of points that arrive as a list of rows; the results become arrays."""
        points = numpy.random.RandomState(3).uniform(size=(16, 3))
        results = list(self.pool.map(likelihoods.value_and_blob, points))
        self.assertEqual(numpy.array([value for value, _ in results]).shape, (16,))
        self.assertEqual(
            numpy.array([blob for _, blob in results]).tolist(), [likelihoods.value_and_blob(p)[1].tolist() for p in points])

    def test_a_vectorized_likelihood_maps_the_rows_that_it_is_given(self):
        """UltraNest: it has no pool; with vectorized=True the likelihood gets an array, which user code maps."""
        def likelihood(points):
            return numpy.asarray(self.pool.map(likelihoods.gauss, points))

        for rows in (1, 128, 400, 0):
            points = numpy.random.RandomState(4).uniform(size=(rows, 3))
            self.assertEqual(likelihood(points).tolist(), [likelihoods.gauss(p) for p in points])

    def test_schwimmbad_scripts_ask_for_the_master_and_pass_callbacks(self):
        self.assertTrue(self.pool.is_master())
        self.pool.wait()
        told = []
        done = threading.Event()
        self.pool.map_async(functions.square, [1, 2], callback=lambda values: (told.append(values), done.set()))
        self.assertTrue(done.wait(30))
        self.assertEqual(told, [[1, 4]])


if __name__ == "__main__":
    unittest.main()
