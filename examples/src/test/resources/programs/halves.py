"""A model of one parameter that needs nothing but Python."""

import sys

print('{"astropool": 1, "parameters": ["x"], "outputs": ["half"]}', flush=True)
for line in sys.stdin:
    x, index = line.split("[[")[1].split("]]")[0], line.split('"index": ')[1].split(",")[0]
    print('{"results": [[%r]], "index": %s}' % (float(x) / 2, index), flush=True)
