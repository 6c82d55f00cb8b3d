#!/usr/bin/env python3
"""Packs NumPy's accuracy tables for tests/core/umath.test.cpp: python3 make_umath.py data/umath.golden (needs numpy >= 2).

NumPy (BSD-3-Clause, Copyright NumPy Developers) tests its functions with umath-validation-set-NAME.csv: inputs, results rounded
correctly from a higher precision, and the error in units in the last place that it allows. The file that this writes starts with
one line of JSON, a list of [function, dtype, bound, rows]; after it come the rows of each table, inputs first, then results, as
little-endian IEEE numbers. Rows whose result is NaN are kept; float16 is left out, since it is computed as float.
"""
import csv
import glob
import json
import os
import struct
import sys

import numpy

NAMES = {"arccos": "acos", "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan", "arctanh": "atanh"}
folder = os.path.join(os.path.dirname(numpy.__file__), "_core", "tests", "data")
directory, body = [], b""
for path in sorted(glob.glob(os.path.join(folder, "umath-validation-set-*.csv"))):
    name = os.path.basename(path)[len("umath-validation-set-"):-4]
    if name == "cbrt":
        continue  # PyTorch has none
    with open(path) as file:
        lines = [r for r in csv.reader(file) if len(r) == 4 and r[0].startswith("np.float")]
    for dtype, code in (("float32", "I"), ("float64", "Q")):
        rows = sorted({(int(r[1], 16), int(r[2], 16)) for r in lines if r[0] == "np." + dtype})
        if not rows:
            continue
        bound = max(int(r[3]) for r in lines if r[0] == "np." + dtype)
        directory.append([NAMES.get(name, name), dtype, bound, len(rows)])
        for column in (0, 1):
            body += struct.pack(f"<{len(rows)}{code}", *(r[column] for r in rows))
with open(sys.argv[1], "wb") as file:
    file.write(json.dumps(directory).encode() + b"\n" + body)
