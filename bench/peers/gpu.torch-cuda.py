#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The cases of bench/cuda/gpu.bench.cu in PyTorch, with the same orders on its input: --list, or --serve and then `run NAME`.
With --compile before them the functions go through torch.compile."""
import sys

import torch

compiled = "--compile" in sys.argv
mode = next((a for a in sys.argv[1:] if a != "--compile"), "")
maybe_compile = torch.compile if compiled else (lambda f: f)


def numbers(*sizes, dtype=torch.float32):
    return torch.randn(*sizes, device="cuda").to(dtype)


def copy(n):
    a = numbers(n)
    b = torch.empty_like(a)
    return lambda: b.copy_(a)


def gates(n, train):
    a, b, c, d, g = (numbers(n) for _ in range(5))
    formula = maybe_compile(lambda a, b, c, d: torch.tanh(a * b + c) * torch.sigmoid(d))
    if not train:
        def forward():
            with torch.no_grad():
                formula(a, b, c, d)
        return forward
    leaves = [t.requires_grad_() for t in (a, b, c, d)]

    def both():
        for t in leaves:
            t.grad = None
        formula(*leaves).backward(g)
    return both


def total(n):
    a = numbers(n)
    return lambda: torch.sum(a)


def matmul(n, dtype):
    a, b = numbers(n, n, dtype=dtype), numbers(n, n, dtype=dtype)
    return lambda: torch.matmul(a, b)


def step(graph):
    w1, b1, w2, b2 = numbers(784, 256) * 0.03, numbers(256) * 0, numbers(256, 10) * 0.06, numbers(10) * 0
    x, y = numbers(64, 784), numbers(64, 10)
    leaves = [t.requires_grad_() for t in (w1, b1, w2, b2)]
    loss = maybe_compile(lambda: ((torch.relu(x @ w1 + b1) @ w2 + b2 - y) ** 2).mean())

    def once():
        for t in leaves:
            t.grad = None
        loss().backward()
        with torch.no_grad():
            for t in leaves:
                t.sub_(t.grad * 0.01)
    if not graph:
        return once
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            once()
    torch.cuda.current_stream().wait_stream(side)
    recorded = torch.cuda.CUDAGraph()
    with torch.cuda.graph(recorded):
        once()
    return recorded.replay


cases = {}
for n in (1000, 100000, 10000000, 100000000):
    cases[f"copy/{n}"] = lambda n=n: copy(n)
    cases[f"gates_forward/{n}"] = lambda n=n: gates(n, False)
    cases[f"gates_train/{n}"] = lambda n=n: gates(n, True)
    cases[f"sum/{n}"] = lambda n=n: total(n)
for n in (256, 1024, 4096):
    cases[f"matmul_float/{n}"] = lambda n=n: matmul(n, torch.float32)
    cases[f"matmul_bfloat16/{n}"] = lambda n=n: matmul(n, torch.bfloat16)
cases["mlp_step/eager"] = lambda: step(False)
cases["mlp_step/graph"] = lambda: step(True)


def nanoseconds(iteration):
    for _ in range(3):
        iteration()
    n = 10
    while True:
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        torch.cuda.synchronize()
        begin.record()
        for _ in range(n):
            iteration()
        end.record()
        end.synchronize()
        ms = begin.elapsed_time(end)
        if ms >= 30 or n > 1000000:
            return ms * 1e6 / n
        n *= 4


if __name__ == "__main__":
    if mode == "--list":
        print("\n".join(cases))
    elif not torch.cuda.is_available():
        print("skipped: no CUDA device")
        sys.exit(77)
    else:
        for line in sys.stdin:
            order = line.strip()
            if order == "quit":
                break
            if order.startswith("run "):
                print(f"{nanoseconds(cases[order[4:]]()):.1f} 0 0", flush=True)
