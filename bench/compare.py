#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs our benchmarks and the peers' side by side and prints one table.

  compare.py FOLDER [--json FILE] [--threads 1,2] [--repetitions 7] [--filter REGEX] [GROUP ...]

FOLDER holds the programs bench_GROUP (ours) and bench_GROUP.PEER. For each case the programs take turns, one repetition each, until
each had its repetitions; the medians are compared. A peer is run at its best: OpenBLAS and libtorch are told of AVX-512 where the
processor has it and they do not see it. The limit is measured in the same run: operations against a peak of fused multiply-adds, bytes
against a triad of the same size; limit_ratio is the part of it that ours reaches.
"""
import argparse, json, math, os, re, resource, statistics, subprocess, sys

# What each case must reach, ours over the peer's time; the first pattern that fits counts. Several peers: the fastest counts.
BOUNDS = [
    (r"overhead/chain10", 1 / 20), (r"overhead/tiny", 1 / 20), (r"overhead/", 1 / 10),
    (r"pointwise/", 1 / 5), (r"rows/", 1 / 2),
    (r"gemm/[sd]gemm/(256|512|784|1024|2048|4096)/", 1 / 0.95), (r"gemm/", 1.0),
    (r"conv/.*:torch", 0.7), (r"conv/.*:onednn", 1 / 0.9),
    (r"training_step/mlp_sgd", 0.65), (r"training_step/mlp_adam", 0.45), (r"training_step/lstm", 0.4), (r"training_step/resnet", 0.75),
    (r"training_step/", 0.5),
]


def peer_environment(threads):
    flags = open("/proc/cpuinfo").read() if os.path.exists("/proc/cpuinfo") else ""
    env = {"OPENBLAS_NUM_THREADS": str(threads)}
    if "avx512f" in flags:
        env |= {"OPENBLAS_CORETYPE": "SkylakeX", "ATEN_CPU_CAPABILITY": "avx512"}
    return env


class Program:
    def __init__(self, path, threads, own):
        env = dict(os.environ, OMP_NUM_THREADS=str(threads), **({} if own else peer_environment(threads)))
        self.path, self.env, self.threads = path, env, threads
        names = subprocess.run([path, "--benchmark_list_tests"], env=env, capture_output=True, text=True, check=True).stdout
        self.cases = [n for n in names.split("\n") if n]
        self.process = None

    def run(self, case):
        if self.process is None:
            self.process = subprocess.Popen([self.path, "--serve", "--benchmark_min_time=0.05"], env=self.env, text=True, bufsize=1,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdin.write(f"run {case}\n")
        self.process.stdin.flush()
        wall, cpu, work, size = (float(x) for x in self.process.stdout.readline().split())
        return cpu if self.threads == 1 else wall, work, size  # a single thread's own time is blind to other processes

    def peak(self, case):
        """Megabytes that a process of its own needs for the case."""
        code = ("import subprocess,sys,resource\n"
                "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\n"
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        out = subprocess.run([sys.executable, "-c", code, self.path, f"--benchmark_filter=^{case}$", "--benchmark_min_time=0.05"], env=self.env,
                             capture_output=True, text=True)
        return int(out.stdout) / 1024

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def bound_of(case, peer):
    return next((b for pattern, b in BOUNDS if re.search(pattern, f"{case}:{peer}")), None)


def time_text(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.3g} ns"


def limits(folder, threads):
    """Peaks per nanosecond: operations by the name of the case, a triad's bytes by how many it moves."""
    program = Program(f"{folder}/bench_limits", threads, True)
    out = {}
    for case in program.cases:
        ns, work, size = min((program.run(case) for _ in range(5)), key=lambda r: r[0])
        key = case if work else size
        out[key] = max(out.get(key, 0), (work or size) / ns)
    program.close()
    return out


def limit_ratio(case, ns, work, size, limit):
    ratios = []
    if work:
        ratios.append(work / ns / limit["fma_double" if "dgemm" in case else "fma_float"])
    if size:
        near = min((k for k in limit if not isinstance(k, str)), key=lambda k: abs(math.log(k / size)))
        ratios.append(size / ns / limit[near])
    return max(ratios, default=None)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("groups", nargs="*")
    p.add_argument("--json")
    p.add_argument("--threads", default="1,2")
    p.add_argument("--repetitions", type=int, default=7)
    p.add_argument("--filter", default="")
    a = p.parse_intermixed_args()
    programs = sorted(f for f in os.listdir(a.folder) if f.startswith("bench_") and os.access(f"{a.folder}/{f}", os.X_OK) and "CMakeFiles" not in f)
    groups = [f[6:] for f in programs if "." not in f and f != "bench_limits" and (not a.groups or f[6:] in a.groups)]
    rows = []
    print("| case | threads | ours | peer | peer's time | ratio | bound | of the limit |\n|---|---|---|---|---|---|---|---|")
    for threads in (int(t) for t in a.threads.split(",")):
        limit = limits(a.folder, threads)
        for group in groups:
            ours = Program(f"{a.folder}/bench_{group}", threads, True)
            peers = {f.split(".", 1)[1]: Program(f"{a.folder}/{f}", threads, False) for f in programs if f.startswith(f"bench_{group}.")}
            for case in ours.cases:
                full = f"{group}/{case}"
                if not re.search(a.filter, full):
                    continue
                taking_part = {n: q for n, q in peers.items() if case in q.cases}
                own, other = [], {n: [] for n in taking_part}
                for _ in range(a.repetitions):
                    own.append(ours.run(case))
                    for n, q in taking_part.items():
                        other[n].append(q.run(case)[0])
                ns, work, size = statistics.median(r[0] for r in own), own[0][1], own[0][2]
                part = limit_ratio(case, ns, work, size, limit)
                for n in other or {"": []}:
                    peer_ns = statistics.median(other[n]) if n else None
                    ratio = ns / peer_ns if n else None
                    bound = bound_of(full, n) if n else None
                    row = {"case": full, "threads": threads, "ours_ns": ns, "peer": n, "peer_ns": peer_ns, "ratio": ratio, "limit_ratio": part}
                    if group == "training_step" and threads == 1 and n:
                        row |= {"ours_mb": ours.peak(case), "peer_mb": taking_part[n].peak(case)}
                    rows.append(row)
                    mark = "" if bound is None or ratio <= bound else " **"
                    print(f"| {full} | {threads} | {time_text(ns)} | {n} | {time_text(peer_ns) if n else ''} | "
                          f"{f'{ratio:.3f}' if n else ''}{mark} | {f'{bound:.2f}' if bound else ''} | {f'{100 * part:.0f} %' if part else ''} |", flush=True)
            for q in (ours, *peers.values()):
                q.close()
    if any("ours_mb" in r for r in rows):
        print("\n| case | peak memory, ours | peer | peer's | ratio |\n|---|---|---|---|---|")
        for r in rows:
            if "ours_mb" in r:
                print(f"| {r['case']} | {r['ours_mb']:.0f} MB | {r['peer']} | {r['peer_mb']:.0f} MB | {r['ours_mb'] / r['peer_mb']:.2f} |")
    if a.json:
        with open(a.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
