#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the GPU's benchmarks beside PyTorch's on the same GPU and writes one table.

  compare.py PROGRAM [--peer NAME=COMMAND ...] [--gpu NAME] [--output FILE] [--repetitions 7] [--filter REGEX]

PROGRAM is bench_gpu, a peer a command that takes the same orders (serve.cuh). For each case the programs take turns, one repetition
each; the medians are compared. The last column is the part of the bandwidth of a copy of the same size, measured in the same run.
"""
import argparse, os, re, shlex, statistics, subprocess, sys

# What each case must reach, ours over PyTorch's eager time (issue 5).
BOUNDS = [(r"gates_.*/(10000000|100000000)", 1 / 3), (r"mlp_step/graph", 1 / 5), (r"mlp_step/eager", 0.8)]


class Program:
    def __init__(self, command):
        self.command = shlex.split(command)
        listed = subprocess.run([*self.command, "--list"], capture_output=True, text=True)
        self.cases = listed.stdout.split() if listed.returncode == 0 else []
        self.process = None

    def run(self, case):
        if self.process is None:
            self.process = subprocess.Popen([*self.command, "--serve"], text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(f"run {case}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line.strip():
            raise RuntimeError(f"{' '.join(self.command)} ended in {case}")
        if line.startswith("skipped"):
            print(line.strip())
            sys.exit(77)
        return [float(x) for x in line.split()]

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def table(ours, peers, pattern, repetitions):
    """Rows of (case, ns, {peer: ns}, bytes, operations)."""
    rows = []
    for case in (c for c in ours.cases if re.search(pattern, c)):
        own, other = [], {n: [] for n, p in peers.items() if case in p.cases}
        for _ in range(repetitions):
            own.append(ours.run(case))
            for n in other:
                other[n].append(peers[n].run(case)[0])
        rows.append((case, statistics.median(r[0] for r in own), {n: statistics.median(v) for n, v in other.items()}, own[0][1], own[0][2]))
    return rows


def markdown(rows, names, gpu):
    copies = {r[0].split("/")[1]: r[3] / r[1] for r in rows if r[0].startswith("copy/")}
    lines = [f"# {gpu}", "", "Medians, the programs in turn; `bench/cuda/compare.py`, run by `./dev gpu`. ** marks a missed bound of the first peer.", "",
             "| case | ours | " + "".join(f"{n} | ratio | " for n in names) + "rate | of a copy |",
             "|---|---|" + "---|---|" * len(names) + "---|---|"]
    for case, ns, others, size, work in rows:
        cells = ""
        for i, n in enumerate(names):
            if n not in others:
                cells += " | | "
                continue
            ratio = ns / others[n]
            bound = next((b for p, b in BOUNDS if re.search(p, case)), None)
            cells += f"{others[n] / 1e3:.2f} us | {ratio:.3f}{' **' if i == 0 and bound and ratio > bound else ''} | "
        rate = f"{size / ns:.0f} GB/s" if size else (f"{work / ns / 1e3:.1f} TFLOP/s" if work else "")
        part = copies.get(case.split("/")[1]) if size else None
        lines.append(f"| {case} | {ns / 1e3:.2f} us | {cells}{rate} | {f'{100 * size / ns / part:.0f} %' if part else ''} |")
    return "\n".join(lines) + "\n"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument("--peer", action="append", default=[])
    p.add_argument("--gpu", default="GPU")
    p.add_argument("--output")
    p.add_argument("--repetitions", type=int, default=7)
    p.add_argument("--filter", default="")
    a = p.parse_args()
    ours = Program(a.program)
    peers = {n: q for n, q in ((peer.split("=", 1)[0], Program(peer.split("=", 1)[1])) for peer in a.peer) if q.cases}
    text = markdown(table(ours, peers, a.filter, a.repetitions), list(peers), a.gpu)
    for q in (ours, *peers.values()):
        q.close()
    print(text)
    if a.output:
        os.makedirs(os.path.dirname(a.output) or ".", exist_ok=True)
        with open(a.output, "w") as f:
            f.write(text)


if __name__ == "__main__":
    main()
