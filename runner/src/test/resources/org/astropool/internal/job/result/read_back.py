"""Reads the tables of ResultTablesTest with astropy and checks every kind of value."""
import sys

import numpy as np
from astropy.table import Table

directory = sys.argv[1]


def check_values(table, tells_nan_from_empty):
    assert list(table["index"]) == [0, 1, 2, 3, 4, 5]
    status = [s.decode() if isinstance(s, bytes) else s for s in table["status"]]
    assert status == ["ok", "failed", "failed", "skipped", "ok", "ok"], status
    assert table["steps"][0] == 2**53 + 1, table["steps"]
    assert table["log_likelihood"][0] == -5e19
    assert table["log_likelihood"][4] == -np.inf
    if tells_nan_from_empty:
        assert np.isnan(table["product"][5])
        assert list(np.ma.getmaskarray(table["product"])) == [False, True, True, True, False, False]
        assert list(np.ma.getmaskarray(table["steps"])) == [False, True, True, True, False, False]


def check_columns(table):
    assert str(table["product"].unit) == "km / s"
    assert table["product"].description == "a times b"
    pair = table["pair"]
    assert pair.shape == (6, 2)
    assert pair[0][1] == 1e10 and pair[5][1] == -np.inf


ecsv = Table.read(directory + "/results.ecsv")
check_values(ecsv, True)
check_columns(ecsv)
assert ecsv.meta["job"] == "yes"
assert ecsv.meta["fixed_b"] == 1e10
assert list(ecsv.meta["shape"]) == [6]
assert ecsv["a"].meta["label"] == "\\alpha_\u00e9"
assert ecsv["word"][0] == 'n\u00e9 "2147483647"'

fits = Table.read(directory + "/results.fits")
check_values(fits, False)
assert str(fits["product"].unit) == "km / s"
assert fits["pair"].shape == (6, 2)
assert fits.meta["JOB"] == "yes" and fits.meta["AXIS1"] == "a" and fits.meta["SHAPE1"] == 6, fits.meta
assert fits.meta["FIXED_B"] == 1e10
assert len(fits.meta["DIGEST"]) == 64

votable = Table.read(directory + "/results.votable")
check_values(votable, False)
check_columns(votable)

csv = Table.read(directory + "/results.csv", format="ascii.csv")
check_values(csv, True)

failures = Table.read(directory + "/failures.ecsv")
assert list(failures["kind"]) == ["exception", "not-a-number", "skipped"]
assert failures["message"][2] == 'fifteen does not "apply"'

timings = Table.read(directory + "/timings.fits")
assert list(timings["seconds"]) == [0.5] * 6 and str(timings["seconds"].unit) == "s"
