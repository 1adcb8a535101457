"""Writes the same table in each format that astropy has for it, into the folder tables of the one that is given."""
import gzip
import os
import sys

import numpy as np
from astropy.table import MaskedColumn, QTable, Table

folder = os.path.join(sys.argv[1], "tables")
os.mkdir(folder)


def path(name):
    return os.path.join(folder, name)


table = Table()
table["name"] = ["00123", "2005e1", "SN 1"]
table["id"] = np.array([9007199254740993, 2, -3])
table["seen"] = [True, False, True]
table["mass"] = MaskedColumn([10.5, 9.5, 11.25], mask=[False, True, False])
table["x1"] = [0.1, 55902.2, 1e-5]
table["x2"] = [1.0, 2.5, 0.30000000000000004]

table.write(path("table.csv"), format="ascii.csv")
table.write(path("semicolons.csv"), format="ascii.csv", delimiter=";")
table.write(path("table.tsv"), format="ascii.tab")
table.write(path("table.txt"), format="ascii.commented_header")
table.write(path("table.dat"), format="ascii.basic")
table.write(path("table.ecsv"), format="ascii.ecsv")
table.write(path("commas.ecsv"), format="ascii.ecsv", delimiter=",")
table.write(path("masks.ecsv"), format="ascii.ecsv", serialize_method="data_mask")
QTable(table).write(path("qtable.ecsv"), format="ascii.ecsv")
table.write(path("table.fits"))
table.write(path("table.vot"), format="votable")

with open(path("table.csv"), "rb") as plain:
    text = plain.read()
with gzip.open(path("table.csv.gz"), "wb") as packed:
    packed.write(text)
with open(path("windows.csv"), "wb") as marked:
    marked.write(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
