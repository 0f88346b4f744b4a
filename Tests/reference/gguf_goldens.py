"""Writes Tests/LanguageModelTests/GGUFGoldens: a GGUF file with a tensor of every type that is
widened, and the float32 numbers that gguf 0.19 (`gguf.quants.dequantize`) makes of it.

    pip install gguf==0.19.0 && python Tests/reference/gguf_goldens.py
    python Tests/reference/gguf_goldens.py --checksums FILE.gguf

The second prints for each tensor of any GGUF file its name and the SHA-256 of its widened numbers,
little-endian, and so does GGUFComparisonTests for the same file.
"""

import argparse
import hashlib
import pathlib

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize

GOLDENS = pathlib.Path(__file__).parents[2] / "Tests/LanguageModelTests/GGUFGoldens"
# Where the half-precision factors of a block are; their bytes must be finite numbers.
HALVES = {
    Type.F16: [0], Type.BF16: [0], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2],
    Type.Q8_0: [0], Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2],
    Type.Q6_K: [208], Type.IQ4_NL: [0], Type.F32: [],
}  # fmt: skip


def blocks(kind, rows, columns, source):
    """Random bytes of a type, [rows, bytes of a row]."""
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    if kind == Type.F32:
        return source.standard_normal((rows, columns)).astype(np.float32).view(np.uint8)
    data = source.integers(0, 256, (rows * columns // elements, size), dtype=np.uint8)
    for place in HALVES[kind]:
        factor = source.standard_normal(len(data)) * 10.0 ** source.integers(-7, 2, len(data))
        factor = factor.astype(np.float32)
        half = (factor.view(np.uint32) >> 16).astype(np.uint16) if kind == Type.BF16 else factor.astype(np.float16)
        data[:, place : place + 2] = half.view(np.uint8).reshape(-1, 2)
    return data.reshape(rows, -1)


def record():
    GOLDENS.mkdir(parents=True, exist_ok=True)
    source = np.random.default_rng(20)
    writer = gguf.GGUFWriter(str(GOLDENS / "types.gguf"), "llama")
    writer.add_uint32("number", 7)
    writer.add_float32("third", 1 / 3)
    writer.add_bool("yes", True)
    writer.add_string("text", "▁é\n")
    writer.add_array("list", ["a", "", "ßß"])
    writer.add_array("numbers", [1, -2, 3])
    expected = []
    for kind in HALVES:
        data = blocks(kind, 2, 512, source)
        values = data.view(np.float32) if kind == Type.F32 else dequantize(data, kind)
        assert values.shape == (2, 512) and np.isfinite(values).all(), kind
        expected.append(values.astype("<f4").tobytes())
        writer.add_tensor(f"blk.{kind.name}.weight", data, raw_shape=data.shape, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (GOLDENS / "types.f32").write_bytes(b"".join(expected))


def checksums(path):
    for tensor in gguf.GGUFReader(path).tensors:
        values = np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type), dtype="<f4")
        print(tensor.name, hashlib.sha256(values.tobytes()).hexdigest())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--checksums")
    options = parser.parse_args()
    checksums(options.checksums) if options.checksums else record()
