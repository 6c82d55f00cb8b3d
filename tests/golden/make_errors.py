#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Packs the wrong calls of PyTorch's operator database (error_inputs of its OpInfos) into data/errors.golden.

  make_errors.py [OUT]     needs torch (2.6 made the stored file) and ops.golden beside OUT; OUT: default the folder data/

The format is that of select.py; each sample also has "error": PyTorch's exception class, and "message". Floating-point tensors become
float64, as in ops.golden. Left out, because dtype and device are types in C++ and such calls do not compile: calls that are right once their
tensors are float64, calls with a tensor on another device, of another kind of dtype than in the right calls, or of no strided layout, wrong
Python types, dtype= and out=, which are arguments
of no function of ours.
"""
import importlib.util, json, os, struct, sys, warnings

here = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p) != here]  # select.py hides the module of that name
import torch  # noqa: E402

warnings.filterwarnings("ignore")
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

spec = importlib.util.spec_from_file_location("golden_select", f"{here}/select.py")
select = importlib.util.module_from_spec(spec)
spec.loader.exec_module(select)


class Unfit(Exception):
    pass


class Encoder:
    def __init__(self):
        self.tensors = []

    def __call__(self, x):
        if isinstance(x, torch.Tensor):
            if x.layout != torch.strided or x.device.type != "cpu":
                raise Unfit("device or layout")
            self.tensors.append(x.detach())
            d = {"t": f"in{len(self.tensors) - 1}", "rg": False}
            if not x.is_contiguous():
                d["stride"] = list(x.stride())
            return d
        if isinstance(x, (bool, int, str, type(None))):
            return x
        if isinstance(x, float):
            return x if x == x and abs(x) != float("inf") else {"f": repr(x)}
        if isinstance(x, torch.dtype):
            return {"dtype": str(x).split(".")[1]}
        if isinstance(x, (list, tuple, torch.Size)):
            return [self(v) for v in x]
        if isinstance(x, dict):
            return {k: self(v) for k, v in x.items()}
        if isinstance(x, slice):
            return {"slice": [self(x.start), self(x.stop), self(x.step)]}
        raise Unfit("argument of class " + type(x).__name__)


def doubled(x):
    if isinstance(x, torch.Tensor):
        return x.detach().to(torch.float64) if x.dtype.is_floating_point and x.device.type == "cpu" else x
    if isinstance(x, (list, tuple)):
        return type(x)(doubled(v) for v in x) if not isinstance(x, torch.Size) else x
    if isinstance(x, dict):
        return {k: doubled(v) for k, v in x.items()}
    return x


def kind(dtype):
    return "f" if "float" in dtype else "c" if "complex" in dtype else "b" if dtype == "bool" else "i"


def kinds_of(archive):
    """Which kinds of dtypes the inputs of each variant's right calls have."""
    raw = open(archive, "rb").read()
    n = struct.unpack("<Q", raw[8:16])[0]
    head, body, out = json.loads(raw[16:16 + n]), raw[16 + n:], {}
    for name, (at, length) in head["variants"].items():
        out[name] = {}
        for s in json.loads(body[at:at + length])["samples"]:
            for k, t in s["tensors"].items():
                if k.startswith("in"):
                    out[name].setdefault(k, set()).add(kind(t[0]))
    return out


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else f"{here}/data"
    kinds, writer, left, kept = kinds_of(f"{out}/ops.golden"), select.Writer(), {}, 0
    writer.torch = torch.__version__
    for op in op_db:
        if op.error_inputs_func is None:
            continue
        full = (op.name + ("." + op.variant_test_name if op.variant_test_name else "")).replace(".", "_")
        short = full.replace("nn_functional_", "")
        name = full if full in kinds else short
        samples = []
        for e in op.error_inputs("cpu"):
            call = e.sample_input
            try:
                if name not in kinds:
                    raise Unfit("variant without numbers")
                if e.error_type is TypeError:
                    raise Unfit("wrong Python type")
                if "out" in call.kwargs:
                    raise Unfit("out=")
                if any(isinstance(v, torch.dtype) for v in (*call.args, *call.kwargs.values())):
                    raise Unfit("dtype=")
                args = doubled(call.input), doubled(list(call.args)), doubled(call.kwargs)
                try:
                    op(args[0], *args[1], **args[2])
                    raise Unfit("right in float64")
                except Unfit:
                    raise
                except Exception as error:
                    what = type(error).__name__, str(error).split("\n")[0][:200]
                if what[0] == "TypeError":
                    raise Unfit("wrong Python type")
                encode = Encoder()
                encoded = [encode(args[0]), encode(args[1]), encode(args[2])]
                tensors = {}
                for i, t in enumerate(encode.tensors):
                    dtype = str(t.dtype).split(".")[1]
                    if kind(dtype) not in kinds[name].get(f"in{i}", {kind(dtype)}):
                        raise Unfit("dtype of another kind")
                    if t.numel() > 4096 or t.dim() > 8:
                        raise Unfit("large")
                    tensors[f"in{i}"] = [dtype, list(t.shape), writer.put(t.contiguous().numpy().tobytes())]
                samples.append({"call": encoded, "error": what[0], "message": what[1], "tensors": tensors})
            except Unfit as reason:
                left[str(reason)] = left.get(str(reason), 0) + 1
        if samples:
            text = json.dumps({"kind": "op", "samples": samples}, separators=(",", ":")).encode()
            writer.body += bytes(-len(writer.body) % 8)
            writer.directory[name] = [len(writer.body), len(text)]
            writer.body += text
            kept += len(samples)
    size = writer.save(f"{out}/errors.golden")
    print(f"{len(writer.directory)} variants, {kept} wrong calls, {size} bytes; left out: {left}")


main()
