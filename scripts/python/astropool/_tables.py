"""The tables of a run."""

import csv
import glob
import html
import json
import os
import re

_MOST_SHOWN = 20  # rows in a notebook


class Table(dict):
    """The columns of a table by name: lists of equal length. A notebook shows the first rows."""

    def _repr_html_(self):
        rows = list(zip(*(column[:_MOST_SHOWN] for column in self.values())))
        count = max(map(len, self.values()), default=0)
        head = "".join("<th>%s</th>" % html.escape(name) for name in self)
        body = "".join(
            "<tr>%s</tr>" % "".join("<td>%s</td>" % html.escape("" if cell is None else str(cell)) for cell in row) for row in rows)
        more = "<p>%d of %d rows</p>" % (len(rows), count) if count > len(rows) else ""
        return "<table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>%s" % (head, body, more)


def read(directory):
    """The results of a run as a `Table`, a dict of columns, which are lists in the order of the rows: of points (of those that are
    ok, for a design), of a chain's steps, or of searches for a maximum.

    Numbers are float, int or bool, vectors lists; a point that failed has None in its outputs, and says so in "status".
    """
    files = [os.path.join(str(directory), table + ".ecsv") for table in ("results", "chain", "maxima")]
    found = [file for file in files if os.path.exists(file)][:1]
    found = found or sorted(glob.glob(os.path.join(glob.escape(str(directory)), "training-*.ecsv")))
    if not found:
        raise FileNotFoundError(
            "%s does not exist; is the run complete, and is ecsv among the formats of [output]?"
            " The npz files of a [design] are read by numpy.load" % " or ".join(files)
        )
    columns = _read(found[0])
    for file in found[1:]:
        for name, cells in _read(file).items():
            columns[name].extend(cells)
    return columns


def _read(file):
    kinds = []
    with open(file, encoding="utf-8", newline="") as lines:
        for line in lines:
            if not line.startswith("#"):
                break
            declared = re.match(r'# - \{name: "[^"]*", datatype: (\w+)(, subtype: )?', line)
            if declared:
                kinds.append((declared.group(1), declared.group(2) is not None))
        names = next(csv.reader([line], delimiter=" "))
        rows = list(csv.reader(lines, delimiter=" "))
    columns = Table()
    for i, name in enumerate(names):
        kind, is_vector = kinds[i]
        columns[name] = [_cell(row[i], kind, is_vector, "status" not in names or row[-1] == "ok") for row in rows]
    return columns


def _cell(text, kind, is_vector, is_ok):
    if kind == "string" and not is_vector and (text or is_ok):
        return text
    if text == "":
        return None
    if is_vector:
        return [float(element) for element in json.loads(text, parse_constant=float)]
    if kind.startswith("float"):
        return float(text)
    return text == "True" if kind == "bool" else int(text)
