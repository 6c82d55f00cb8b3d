#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The cases of bench_gpu in PyTorch.

  gpu.torch-cuda.py [--mode eager|compile|graph|channels_last] [--device cuda|cpu] [--list | --serve] [CASE ...]

--list and --serve are the orders of bench/cuda/serve.cuh; without them the cases run and their times are printed. Modes other than
eager have only the cases that they can make faster: torch.compile, steps replayed as CUDA graphs, images with their channels last.
On the device cpu everything is tiny: a check that this program works, where there is no GPU.
"""
import argparse
import sys
import time

import torch
from torch.nn import functional as F

import nets_torch

parser = argparse.ArgumentParser()
parser.add_argument("--mode", choices=["eager", "compile", "graph", "channels_last"], default="eager")
parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
parser.add_argument("--list", action="store_true")
parser.add_argument("--serve", action="store_true")
parser.add_argument("cases", nargs="*")
args = parser.parse_args()
device, on_gpu, graph = args.device, args.device == "cuda", args.mode == "graph"
maybe_compile = torch.compile if args.mode == "compile" else (lambda f: f)
torch.backends.cudnn.benchmark = True  # the peer at its best


def sized(real, tiny):
    return real if on_gpu else tiny


def numbers(*sizes, dtype=torch.float32):
    return torch.randn(*sizes, device=device).to(dtype)


def classes(count, *sizes):
    return torch.randint(count, sizes, device=device)


def precision(name):
    torch.set_float32_matmul_precision(name)
    torch.backends.cudnn.allow_tf32 = name != "highest"


def training(f, *leaves):
    """f(*leaves) and its gradients."""
    g = None

    def both():
        nonlocal g
        for t in leaves:
            t.grad = None
        y = f(*leaves)
        if g is None:
            g = torch.ones_like(y)
        y.backward(g)
    return both


def forward(f, *inputs):
    def run():
        with torch.no_grad():
            f(*inputs)
    return run


def copy(n):
    a = numbers(n)
    b = torch.empty_like(a)
    return lambda: b.copy_(a)


def gates(n, train):
    n = sized(n, 1000)
    leaves = [numbers(n) for _ in range(4)]
    formula = maybe_compile(lambda a, b, c, d: torch.tanh(a * b + c) * torch.sigmoid(d))
    return training(formula, *(t.requires_grad_() for t in leaves)) if train else forward(formula, *leaves)


def total(n):
    a = numbers(sized(n, 1000))
    return lambda: torch.sum(a)


def rows(name, n, train):
    count = sized(1 << 24, 1 << 16) // n
    leaves = [numbers(count, n)]
    if name == "softmax":
        f = lambda x: torch.softmax(x, -1)
    elif name == "layer_norm":
        leaves += [torch.ones(n, device=device), torch.zeros(n, device=device)]
        f = lambda x, w, b: F.layer_norm(x, (n,), w, b)
    else:
        y = classes(n, count)
        f = lambda x: F.cross_entropy(x, y)
    return training(maybe_compile(f), *(t.requires_grad_() for t in leaves)) if train else forward(maybe_compile(f), *leaves)


def matmul(n, dtype, name):
    precision(name)
    n = sized(n, 64)
    a, b = numbers(n, n, dtype=dtype), numbers(n, n, dtype=dtype)
    return lambda: torch.matmul(a, b)


def step(net, optimizer, x, y):
    """Forward, backward, optimizer; in mode graph the replay of a recording."""
    precision("high")
    if args.mode == "channels_last":
        net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    fast = {"fused": True} if on_gpu else {}
    if graph and on_gpu and optimizer is torch.optim.AdamW:
        fast["capturable"] = True
    update = optimizer(net.parameters(), **fast)
    loss_of = maybe_compile(lambda x, y: F.cross_entropy(net(x).flatten(0, -2), y))

    def once():
        update.zero_grad(set_to_none=True)
        loss_of(x, y).backward()
        update.step()
    if not graph or not on_gpu:
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


def sgd(**options):
    def make(parameters, **fast):
        return torch.optim.SGD(parameters, momentum=0.9, **options, **fast)
    return make


def mlp_step():
    return step(nets_torch.mlp().to(device), sgd(lr=0.01), numbers(64, 784), classes(10, 64))


def cnn_step():
    n = sized(64, 2)
    return step(nets_torch.cnn().to(device), torch.optim.AdamW, numbers(n, 1, 28, 28), classes(10, n))


def resnet18_step():
    n = sized(128, 2)
    return step(nets_torch.ResNet18().to(device), sgd(lr=0.1, weight_decay=5e-4), numbers(n, 3, 32, 32), classes(10, n))


def gpt_step():
    batch, context, vocab, dim, heads, layers = sized((8, 1024, 50304, 768, 12, 12), (1, 16, 96, 32, 2, 2))
    net = nets_torch.Gpt(vocab, context, dim, heads, layers).to(device, torch.bfloat16)
    return step(net, torch.optim.AdamW, classes(vocab, batch, context), classes(vocab, batch * context))


cases = {}
if args.mode in ("eager", "compile"):
    for n in (1000, 100000, 10000000, 100000000):
        cases[f"gates_forward/{n}"] = lambda n=n: gates(n, False)
        cases[f"gates_train/{n}"] = lambda n=n: gates(n, True)
    for n in (128, 1024, 4096, 32768):
        for name in ("softmax", "layer_norm", "cross_entropy"):
            cases[f"{name}_forward/{n}"] = lambda name=name, n=n: rows(name, n, False)
            cases[f"{name}_train/{n}"] = lambda name=name, n=n: rows(name, n, True)
if args.mode == "eager":
    for n in (1000, 100000, 10000000, 100000000):
        cases[f"copy/{n}"] = lambda n=n: copy(sized(n, 1000))
        cases[f"sum/{n}"] = lambda n=n: total(n)
    for n in (256, 1024, 4096, 8192):
        cases[f"matmul_float/{n}"] = lambda n=n: matmul(n, torch.float32, "highest")
        cases[f"matmul_tf32/{n}"] = lambda n=n: matmul(n, torch.float32, "high")
        cases[f"matmul_bfloat16/{n}"] = lambda n=n: matmul(n, torch.bfloat16, "highest")
for make in (mlp_step, cnn_step, resnet18_step, gpt_step):
    for kind in ("eager", "graph"):  # how ours runs
        if args.mode == "channels_last" and make not in (cnn_step, resnet18_step):
            continue
        cases[f"{make.__name__}/{kind}"] = make


def nanoseconds(iteration):
    """At least 30 ms of iterations between two events of the stream."""
    if not on_gpu:
        iteration()
        begin = time.perf_counter_ns()
        iteration()
        return time.perf_counter_ns() - begin
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


def run(case):
    ns = nanoseconds(cases[case]())
    if on_gpu:
        torch.cuda.empty_cache()  # the other programs need it, too
    return ns


if args.list:
    print("\n".join(cases))
elif on_gpu and not torch.cuda.is_available():
    print("skipped: no CUDA device")
    sys.exit(77)
elif args.serve:
    for line in sys.stdin:
        order = line.strip()
        if order == "quit":
            break
        if order.startswith("run "):
            print(f"{run(order[4:]):.1f} 0 0", flush=True)
else:
    for case in args.cases or cases:
        print(f"{case:28} {run(case):12.0f} ns", flush=True)
