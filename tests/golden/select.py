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

OPS = {
    "products": "matmul bmm mm mv dot addmm baddbmm outer nn_functional_linear nn_functional_scaled_dot_product_attention",
    "convolution and pooling": "nn_functional_conv2d nn_functional_max_pool2d nn_functional_avg_pool2d nn_functional_adaptive_avg_pool2d",
    "reductions": "sum mean prod max_reduction_no_dim max_reduction_with_dim min_reduction_no_dim min_reduction_with_dim amax amin aminmax "
                  "argmax argmin var var_unbiased var_mean std std_unbiased std_mean any all logsumexp norm norm_fro norm_inf cumsum cumprod",
    "softmax and losses": "softmax log_softmax nn_functional_cross_entropy nn_functional_nll_loss nn_functional_mse_loss nn_functional_l1_loss "
                          "nn_functional_binary_cross_entropy_with_logits nn_functional_binary_cross_entropy nn_functional_smooth_l1_loss "
                          "nn_functional_huber_loss nn_functional_kl_div",
    "normalisation and embedding": "nn_functional_layer_norm nn_functional_batch_norm nn_functional_embedding",
    "pointwise": "exp exp2 expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf erfc sqrt rsqrt "
                 "square reciprocal floor ceil round round_decimals_3 trunc frac abs neg sign isnan isinf isfinite signbit nan_to_num "
                 "logical_not nn_functional_relu nn_functional_relu6 nn_functional_gelu nn_functional_silu nn_functional_softplus "
                 "nn_functional_elu nn_functional_leaky_relu nn_functional_hardtanh nn_functional_hardswish nn_functional_hardsigmoid "
                 "nn_functional_mish nn_functional_celu nn_functional_selu nn_functional_softsign nn_functional_logsigmoid "
                 "nn_functional_softshrink nn_functional_hardshrink nn_functional_tanhshrink nn_functional_threshold nn_functional_prelu "
                 "nn_functional_glu",
    "pointwise of several": "add sub rsub mul div_no_rounding_mode div_floor_rounding div_trunc_rounding floor_divide maximum minimum "
                            "max_binary min_binary fmax fmin fmod remainder atan2 hypot copysign pow lerp addcmul addcdiv logaddexp xlogy "
                            "eq ne lt le gt ge logical_and logical_or logical_xor where clamp clamp_min clamp_max "
                            "__radd__ __rsub__ __rmul__ __rdiv__ __rpow__",
    "shape": "transpose t permute movedim reshape view flatten unflatten expand broadcast_to expand_as squeeze squeeze_multiple unsqueeze "
             "narrow select slice diagonal unfold cat stack hstack vstack split split_list_args split_with_sizes chunk tensor_split unbind "
             "tril triu flip roll repeat tile repeat_interleave",
    "index": "__getitem__ gather index_select masked_fill masked_select index_put index_add index_fill scatter scatter_add take_along_dim "
             "nonzero sort topk",
    "create": "linspace arange eye",
}
MODULES = ("Linear Conv2d BatchNorm1d BatchNorm2d LayerNorm Embedding MultiheadAttention MaxPool2d AvgPool2d AdaptiveAvgPool2d CELU ELU GELU "
           "GLU Hardshrink Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish PReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softplus "
           "Softshrink Softsign Tanh Tanhshrink Threshold CrossEntropyLoss NLLLoss MSELoss L1Loss BCELoss BCEWithLogitsLoss SmoothL1Loss "
           "HuberLoss KLDivLoss")
OPTIMIZERS = "SGD Adam AdamW RMSprop"
DTYPES = {"F64": "float64", "F32": "float32", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool"}


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
    for name in " ".join(OPS.values()).split():
        n[0] += ops.add(name.replace("nn_functional_", ""), "op", f"{source}/{name}.float64.safetensors")
    for name in MODULES.split():
        n[1] += modules.add(name, "module", f"{source}/nn_nn_{name}.safetensors")
    for name in OPTIMIZERS.split():
        n[2] += modules.add("optim." + name, "optimizer", f"{source}/optim_{name}.safetensors")
    a, b = ops.save(f"{out}/ops.golden"), modules.save(f"{out}/modules.golden")
    print(f"{len(ops.directory)} operators, {n[0]} samples, {a} bytes; {len(modules.directory)} modules and optimizers, {n[1]} and {n[2]} samples, {b} bytes")


main()
