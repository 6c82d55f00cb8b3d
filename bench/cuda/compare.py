#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the GPU's benchmarks beside the peers' on the same GPU and writes one table.

  compare.py PROGRAM [--peer NAME=COMMAND ...] [--gpu NAME] [--output FILE] [--repetitions 7] [--filter REGEX]

PROGRAM is bench_gpu, a peer a command that takes the same orders (serve.cuh). For each case the programs take turns, one repetition
each; the medians are compared. The last column is the part of the bandwidth of a copy of the same size, measured in the same run.
"""
import argparse, os, re, shlex, statistics, subprocess, sys

# What ours over a peer's time must not exceed: the first line whose patterns fit the case and the peer counts.
BOUNDS = [
    (r"gates_.*/(10000000|100000000)", r"PyTorch", 1 / 3), (r"(softmax|layer_norm|cross_entropy)_", r"PyTorch", 0.8),
    (r"matmul_", r"cuBLAS", 1 / 0.97), (r"mlp_step/graph", r"PyTorch", 1 / 5),
    (r"_step/eager", r"PyTorch", 0.8), (r"_step/eager", r"torch.compile", 1.0),
]
COPY_BOUNDS = [(r"gates_.*/(10000000|100000000)", 0.9)]  # the part of a copy's bandwidth that must be reached


class Program:
    def __init__(self, command):
        self.command = shlex.split(command)
        listed = subprocess.run([*self.command, "--list"], capture_output=True, text=True)
        self.cases = listed.stdout.split() if listed.returncode == 0 else []
        self.process = None

    def run(self, case):
        """Nanoseconds, bytes and operations; None if the program died, which a next case starts again."""
        if self.process is None:
            self.process = subprocess.Popen([*self.command, "--serve"], text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.process.stdin.write(f"run {case}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line.startswith("skipped"):
            print(line.strip())
            sys.exit(77)
        if not line.strip():
            print(f"{' '.join(self.command)} died in {case}", file=sys.stderr)
            self.process.kill()
            self.process.wait()
            self.process = None
            return None
        return [float(x) for x in line.split()]

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def table(ours, peers, pattern, repetitions):
    """Rows of (case, ns, {peer: ns}, bytes, operations); None stands for a program that died."""
    rows = []
    for case in (c for c in ours.cases if re.search(pattern, c)):
        programs = {"": ours} | {n: p for n, p in peers.items() if case in p.cases}
        runs = {n: [] for n in programs}
        for _ in range(repetitions):
            for n, p in programs.items():
                if None not in runs[n]:
                    runs[n].append(p.run(case))
        times = {n: None if None in v else statistics.median(r[0] for r in v) for n, v in runs.items()}
        size, work = (runs[""][0] or [0, 0, 0])[1:3]
        rows.append((case, times.pop(""), times, size, work))
    return rows


def cell(case, peer, ns, peer_ns):
    if peer_ns is None or ns is None:
        return f"{'died' if peer_ns is None else f'{peer_ns / 1e3:.2f} us'} | | "
    bound = next((b for c, p, b in BOUNDS if re.search(c, case) and re.match(p, peer)), None)
    missed = bound is not None and ns / peer_ns > bound
    return f"{peer_ns / 1e3:.2f} us | {ns / peer_ns:.3f}{' **' if missed else ''} | "


def markdown(rows, names, gpu):
    copies = {case.split("/")[1]: size / ns for case, ns, _, size, _ in rows if case.startswith("copy/") and ns}
    lines = [f"# {gpu}", "", "Medians, the programs in turn; `bench/cuda/compare.py`, run by `./dev gpu`. ** marks a missed bound (issue 5).", "",
             "| case | ours | " + "".join(f"{n} | ratio | " for n in names) + "rate | of a copy |",
             "|---|---|" + "---|---|" * len(names) + "---|---|"]
    for case, ns, others, size, work in rows:
        cells = "".join(cell(case, n, ns, others[n]) if n in others else " | | " for n in names)
        if ns is None:
            lines.append(f"| {case} | died | {cells} | |")
            continue
        rate = f"{size / ns:.0f} GB/s" if size else (f"{work / ns / 1e3:.1f} TFLOP/s" if work else "")
        copied = copies.get(case.split("/")[1]) if size else None
        part = size / ns / copied if copied else None
        missed = part is not None and any(re.search(c, case) and part < b for c, b in COPY_BOUNDS)
        lines.append(f"| {case} | {ns / 1e3:.2f} us | {cells}{rate} | {f'{100 * part:.0f} %' if part else ''}{' **' if missed else ''} |")
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
    rows = table(ours, peers, a.filter, a.repetitions)
    text = markdown(rows, list(peers), a.gpu)
    for q in (ours, *peers.values()):
        q.close()
    print(text)
    if a.output:
        os.makedirs(os.path.dirname(a.output) or ".", exist_ok=True)
        with open(a.output, "w") as f:
            f.write(text)
    if any(ns is None for _, ns, *_ in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
