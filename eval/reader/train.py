# pyright: basic, reportMissingImports=false
"""Pairs → the reader: all-MiniLM-L6-v2 trained further as a cross-encoder, and its ONNX file.

    make reader

In an environment of its own (PyTorch, about 1 GB); the product needs none of it. First on the
pairs of `first.py`, then on those of `items.py`; word embeddings stay as they are. The label is
smoothed, the learning rate rises and falls linearly; computing is in bfloat16 where the processor
has it. From `rag/model/*.onnx` it goes on where that model stood.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

TOKENIZER = Path(__file__).resolve().parents[2] / "rag" / "model" / "tokenizer.json"
WIDTH, HEADS, INNER, LAYERS, OUTPUTS = 384, 12, 1536, 6, 2
BATCH = 32
RATE = 5e-5
RISE = 0.06  # share of the steps in which the learning rate rises
SMOOTHED = 0.05
WORD_PIECES = 200
BRIEF = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # elsewhere bfloat16 is twenty times slower


class Layer(nn.Module):
    """A layer of BERT, with attention written so that it exports plainly."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.i, self.f = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.n1, self.n2 = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.p = nn.Dropout(0.1)

    def forward(self, x: Tensor, far: Tensor) -> Tensor:
        """Attend and transform; shapes (batch, length, 384), and `far` 0 or -1e9 for padding."""
        rows, length, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        q, k, v = (heads(y) for y in self.qkv(x).chunk(3, -1))
        weights = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + far, -1)
        x = self.n1(x + self.p(self.o((weights @ v).transpose(1, 2).reshape(rows, length, WIDTH))))
        return self.n2(x + self.p(self.f(functional.gelu(self.i(x)))))


class Model(nn.Module):
    """Both texts → two log-odds, from the first position and the mean of all."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.pos = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.tt, self.n = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.l = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.pool, self.head = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, OUTPUTS)
        self.p = nn.Dropout(0.1)
        for each in (self.pool, self.head):
            nn.init.normal_(each.weight, std=0.02)
            nn.init.zeros_(each.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Give log-odds, shape (batch, 2)."""
        places = torch.arange(input_ids.shape[1])
        x = self.p(self.n(self.w(input_ids) + self.pos(places) + self.tt(token_type_ids)))
        read = attention_mask.to(x.dtype)
        for layer in self.l:
            x = layer(x, (1.0 - read)[:, None, None, :] * -1e9)
        mean = (x * read.unsqueeze(-1)).sum(1) / read.sum(1, keepdim=True)
        return self.head(self.p(torch.tanh(self.pool(torch.cat([x[:, 0], mean], 1)))))


def start(path: Path) -> Model:
    """The model with the weights of all-MiniLM-L6-v2 (`model.safetensors`)."""
    there, model = load_file(path), Model()
    own = model.state_dict()
    for name, other in (("w", "word"), ("pos", "position"), ("tt", "token_type")):
        own[f"{name}.weight"] = there[f"embeddings.{other}_embeddings.weight"]
    for kind in ("weight", "bias"):
        own[f"n.{kind}"] = there[f"embeddings.LayerNorm.{kind}"]
        for n in range(LAYERS):
            layer = f"encoder.layer.{n}."
            own[f"l.{n}.qkv.{kind}"] = torch.cat(
                [there[f"{layer}attention.self.{x}.{kind}"] for x in ("query", "key", "value")]
            )
            for name, other in (
                ("o", "attention.output.dense"), ("n1", "attention.output.LayerNorm"),
                ("i", "intermediate.dense"), ("f", "output.dense"), ("n2", "output.LayerNorm"),
            ):  # fmt: skip
                own[f"l.{n}.{name}.{kind}"] = there[f"{layer}{other}.{kind}"]
    model.load_state_dict(own)
    return model


def go_on(path: Path) -> Model:
    """The model with the weights of an ONNX file that `export` wrote, as exact as int8 keeps them."""
    import onnx
    from onnx import numpy_helper

    graph, model = onnx.load(path).graph, Model()
    there = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    own = model.state_dict()
    for name in own.keys() & there.keys():
        own[name] = torch.tensor(there[name])
    multiplied = (node.input[1] for node in graph.node if node.op_type == "MatMulInteger")
    kept = [name.removesuffix("_quantized") for name in multiplied if name in there]
    matrices = [f"l.{n}.{part}.weight" for n in range(LAYERS) for part in ("qkv", "o", "i", "f")]
    matrices += ["pool.weight", "head.weight"]
    tables = ["w.weight", "pos.weight", "tt.weight"]
    for name, stored in [*zip(matrices, kept, strict=True), *zip(tables, tables, strict=True)]:
        scale, zero, whole = (
            there[f"{stored}_{part}"].astype(np.float32)
            for part in ("scale", "zero_point", "quantized")
        )
        exact = torch.tensor((whole - zero) * scale)
        own[name] = exact.T.contiguous() if name in matrices else exact
    model.load_state_dict(own)
    return model


class Read:
    """Pairs as word pieces, in batches of like length."""

    def __init__(self, path: Path) -> None:
        tokenizer = Tokenizer.from_file(str(TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(WORD_PIECES, strategy="longest_first")
        self.rows = [
            (tokenizer.encode(said, text), output, label, weight)
            for output, said, text, label, weight in json.loads(path.read_text(encoding="utf-8"))
        ]

    def batches(self, rng: random.Random) -> Iterator[tuple[Tensor, ...]]:
        """Give ids, mask, kinds, outputs, labels and weights of a batch each."""
        order = list(range(len(self.rows)))
        rng.shuffle(order)
        batches: list[list[int]] = []
        for at in range(0, len(order), 50 * BATCH):
            near = sorted(order[at : at + 50 * BATCH], key=lambda n: len(self.rows[n][0].ids))
            batches += [near[k : k + BATCH] for k in range(0, len(near), BATCH)]
        rng.shuffle(batches)
        for batch in batches:
            length = max(len(self.rows[n][0].ids) for n in batch)
            ids, mask, kinds = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
            for row, n in enumerate(batch):
                encoded = self.rows[n][0]
                ids[row, : len(encoded.ids)] = torch.tensor(encoded.ids)
                kinds[row, : len(encoded.ids)] = torch.tensor(encoded.type_ids)
                mask[row, : len(encoded.ids)] = 1
            rest = (torch.tensor([self.rows[n][k] for n in batch]) for k in (1, 2, 3))
            yield ids, mask, kinds, *rest


def train(model: Model, pairs: Read, *, epochs: int, seed: int, rate: float = RATE) -> None:
    """Fit the model; prints the loss and the speed."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    model.w.weight.requires_grad = False
    model.train()
    free = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in free if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for p in free if p.ndim == 1], "weight_decay": 0.0},
        ],
        lr=rate,
    )
    steps, step, began, losses = epochs * (len(pairs.rows) // BATCH + 1), 0, time.time(), []
    for _ in range(epochs):
        for ids, mask, kinds, outputs, labels, weights in pairs.batches(rng):
            for group in optimizer.param_groups:
                group["lr"] = rate * min((step + 1) / (RISE * steps), max(0.02, 1 - step / steps))
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BRIEF):
                told = model(ids, mask, kinds)
            told = told.float()[torch.arange(len(ids)), outputs]
            wanted = labels.float() * (1 - 2 * SMOOTHED) + SMOOTHED
            loss = functional.binary_cross_entropy_with_logits(told, wanted, reduction="none")
            loss = (loss * weights).sum() / weights.sum()
            loss.backward()
            nn.utils.clip_grad_norm_(free, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            step += 1
            if step % 50 == 0:
                speed = step * BATCH / (time.time() - began)
                print(f"{step}/{steps} {np.mean(losses[-50:]):.4f} {speed:.0f}/s", flush=True)


def right(model: Model, pairs: Read) -> None:
    """Print which share of the pairs each output tells right."""
    model.eval()
    hits: dict[int, list[bool]] = {}
    with torch.no_grad():
        for ids, mask, kinds, outputs, labels, _ in pairs.batches(random.Random(0)):
            told = model(ids, mask, kinds)[torch.arange(len(ids)), outputs] > 0
            for output, hit in zip(outputs.tolist(), (told == (labels > 0)).tolist(), strict=True):
                hits.setdefault(output, []).append(hit)
    for output, each in sorted(hits.items()):
        print(f"output {output}: {np.mean(each):.3f} of {len(each)} pairs held out told right")


def export(model: Model, target: Path) -> None:
    """Write the model as ONNX with int8 weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    example = tuple(torch.ones(2, 12, dtype=torch.long) for _ in range(3))
    sizes = {0: torch.export.Dim("batch", max=512), 1: torch.export.Dim("length", min=2, max=512)}
    whole = target.with_suffix(".f32.onnx")
    torch.onnx.export(
        model, example, whole, dynamo=True, external_data=False,
        input_names=["input_ids", "attention_mask", "token_type_ids"], output_names=["told"],
        dynamic_shapes=(sizes, sizes, sizes),
    )  # fmt: skip
    quantize_dynamic(
        whole, target, weight_type=QuantType.QInt8, per_channel=True,
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    whole.unlink()
    _strip(target)


def _strip(target: Path) -> None:
    """Take out of a model what tells where on which machine each node was made."""
    import onnx

    model = onnx.load(target)
    for each in (model, model.graph, *model.graph.node):
        each.ClearField("metadata_props")
        each.ClearField("doc_string")
    for each in model.graph.value_info:
        each.ClearField("metadata_props")
    onnx.save(model, target)


def main() -> int:
    """Train on each file of pairs in turn, tell how many are right, and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "base", type=Path, help="model.safetensors of all-MiniLM-L6-v2, or an ONNX file made here"
    )
    parser.add_argument("--rate", type=float, default=RATE, help="highest learning rate")
    parser.add_argument("target", type=Path)
    parser.add_argument("held", type=Path, help="pairs to look at only")
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=2, help="over the last file; 1 over others")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begin = go_on if chosen.base.suffix == ".onnx" else start
    model, held = begin(chosen.base), Read(chosen.held)
    for path in chosen.pairs:
        last = path == chosen.pairs[-1]
        epochs = chosen.epochs if last else 1
        train(model, Read(path), epochs=epochs, seed=chosen.seed, rate=chosen.rate)
        right(model, held)
    export(model, chosen.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
