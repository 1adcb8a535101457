"""Reads the tables of ResultTablesTest with astropy and checks every kind of value."""
import json
import os
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

npz = np.load(directory + "/results.npz")
check_values(npz, False)
assert np.isnan(npz["product"][1]) and np.isnan(npz["product"][5]), npz["product"]
assert npz["pair"].shape == (6, 2) and npz["pair"][0][1] == 1e10 and npz["pair"][5][1] == -np.inf
assert list(npz["good"]) == [True, False, False, False, True, True], npz["good"]
assert npz["word"][0] == 'n\u00e9 "2147483647"' and npz["word"][1] == "", npz["word"]
assert json.loads(str(npz["metadata"]))["fixed_b"] == 1e10

try:
    import h5py
except ImportError:
    if os.environ.get("CI") == "true":
        raise
else:
    with h5py.File(directory + "/results.hdf5") as hdf5:
        check_values({name: hdf5[name][:] for name in hdf5}, False)
        assert hdf5["pair"].shape == (6, 2) and hdf5["pair"][5][1] == -np.inf
        assert list(hdf5["good"]) == [1, 0, 0, 0, 1, 1], hdf5["good"][:]
        assert hdf5["word"].asstr()[0] == 'n\u00e9 "2147483647"'
        assert hdf5["product"].attrs["unit"] == b"km/s" and hdf5.attrs["fixed_b"] == 1e10, dict(hdf5.attrs)
        assert list(hdf5.attrs["shape"]) == [6] and hdf5.attrs["rows"] == 6
