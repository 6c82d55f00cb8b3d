#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs our benchmarks and the peers' side by side and prints one table.

  compare.py FOLDER [--json FILE] [--threads 1,2] [--repetitions 7] [--filter REGEX] [GROUP ...]

FOLDER holds the programs bench_GROUP (ours) and bench_GROUP.PEER; the group main_job takes minutes and runs only when named. For each
case the programs take turns, one repetition each, until each had its repetitions; the medians are compared. Peers that must meet the
same bound share a line, which shows the fastest of them; the JSON file has a row for each. In several threads a peer runs with the
fastest of its settings. The limit is measured in the same run: operations against a peak of fused multiply-adds, bytes against a triad
of about as many bytes. Missed bounds are **bold**.
"""
import argparse, gzip, json, math, os, re, shutil, statistics, subprocess, sys, time

# What ours over the peer's time must not exceed: the first pattern that fits "group/case:peer" counts.
BOUNDS = [
    (r"overhead/(chain10|tiny).*:torch", 1 / 20), (r"overhead/.*:torch", 1 / 10),
    (r"pointwise/.*:torch", 1 / 5), (r"pointwise/.*:intrinsics", 1.05), (r"rows/.*:torch", 1 / 2),
    (r"gemm/[sdb]gemm/(\d+/(256|512|784|1024|2048|4096)/|4096/1/)", 1 / 0.95), (r"gemm/", 1.0),
    (r"conv/.*:torch", 0.7), (r"conv/.*:onednn", 1 / 0.9),
    (r"training_step/mlp_sgd", 0.65), (r"training_step/mlp_adam", 0.45), (r"training_step/lstm", 0.4), (r"training_step/resnet", 0.75),
    (r"training_step/|main_job/", 0.5),
]
LIMIT_BOUNDS = [(r"pointwise/.*/10000000", 0.85)]  # what part of the limit ours must reach
SPEEDUP_BOUND = 1.8  # of two threads over one, from 1e8 operations or 1e6 elements of 8 bytes on
MEMORY_BOUND = 0.6  # ours over the peer's peak
DATA = "/usr/share/datasets/fashion-mnist"


def first(table, text):
    return next((value for pattern, value in table if re.search(pattern, text)), None)


def peer_settings(peer, threads):
    """The environments in which a peer is at its best; where it depends on the case, several."""
    flags = open("/proc/cpuinfo").read() if os.path.exists("/proc/cpuinfo") else ""
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")} | {"OPENBLAS_NUM_THREADS": str(threads)}
    if "avx512f" in flags:  # OpenBLAS 0.3.21 and libtorch 1.13 do not see it on newer processors
        env |= {"OPENBLAS_CORETYPE": "SkylakeX", "ATEN_CPU_CAPABILITY": "avx512"}
    if threads == 1:
        return [env]
    own_pool = [env | {"OPENBLAS_NUM_THREADS": "1"}] if peer == "torch" else []  # its OpenMP threads and OpenBLAS's disturb each other
    return [env, env | {"OMP_WAIT_POLICY": "passive"}] + own_pool


class Program:
    """A benchmark program that waits for orders, in one environment."""

    def __init__(self, path, threads, env):
        self.path, self.threads, self.env, self.process = path, threads, dict(env, OMP_NUM_THREADS=str(threads)), None

    def cases(self):
        """The names of its cases and what it says of itself."""
        out = subprocess.run([self.path, "--benchmark_list_tests"], env=self.env, capture_output=True, text=True)
        return out.stdout.split(), out.stderr.strip()

    def run(self, case):
        """Nanoseconds, operations, bytes of an iteration, and what else the case reports."""
        if self.process is None:
            self.process = subprocess.Popen([self.path, "--serve", "--benchmark_min_time=0.05"], env=self.env, text=True, bufsize=1,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdin.write(f"run {case}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) < 4:
            sys.exit(f"compare.py: {self.path} died in case {case}")
        wall, cpu, work, size = (float(x) for x in answer[:4])
        if self.threads > 1:
            time.sleep(0.05)  # threads that spin after their last loop must not disturb the next program
        ns = cpu if self.threads == 1 else wall  # a single thread's own time is blind to other processes
        return ns, work, size, dict(a.split("=") for a in answer[4:])

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


class Contender:
    """Ours or a peer, with as many threads as asked for, in the settings that are fastest for the case."""

    def __init__(self, folder, group, peer, threads):
        path = f"{folder}/bench_{group}" + (f".{peer}" if peer else "")
        self.programs = [Program(path, threads, env) for env in (peer_settings(peer, threads) if peer else [os.environ])]
        self.cases, self.about = self.programs[0].cases()
        if group == "main_job" and len(self.programs) > 1:  # minutes: a step of the same network chooses the settings
            steps = [Program(path.replace("main_job", "training_step"), threads, p.env) for p in self.programs]
            self.programs = [Program(path, threads, self.fastest(steps, "cnn_adamw").env)]
            for s in steps:
                s.close()

    @staticmethod
    def fastest(programs, case):
        if len(programs) == 1:
            return programs[0]
        times = [p.run(case)[0] for p in programs]
        return programs[times.index(min(times))]

    def start(self, case):
        self.program, self.results = self.fastest(self.programs, case), []

    def turn(self, case):
        self.results.append(self.program.run(case))

    def median(self):
        return statistics.median(r[0] for r in self.results)

    def close(self):
        for p in self.programs:
            p.close()


def readable(group, case):
    """The case with its sizes as a person writes them: gemm's are m, n, k, transposed operand, batch; conv's see shapes.hpp."""
    name, *sizes = re.sub(r"/(min_time|iterations):[\d.]+|/process_time|/real_time", "", case).split("/")
    if group == "gemm":
        m, n, k, transposed, batch = sizes
        return f"{name} {m}x{n}x{k}" + ("", ", a transposed", ", b transposed")[int(transposed)] + (f", {batch} of them" if batch != "1" else "")
    if group == "conv":
        batch, channels, size, out, kernel, pad, groups = sizes
        kind = "depthwise" if groups != "1" else f"-> {out}"
        return f"{name} {batch}x{channels}x{size}x{size} {kind}, {kernel}x{kernel}" + (f", padding {pad}" if pad != "0" else "")
    if group == "pointwise":
        return f"{name} of {float(sizes[0]):.0e}".replace("e+0", "e")
    return " ".join([name.replace("_", " ")] + [f"of {s}" for s in sizes])


def time_text(ns):
    unit, size = next(((u, s) for u, s in (("s", 1e9), ("ms", 1e6), ("us", 1e3)) if ns >= s), ("ns", 1))
    return f"{ns / size:.3g} {unit}" if ns < 1000 * size else f"{ns / size:.0f} {unit}"


def limits(folder, threads):
    """Peaks per nanosecond: operations by the name of the case, a triad's bytes by how many it moves."""
    program = Program(f"{folder}/bench_limits", threads, os.environ)
    out = {}
    for case in program.cases()[0]:
        ns, work, size, _ = min((program.run(case) for _ in range(5)), key=lambda r: r[0])
        key = case if work else size
        out[key] = max(out.get(key, 0), (work or size) / ns)
    program.close()
    return out


def limit_ratio(case, ns, work, size, limit):
    ratios = []
    if work:
        kind = "fma_double" if "dgemm" in case else "fma_bfloat16" if re.search("bgemm|bfloat16", case) else "fma_float"
        ratios.append(work / ns / limit.get(kind, limit["fma_float"]))
    if size:
        near = min((k for k in limit if not isinstance(k, str)), key=lambda k: abs(math.log(k / size)))
        ratios.append(size / ns / limit[near])
    return max(ratios, default=None)


class Table:
    """Prints lines and counts the bounds in them."""

    def __init__(self):
        self.met, self.missed = 0, []

    def check(self, ok, text, what):
        if ok is None:
            return text
        self.met += ok
        if not ok:
            self.missed.append(what)
        return text if ok else f"**{text}**"

    @staticmethod
    def line(cells):
        print("| " + " | ".join(cells) + " |", flush=True)

    def head(self, cells):
        self.line(cells)
        self.line(["---"] * len(cells))


def measure(folder, group, threads, repetitions, wanted, limit, about):
    """Yields (case, {threads: rows}, whether it is large) for each case of the group; the rows are the JSON file's. What the peers say
    of themselves goes into about."""
    peers = sorted(f.split(".", 1)[1] for f in os.listdir(folder) if f.startswith(f"bench_{group}."))
    ours = {t: Contender(folder, group, "", t) for t in threads}
    theirs = {t: {p: Contender(folder, group, p, t) for p in peers} for t in threads}
    about |= {p: c.about for p, c in theirs[threads[0]].items() if c.about}
    for case in ours[threads[0]].cases:
        name = f"{group}/{readable(group, case)}"
        if not (re.search(wanted, f"{group}/{case}") or re.search(wanted, name)):
            continue
        rows = {}
        for t in threads:
            taking_part = {p: c for p, c in theirs[t].items() if case in c.cases}
            for c in (ours[t], *taking_part.values()):
                c.start(case)
            for _ in range(repetitions):
                for c in (ours[t], *taking_part.values()):
                    c.turn(case)
            _, work, size, more = ours[t].results[0]
            ns = ours[t].median()
            rows[t] = []
            for p in taking_part or [None]:
                row = {"case": name, "threads": t, "ours_ns": ns, "peer": p, "peer_ns": taking_part[p].median() if p else None}
                row |= {"ratio": ns / row["peer_ns"] if p else None, "limit_ratio": limit_ratio(case, ns, work, size, limit[t])}
                if p and p.startswith("torch") and group == "training_step" and t == 1:
                    row |= {"ours_mb": ours[t].program.peak(case), "peer_mb": taking_part[p].program.peak(case)}
                row |= {f"ours_{k}": float(v) for k, v in more.items()}
                row |= {f"peer_{k}": float(v) for k, v in (taking_part[p].results[0][3] if p else {}).items()}
                rows[t].append(row)
        yield case, rows, work >= 1e8 or size >= 8e6
    for c in [*ours.values(), *(c for of_threads in theirs.values() for c in of_threads.values())]:
        c.close()


def print_case(table, group, case, rows, threads, large):
    bounds = {}  # from a bound to the peers that must meet it
    for row in rows[threads[0]]:
        bounds.setdefault(first(BOUNDS, f"{group}/{case}:{row['peer']}"), []).append(row["peer"])
    for number, (bound, peers) in enumerate(sorted(bounds.items(), key=lambda b: b[0] or math.inf)):
        name = rows[threads[0]][0]["case"]
        cells = [name, f"{bound:.3g}" if bound else ""]
        for t in threads:
            best = min((r for r in rows[t] if r["peer"] in peers), key=lambda r: r["peer_ns"] or 0)
            what = f"{name}, {t} thread{'s' * (t > 1)}"
            cells += [time_text(best["ours_ns"])]
            if best["peer"]:
                ok = None if bound is None else best["ratio"] <= bound
                cells += [f"{time_text(best['peer_ns'])} {best['peer']}", table.check(ok, f"{best['ratio']:.3f}", f"{what}: {best['ratio']:.3f} of {best['peer']}")]
            else:
                cells += ["", ""]
            part, least = best["limit_ratio"], first(LIMIT_BOUNDS, f"{group}/{case}")
            ok = None if least is None or part is None or number > 0 else part >= least
            cells += [table.check(ok, f"{100 * part:.0f} %", f"{what}: {100 * part:.0f} % of the limit") if part else ""]
        if 1 in rows and 2 in rows:
            speedup = rows[1][0]["ours_ns"] / rows[2][0]["ours_ns"]
            ok = speedup >= SPEEDUP_BOUND if large and number == 0 else None
            cells += [table.check(ok, f"{speedup:.2f}", f"{name}: two threads {speedup:.2f} times as fast as one") if large else ""]
        table.line(cells)


def print_memory(table, rows):
    rows = [r for r in rows if "ours_mb" in r]
    if rows:
        print(f"\nPeak memory of a process that runs only this; the bound is {MEMORY_BOUND}.\n")
        table.head(["case", "threads", "ours", "peer's", "ratio"])
    for r in rows:
        ratio = r["ours_mb"] / r["peer_mb"]
        table.line([r["case"], str(r["threads"]), f"{r['ours_mb']:.0f} MB", f"{r['peer_mb']:.0f} MB {r['peer']}",
                    table.check(ratio <= MEMORY_BOUND, f"{ratio:.2f}", f"{r['case']}: {ratio:.2f} of {r['peer']}'s memory")])
    for r in rows:
        if "ours_accuracy" in r:
            print(f"\n{r['case']}, {r['threads']} thread(s): test accuracy {r['ours_accuracy']:.4f}, {r['peer']} {r['peer_accuracy']:.4f}")


def unpacked_data(folder):
    """libtorch's data set reads unpacked files only."""
    target = f"{folder}/fashion-mnist"
    os.makedirs(target, exist_ok=True)
    for f in os.listdir(DATA):
        if f.endswith(".gz") and not os.path.exists(f"{target}/{f[:-3]}"):
            with gzip.open(f"{DATA}/{f}") as source, open(f"{target}/{f[:-3]}", "wb") as out:
                shutil.copyfileobj(source, out)
    return os.path.abspath(target)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("groups", nargs="*")
    p.add_argument("--json")
    p.add_argument("--threads", default="1,2")
    p.add_argument("--repetitions", type=int)
    p.add_argument("--filter", default="")
    a = p.parse_intermixed_args()
    programs = sorted(f[6:] for f in os.listdir(a.folder) if f.startswith("bench_") and os.path.isfile(f"{a.folder}/{f}"))
    groups = [f for f in programs if "." not in f and f != "limits" and (f in a.groups if a.groups else f != "main_job")]
    if unknown := set(a.groups) - set(groups):
        sys.exit(f"compare.py: no benchmark {', '.join(sorted(unknown))}; there are {', '.join(f for f in programs if '.' not in f)}")
    if not any("." in f for f in programs):
        print("No peer is installed (Debian: libtorch-dev libopenblas-pthread-dev libdnnl-dev libeigen3-dev), so these are ours alone.\n")
    if "main_job" in groups:
        os.environ["BENCH_FASHION_MNIST"] = unpacked_data(a.folder)

    threads = [int(t) for t in a.threads.split(",")]
    limit = {t: limits(a.folder, t) for t in threads}
    table, rows, about = Table(), [], {}
    cells = ["case", "bound"]
    for t in threads:
        cells += [f"ours, {t} thread{'s' * (t > 1)}", "peer", "ratio", "of the limit"]
    table.head(cells + (["1 / 2 threads"] if {1, 2} <= set(threads) else []))
    for group in groups:
        repetitions = a.repetitions or (1 if group == "main_job" else 7)
        for case, of_threads, large in measure(a.folder, group, threads, repetitions, a.filter, limit, about):
            print_case(table, group, case, of_threads, threads, large)
            rows += [r for t in threads for r in of_threads[t]]
    print_memory(table, rows)
    print("".join(f"\n{p}: {text}" for p, text in about.items()))
    print(f"\n{table.met} bounds met, {len(table.missed)} missed" + "".join(f"\n- {m}" for m in table.missed))
    if a.json:
        with open(a.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
