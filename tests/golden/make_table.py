#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the table of operators, include/torchlite/ops/README.md.

  TORCHLITE_OPERATOR_TABLE=lines.txt build/release/tests/test_ops      (each replay of recorded calls adds its line)
  make_table.py lines.txt

A variant counts as passing when the test program that wrote its line passed: write the table from a green run only.
"""
import json, os, struct, sys

here = os.path.dirname(os.path.abspath(__file__))

# Recorded variants that are not offered, each with its reason.
MISSING = {}
# Variants of PyTorch's that select.py does not record, each with its reason.
UNRECORDED = {
    "empty, empty_like, empty_permuted, empty_strided, new_empty, new_empty_strided": "here, but their content is undefined: tested by hand",
    "to_sparse": "sparse tensors are not offered",
}
# Why not all recorded calls of a variant are made.
LEFT_OUT = {
    "alpha_dropout": "random", "dropout": "random", "dropout2d": "random", "rrelu": "random", "scaled_dot_product_attention": "dropout, random",
    "batch_norm": "the record holds statistics of a later call",
}


def archive(name):
    raw = open(f"{here}/data/{name}", "rb").read()
    n = struct.unpack("<Q", raw[8:16])[0]
    head, body = json.loads(raw[16:16 + n]), raw[16 + n:]
    return {v: json.loads(body[at:at + length])["samples"] for v, (at, length) in head["variants"].items()}


def main():
    calls, errors = archive("ops.golden"), archive("errors.golden")
    rows = {}
    for line in open(sys.argv[1]):
        name, made, total, order = line.rstrip("\n").split("\t")
        old = rows.get(name, (0, 0, 0))
        rows[name] = max(old, (int(made), int(total), int(order)))
    unknown = sorted(set(rows) - set(calls))
    assert not unknown, f"replayed, but not recorded: {unknown}"
    out = []
    passing = [v for v in sorted(calls) if v in rows]
    missing = [v for v in sorted(calls) if v not in rows]
    differentiable = [v for v in calls if any(s.get("grad") for s in calls[v])]
    second = [v for v in differentiable if v in rows and rows[v][2] == 2]
    made, total = sum(r[0] for r in rows.values()), sum(len(calls[v]) for v in passing)
    out.append(f"""<!-- Written by tests/golden/make_table.py from a run of the tests; change that, not this file. -->
# Operators against PyTorch's

{len(passing)} of {len(calls)} recorded variants of PyTorch 2.6's operators ({100 * len(passing) / len(calls):.1f} %) are here and give PyTorch's numbers: {made} of {total} of their recorded
calls in float64 are made again by the tests, each with all results and gradients.
Of the {len(differentiable)} differentiable variants {len(second)} are also differentiated twice and compared with differences; what differentiates twice is
written with differentiable operations, so it does so to any order.

| column | meaning |
|---|---|
| calls | recorded calls that pass, of all |
| order | of the gradients that are checked: 2 twice (any order works), 1 once, - none in PyTorch either |
| refused | wrong calls that PyTorch refuses and that are refused here with a message |

| variant | calls | order | refused |
|---|---|---|---|""")
    for v in passing:
        m, t, order = rows[v]
        assert m == t or v in LEFT_OUT, f"no reason why {v} makes {m} of {t} calls"
        calls_made = str(t) if m == t else f"{m} of {t} ({LEFT_OUT[v]})"
        out.append(f"| {v} | {calls_made} | {order or '-'} | {len(errors.get(v, [])) or ''} |")
    out.append("\n## Not here\n\n| variant | reason |\n|---|---|")
    for v, reason in UNRECORDED.items():
        out.append(f"| {v} | {reason} |")
    for v in missing:
        reason = MISSING.get(v, "")
        assert reason, f"no reason for {v}"
        out.append(f"| {v} | {reason} |")
    with open(f"{here}/../../include/torchlite/ops/README.md", "w") as f:
        f.write("\n".join(out) + "\n")
    print(f"{len(passing)} of {len(calls)} variants, {len(second)} of {len(differentiable)} to the second order")


if __name__ == "__main__":
    main()
