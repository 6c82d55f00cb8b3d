#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Packs PyTorch's own numbers that the tests replay into two files, data/ops.golden and data/modules.golden.

  select.py FOLDER [OUT]     FOLDER: unpacked opinfo_float64 and modules_optim (one safetensors file a variant, made with torch 2.6
                             from its operator, module and optimizer databases); OUT: default the folder data/ beside this script

The file (all integers little endian), read by tests/support/golden.hpp:
  8 bytes    "TLGOLD01"
  u64        length of the directory
  directory  JSON {"torch": version, "variants": {name: [offset, length]}}: where in the body the variant's JSON stands
  body       per-variant JSON and raw tensors, each on a multiple of 8; all offsets count from the body's start
Variant JSON: {"kind": "op"|"module"|"optimizer", "samples": [{..., "tensors": {name: [dtype, shape, offset]}}]}. Equal tensors are
stored once. Samples of a variant are dropped, the largest first, until its tensors take no more than LIMIT bytes.
"""
import json, os, struct, sys

LIMIT = 48_000

# Variants whose numbers are undefined (empty*) or no dense tensors.
WITHOUT = "empty empty_like empty_permuted empty_strided new_empty new_empty_strided to_sparse".split()
MODULES = ("Linear Conv2d BatchNorm1d BatchNorm2d LayerNorm Embedding MultiheadAttention MaxPool2d AvgPool2d AdaptiveAvgPool2d CELU ELU GELU "
           "GLU Hardshrink Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish PReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softplus "
           "Softshrink Softsign Tanh Tanhshrink Threshold CrossEntropyLoss NLLLoss MSELoss L1Loss BCELoss BCEWithLogitsLoss SmoothL1Loss "
           "HuberLoss KLDivLoss Conv1d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d MaxPool1d MaxPool3d AvgPool1d AvgPool3d "
           "AdaptiveAvgPool1d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d LPPool1d LPPool2d LPPool3d "
           "FractionalMaxPool2d FractionalMaxPool3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d "
           "ReplicationPad3d ConstantPad1d ConstantPad2d ConstantPad3d ZeroPad1d ZeroPad2d ZeroPad3d CircularPad1d CircularPad2d "
           "CircularPad3d "
           "BatchNorm3d GroupNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d RMSNorm LocalResponseNorm Bilinear Softmax2d Softmin RNN LSTM GRU "
           "RNNCell LSTMCell GRUCell TransformerEncoderLayer CTCLoss CosineEmbeddingLoss GaussianNLLLoss HingeEmbeddingLoss MarginRankingLoss "
           "MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss PoissonNLLLoss SoftMarginLoss TransformerDecoderLayer Transformer")
OPTIMIZERS = "SGD Adam AdamW RMSprop"
DTYPES = {"F64": "float64", "F32": "float32", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool",
          "F16": "float16", "BF16": "bfloat16", "C64": "complex64", "C128": "complex128"}


def read(path):
    raw = open(path, "rb").read()
    n = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + n])
    meta = header.pop("__metadata__")
    tensors = [{} for _ in json.loads(meta["samples"])]
    for name, d in header.items():
        if d["dtype"] not in DTYPES:
            raise SystemExit(f"{path}: {name} has dtype {d['dtype']}, which the reader does not know")
        i, key = name.split(".", 1)
        # The gradient of sgn was a tensor of zeros without memory, and what was recorded is not it.
        if os.path.basename(path).startswith("sgn.") and key.startswith("grad"):
            begin, end = (8 + n + o for o in d["data_offsets"])
            raw = raw[:begin] + bytes(end - begin) + raw[end:]
        tensors[int(i)][key] = (DTYPES[d["dtype"]], d["shape"], raw[8 + n + d["data_offsets"][0]:8 + n + d["data_offsets"][1]])
    return meta, json.loads(meta["samples"]), tensors


def keywords(call):  # {"d": {...}} stands for a dictionary: the last item always is one
    return [*call[:-1], call[-1]["d"]]


class Writer:
    def __init__(self):
        self.body, self.seen, self.directory, self.torch = bytearray(), {}, {}, ""

    def put(self, data):
        if data not in self.seen:
            self.body += bytes(-len(self.body) % 8)
            self.seen[data] = len(self.body)
            self.body += data
        return self.seen[data]

    def add(self, name, kind, path):
        meta, samples, tensors = read(path)
        self.torch = meta["torch"]
        keep = list(range(len(samples)))
        size = lambda i: sum(len(d) for d in {t[2] for t in tensors[i].values()})
        while len(keep) > 1 and sum(map(size, keep)) > LIMIT:
            keep.remove(max(keep, key=size))
        out = []
        for i in keep:
            s = dict(samples[i])
            for key in ("call", "ctor"):
                if key in s:
                    s[key] = keywords(s[key])
            s["tensors"] = {k: [t[0], t[1], self.put(t[2])] for k, t in sorted(tensors[i].items())}
            out.append(s)
        text = json.dumps({"kind": kind, "samples": out}, separators=(",", ":")).encode()
        self.body += bytes(-len(self.body) % 8)
        self.directory[name] = [len(self.body), len(text)]
        self.body += text
        return len(out)

    def save(self, path):
        head = json.dumps({"torch": self.torch, "variants": self.directory}, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 8)
        with open(path, "wb") as f:
            f.write(b"TLGOLD01" + struct.pack("<Q", len(head)) + head + self.body)
        return os.path.getsize(path)


def main():
    source = sys.argv[1]
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    os.makedirs(out, exist_ok=True)
    ops, modules = Writer(), Writer()
    n = [0, 0, 0]
    tail = ".float64.safetensors"
    variants = sorted(f[:-len(tail)] for f in os.listdir(source) if f.endswith(tail))
    for name in variants:
        if name in WITHOUT:
            continue
        short = name.replace("nn_functional_", "")
        n[0] += ops.add(name if short != name and short in variants else short, "op", f"{source}/{name}{tail}")
    for name in MODULES.split():
        n[1] += modules.add(name, "module", f"{source}/nn_nn_{name}.safetensors")
    for name in OPTIMIZERS.split():
        n[2] += modules.add("optim." + name, "optimizer", f"{source}/optim_{name}.safetensors")
    a, b = ops.save(f"{out}/ops.golden"), modules.save(f"{out}/modules.golden")
    print(f"{len(ops.directory)} operators, {n[0]} samples, {a} bytes; {len(modules.directory)} modules and optimizers, {n[1]} and {n[2]} samples, {b} bytes")


if __name__ == "__main__":
    main()
