"""Reads the tables of TablesIT with astropy: units, metadata, NaN, -infinity and a failed row."""
import sys

import numpy as np
from astropool import read
from astropy.table import Table

directory = sys.argv[1]


def check(table, units):
    assert table.colnames[:3] == ["index", "trouble", "log_likelihood"], table.colnames
    status = [s.decode() if isinstance(s, bytes) else s for s in table["status"]]
    assert status == ["ok", "failed", "ok"], status
    assert table["log_likelihood"][0] == -1.125 and table["log_likelihood"][2] == -np.inf
    assert np.isnan(np.ma.getdata(table["ratio"])[0])  # FITS and VOTable do not tell NaN from nothing
    assert table["count"][0] == 2**63 - 1
    if units:
        assert table["ratio"].unit == "mag / s", table["ratio"].unit
        assert table["vector"].unit == "km / s" and list(table["vector"][0]) == [1.5, 3.0, 4.5]


ecsv = Table.read(directory + "/results.ecsv")
check(ecsv, True)
assert list(np.ma.getmaskarray(ecsv["count"])) == [False, True, False]
assert ecsv.meta["job"] == "tables" and ecsv.meta["model"] == "troublesome" and ecsv.meta["seed"] == 7
assert ecsv.meta["fixed_x"] == 1.5 and list(ecsv.meta["shape"]) == [3]

fits = Table.read(directory + "/results.fits")
check(fits, True)
assert fits.meta["JOB"] == "tables" and fits.meta["FIXED_X"] == 1.5

check(Table.read(directory + "/results.votable"), True)
check(Table.read(directory + "/results.csv", format="ascii.csv"), False)


def same(plain, of_astropy):
    if plain is None or of_astropy is np.ma.masked:
        return plain is None and bool(np.all(np.ma.getmaskarray(of_astropy)))
    return plain == of_astropy or plain != plain and of_astropy != of_astropy


# the same without astropy
columns = read(directory)
assert list(columns) == ecsv.colnames, list(columns)
for name in set(ecsv.colnames) - {"vector"}:
    assert len(columns[name]) == 3
    for plain, of_astropy in zip(columns[name], ecsv[name]):
        assert same(plain, of_astropy), (name, plain, of_astropy)
assert columns["vector"][0] == [1.5, 3.0, 4.5] and columns["vector"][1] is None
