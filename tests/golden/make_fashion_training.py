#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Trains with PyTorch and writes down the losses, so that the tests can take the same steps and compare.

  make_fashion_training.py [OUT]     OUT: default the folder data/ beside this script; needs torch and numpy, and for the first
                                     two jobs the Fashion-MNIST files (gzip) in the folder $FASHION_MNIST or where Debian puts them

fashion_training.safetensors   initial weights, float32, under state_dict names, of the narrow network (width 8, hidden 32)
fashion_training.json          "narrow": 50 losses from those weights; "demo": 50 losses of the demo's own network (width 32,
                               hidden 128) from hashed weights. Batch i is training images 64 i ... 64 i + 63 in file order,
                               pixel / 255, no dropout, cross-entropy, AdamW with lr 1e-3. "*_float64": the same in double,
                               to show how far rounding alone moves the losses.
synthetic_training.json        a small network on hashed images, in float64 and float32, 5 steps for each set of optimizer options;
                               final sums of every parameter; learning rates (and what cycles with them) of the schedulers.

Hashed numbers: uniform(seed, i) in [0, 1), a multiple of 2^-24, so exact in float32 and the same in every language. A weight is
(2 u - 1) / sqrt(fan_in), with u = uniform(1000 + k, i), i the flat index and k the parameter's position among named_parameters().
A bias takes its layer's fan_in too. Synthetic image element i of batch b is uniform(100 + b, i), label j is floor(10 uniform(200 + b, j)).
"""
import gzip, json, os, struct, sys
import numpy as np
import torch
from torch import nn

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform(seed, n):
    """splitmix64 of seed * 2^32 + i, its top 24 bits / 2^24."""
    with np.errstate(over="ignore"):
        z = (np.arange(n, dtype=np.uint64) + np.uint64(seed << 32) + np.uint64(1)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> np.uint64(31))) >> np.uint64(40)).astype(np.float64) / 2.0**24


class Net(nn.Module):
    def __init__(self, width, hidden, side):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3)
        self.conv2 = nn.Conv2d(width, 2 * width, 3)
        self.fc1 = nn.Linear(2 * width * ((side - 4) // 2) ** 2, hidden)
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return self.fc2(torch.relu(self.fc1(nn.functional.max_pool2d(x, 2).flatten(1))))


def hash_weights(net, dtype):
    real = np.float64 if dtype == torch.float64 else np.float32
    net.to(dtype)
    with torch.no_grad():
        for k, (name, p) in enumerate(net.named_parameters()):
            fan_in = getattr(net, name.split(".")[0]).weight[0].numel()
            u = uniform(1000 + k, p.numel()).astype(real)
            p.copy_(torch.from_numpy((real(2) * u - real(1)) * (real(1) / np.sqrt(real(fan_in)))).reshape(p.shape))
    return net


def train(net, batches, make, clip=None):
    optimizer, losses = make(net.parameters()), []
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


def fashion(dtype):
    folder = os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist")
    images = gzip.open(f"{folder}/train-images-idx3-ubyte.gz").read(16 + 3200 * 784)[16:]
    labels = gzip.open(f"{folder}/train-labels-idx1-ubyte.gz").read(8 + 3200)[8:]
    x = (np.frombuffer(images, np.uint8).astype(np.float32) / np.float32(255)).reshape(50, 64, 1, 28, 28)
    y = np.frombuffer(labels, np.uint8).astype(np.int64).reshape(50, 64)
    return [(torch.from_numpy(x[i]).to(dtype), torch.from_numpy(y[i])) for i in range(50)]


def save_safetensors(path, tensors):
    header, at, body = {}, 0, b""
    for name, t in tensors.items():
        data = t.detach().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [at, at + len(data)]}
        at, body = at + len(data), body + data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + body)


OPTIMIZERS = [
    ("SGD", dict(lr=0.1)), ("SGD", dict(lr=0.05, momentum=0.9)), ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.5, weight_decay=0.01)), ("SGD", dict(lr=0.1, weight_decay=0.1)),
    ("SGD", dict(lr=0.01, maximize=True)),
    ("Adam", {}), ("Adam", dict(lr=0.01, betas=[0.8, 0.95], eps=1e-6)), ("Adam", dict(lr=0.01, weight_decay=0.1)),
    ("Adam", dict(lr=0.01, amsgrad=True)), ("Adam", dict(lr=0.001, maximize=True)),
    ("AdamW", {}), ("AdamW", dict(lr=0.01, weight_decay=0.3)), ("AdamW", dict(lr=0.01, amsgrad=True)),
    ("RMSprop", dict(lr=0.001)), ("RMSprop", dict(lr=0.001, alpha=0.9, eps=1e-4)), ("RMSprop", dict(lr=0.001, momentum=0.9)),
    ("RMSprop", dict(lr=0.001, centered=True)), ("RMSprop", dict(lr=0.001, centered=True, momentum=0.5, weight_decay=0.1)),
    ("SGD", dict(lr=0.1, clip_grad_norm=0.25)), ("AdamW", dict(lr=0.01, clip_grad_norm=0.25)),
]


def synthetic(dtype):
    batches = [(torch.from_numpy(uniform(100 + b, 16 * 144)).to(dtype).reshape(16, 1, 12, 12),
                torch.from_numpy(np.floor(10 * uniform(200 + b, 16)).astype(np.int64))) for b in range(5)]
    runs = []
    for name, options in OPTIMIZERS:
        o, net = dict(options), hash_weights(Net(4, 16, 12), dtype)
        clip = o.pop("clip_grad_norm", None)
        losses = train(net, batches, lambda p: getattr(torch.optim, name)(p, **o), clip)
        final = {k: [p.double().sum().item(), p.double().abs().sum().item()] for k, p in net.named_parameters()}
        runs.append({"optimizer": name, "options": options, "losses": losses, "final": final})
    return runs


def schedules():
    S, out = torch.optim.lr_scheduler, []
    cases = [
        ("StepLR", dict(step_size=3), "SGD"), ("StepLR", dict(step_size=4, gamma=0.5), "SGD"), ("CosineAnnealingLR", dict(T_max=8), "SGD"),
        ("CosineAnnealingLR", dict(T_max=15, eta_min=0.01), "SGD"), ("OneCycleLR", dict(max_lr=1.0, total_steps=20), "SGD"),
        ("OneCycleLR", dict(max_lr=0.5, total_steps=20, pct_start=0.4, anneal_strategy="linear", div_factor=10, final_div_factor=100), "Adam"),
        ("OneCycleLR", dict(max_lr=0.5, total_steps=20, three_phase=True), "Adam"),
        ("OneCycleLR", dict(max_lr=0.5, total_steps=20, cycle_momentum=False), "SGD"), ("LambdaLR", {}, "SGD"),
    ]
    for name, options, kind in cases:
        p = [nn.Parameter(torch.zeros(1))]
        o = torch.optim.SGD(p, lr=0.1, momentum=0.9) if kind == "SGD" else torch.optim.Adam(p, lr=0.1)
        s = S.LambdaLR(o, lambda e: 0.95**e) if name == "LambdaLR" else getattr(S, name)(o, **options)
        lr, momentum = [], []
        for _ in range(20):
            g = o.param_groups[0]
            lr.append(g["lr"])
            momentum.append(g["momentum"] if kind == "SGD" else g["betas"][0])
            o.step()
            if len(lr) < 20:
                s.step()
        out.append({"schedule": name, "options": options, "optimizer": kind, "base_lr": 0.1, "lr": lr, "momentum": momentum})
    return out


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    os.makedirs(out, exist_ok=True)
    torch.set_num_threads(1)
    adamw = lambda p: torch.optim.AdamW(p, lr=1e-3)
    result = {"torch": torch.__version__, "batch": 64, "steps": 50, "optimizer": "AdamW", "lr": 1e-3}
    torch.manual_seed(1)
    initial = {k: v.clone() for k, v in Net(8, 32, 28).state_dict().items()}
    save_safetensors(f"{out}/fashion_training.safetensors", initial)
    for dtype, suffix in ((torch.float32, ""), (torch.float64, "_float64")):
        net = Net(8, 32, 28).to(dtype)
        net.load_state_dict(initial)
        result["narrow" + suffix] = train(net, fashion(dtype), adamw)
        result["demo" + suffix] = train(hash_weights(Net(32, 128, 28), dtype), fashion(dtype), adamw)
    json.dump(result, open(f"{out}/fashion_training.json", "w"), indent=0)
    json.dump({"torch": torch.__version__, "float64": synthetic(torch.float64), "float32": synthetic(torch.float32), "schedules": schedules()},
              open(f"{out}/synthetic_training.json", "w"), indent=0)
    for k in ("narrow", "demo"):
        a, b = np.array(result[k]), np.array(result[k + "_float64"])
        print(f"{k}: loss {a[0]:.4f} -> {a[-1]:.4f}; float32 against float64, worst relative {np.max(np.abs(a - b) / b):.1e}")


main()
