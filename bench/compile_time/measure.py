#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compile time, compiler's memory and program size of our examples and of libtorch's equivalents.

  measure.py [--json FILE] [--repetitions 3] [--filter REGEX] [--libtorch FOLDER] [--compiler g++]

Compiles for real, -O2, one file at a time, and reports medians of the compiler's own time (user + system), which other processes
disturb less than wall time. Ours link fmt, as the presets do. Libtorch is Debian's and the one in FOLDER, the folder torch of a PyTorch
wheel; without FOLDER, python3's torch, if there is one. Missed bounds are **bold**.
"""
import argparse, json, os, re, shutil, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OURS = ["-std=c++20", "-O2", "-fno-math-errno", "-fno-trapping-math", "-fopenmp", "-DTORCHLITE_FMT_COMPILED=1", "-DTORCHLITE_WITH_ZLIB=1",
        f"-I{ROOT}/include"]
PROGRAMS = [("empty main, torchlite.hpp", f"{HERE}/empty.cpp"), ("MLP 2-8-8-1", f"{HERE}/mlp.cpp")] + [
    (f"examples/{e}", f"{ROOT}/examples/{e}") for e in ("quickstart.cpp", "fashion_mnist.cpp", "gpt.cpp", "custom_op.cpp", "autograd.cpp")]
BOUNDS = {"empty main, torchlite.hpp": 3.0, "examples/fashion_mnist.cpp": 25.0}  # seconds of the compiler's user time


def run(command):
    """Seconds of user and of system time, megabytes at most: of the command and what it starts."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"measure.py: {' '.join(command)}\n{error.decode()}")
    return usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024


def libraries(program):
    """How many shared libraries a program loads, and their megabytes."""
    out = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    files = {os.path.realpath(p) for p in re.findall(r"=> (/\S+)", out)}
    return len(files), sum(os.path.getsize(f) for f in files) / 1e6


def libtorches(wheel):
    """(version, flags to compile, flags to link) of each libtorch that is here."""
    include, found = "/usr/include/torch/csrc/api/include", []
    if os.path.exists(f"{include}/torch/torch.h"):
        found.append((version(f"{include}/torch/version.h"), ["-std=c++17", "-O2", f"-I{include}"], ["-ltorch", "-ltorch_cpu", "-lc10"]))
    if not wheel:
        code = "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
        wheel = subprocess.run([shutil.which("python3") or sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
    if wheel and os.path.exists(f"{wheel}/include/torch/csrc/api/include/torch/torch.h"):
        include = f"{wheel}/include/torch/csrc/api/include"
        found.append((version(f"{wheel}/version.py"), ["-std=c++20", "-O2", f"-isystem{wheel}/include", f"-isystem{include}"],
                      [f"-L{wheel}/lib", f"-Wl,-rpath,{wheel}/lib", "-ltorch_cpu", "-lc10"]))
    return found


def version(header_or_module):
    """Of Debian's version.h or the wheel's version.py."""
    text = open(header_or_module).read() if os.path.exists(header_or_module) else ""
    parts = [re.search(rf"define TORCH_VERSION_{p} (\d+)", text) for p in ("MAJOR", "MINOR", "PATCH")]
    module = re.search(r"__version__ = '([\d.]+)", text)
    return ".".join(p.group(1) for p in parts) if all(parts) else module.group(1) if module else ""


def measure(compiler, name, source, compile_flags, link_flags, repetitions, folder):
    object_file, program = f"{folder}/a.o", f"{folder}/a.out"
    times = [run([compiler, *compile_flags, "-c", source, "-o", object_file]) for _ in range(repetitions)]
    run([compiler, *[f for f in compile_flags if f == "-fopenmp"], object_file, "-o", program, *link_flags])
    count, megabytes = libraries(program)
    run(["strip", program])
    return {"program": name, "user_s": statistics.median(t[0] for t in times), "system_s": statistics.median(t[1] for t in times),
            "compiler_mb": max(t[2] for t in times), "program_mb": os.path.getsize(program) / 1e6, "libraries": count,
            "libraries_mb": megabytes, "bound_s": BOUNDS.get(name)}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--json")
    p.add_argument("--repetitions", type=int, default=3)
    p.add_argument("--filter", default="")
    p.add_argument("--libtorch", default="")
    p.add_argument("--compiler", default="g++")
    a = p.parse_args()
    jobs = [(name, source, OURS, ["-lfmt", "-lz", "-lpthread"]) for name, source in PROGRAMS]
    for v, compile_flags, link_flags in libtorches(a.libtorch):
        jobs += [(f"libtorch {v}, {name}", f"{HERE}/{file}", compile_flags, link_flags)
                 for name, file in (("empty main, torch.h", "empty.torch.cpp"), ("MLP 2-8-8-1", "mlp.torch.cpp"))]
    rows = []
    print("| program | user | system | bound | compiler's memory | stripped program | shared libraries |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            if not re.search(a.filter, job[0]):
                continue
            r = measure(a.compiler, *job, a.repetitions, folder)
            rows.append(r)
            user, bound = f"{r['user_s']:.1f} s", r["bound_s"]
            print(f"| {r['program']} | {user if not bound or r['user_s'] <= bound else f'**{user}**'} | {r['system_s']:.1f} s | "
                  f"{f'{bound:.0f} s' if bound else ''} | {r['compiler_mb']:.0f} MB | {r['program_mb']:.2f} MB | "
                  f"{r['libraries']}, {r['libraries_mb']:.0f} MB |", flush=True)
    if a.json:
        with open(a.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
