"""A model that gives strings with troublesome characters, and with an argument the check of what astropy reads of them."""
import re
import sys

CODES = (
    list(range(0x00, 0x180))
    + [0x3A9, 0x2003, 0x200B, 0x2028, 0x2029, 0x3000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF]
    + [0x10000, 0x1F680, 0x10FFFF]
)
DESCRIPTION = "a\x85b\u2028c\x0bd\u00fc"


def text(number):
    number = int(number)
    return "x" + chr(CODES[number]) + "y" if number < len(CODES) else r"\Omega \u \x85, \"%d\"" % number


def plain(cell):
    cell = cell.decode("ascii") if isinstance(cell, bytes) else str(cell)
    return re.sub(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})", lambda m: chr(int(m.group(1) or m.group(2), 16)), cell)


def check(directory):
    from astropy.table import Table

    for name, options in (("ecsv", {}), ("fits", {}), ("csv", {"format": "ascii.csv"}), ("votable", {})):
        table = Table.read(directory + "/results." + name, **options)
        assert len(table) == 400, (name, len(table))
        for row in table:
            assert plain(row["word"]) == text(row["number"]), (name, row["number"], row["word"])
        if name in ("ecsv", "votable"):
            assert plain(table["word"].description) == DESCRIPTION, (name, table["word"].description)
        if name == "ecsv":
            assert table["word"].description == DESCRIPTION
            assert table["number"].meta["label"] == DESCRIPTION


if len(sys.argv) > 1:
    check(sys.argv[1])
else:
    from astropool import serve

    outputs = ["log_likelihood", {"name": "word", "type": "string", "description": DESCRIPTION}]
    serve(lambda number: {"word": text(number), "log_likelihood": 0.0}, parameters=None, outputs=outputs)
