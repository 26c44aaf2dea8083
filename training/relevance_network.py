"""The relevance network, how it is taught, and how it is written down for onnxruntime. Needs torch (extra: training)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from recoup.vision.relevance import LAYOUT, STATISTICS
from training.relevance_pictures import KINDS, Lesson

HIDDEN, BATCH, STEPS = 96, 256, 900
FORGET, SHAKE = 0.3, 0.3
FACE, AGAINST = (100.0, 200.0), 8.0  # thousandths of the long side, from no matter to all of it; in log odds
# How often goods and the rest are shown, photographed and painted: half goods; a photo counts for many paintings.
SHARES = {(True, True): 0.34, (True, False): 0.16, (False, True): 0.15, (False, False): 0.35}


class Network(nn.Module):
    """int32[n, k] measures to float32[n, kinds] log odds: one hidden layer over scaled statistics and log layout."""

    def __init__(self, known: Tensor) -> None:
        super().__init__()
        values = _split(known)
        self.centre = nn.Parameter(values.mean(0), requires_grad=False)
        least = torch.tensor([20.0] * len(STATISTICS) + [0.01] * LAYOUT)
        self.spread = nn.Parameter(torch.maximum(values.std(0), least), requires_grad=False)
        self.inner, self.outer = nn.Linear(values.shape[1], HIDDEN), nn.Linear(HIDDEN, len(KINDS))

    def scaled(self, measures: Tensor) -> Tensor:
        return ((_split(measures) - self.centre) / self.spread).clamp(-3.5, 3.5)

    def forward(self, scaled: Tensor) -> Tensor:
        forget = FORGET if self.training else 0.0
        hidden = functional.relu(self.inner(functional.dropout(scaled, forget)))
        out: Tensor = self.outer(functional.dropout(hidden, forget))
        return out


def _split(measures: Tensor) -> Tensor:
    known = measures.float()
    return torch.cat([known[:, : len(STATISTICS)], torch.log(known[:, len(STATISTICS) :] + 1.0)], dim=1)


class Scored(nn.Module):
    """How likely the picture shows goods, float32[n]: the mean over several networks of their log odds, squashed.

    A face near by outweighs all the rest: too few people are among the lessons for that to be learned.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, measures: Tensor) -> Tensor:
        odds = [self._odds(one, measures) for one in self.networks]
        low, high = FACE
        near = ((measures[:, STATISTICS.index("face")].float() - low) / (high - low)).clamp(0.0, 1.0)
        return torch.sigmoid(torch.stack(odds).mean(dim=0) - AGAINST * near)

    def _odds(self, network: Any, measures: Tensor) -> Tensor:
        out: Tensor = network(network.scaled(measures))
        return out[:, 0] - torch.logsumexp(out[:, 1:], dim=1)


def teach(lessons: Sequence[Lesson], *, seed: int) -> Network:
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    looks = lessons[0].looks.shape[0]
    measures = torch.tensor(np.concatenate([one.looks for one in lessons]))
    kinds = torch.tensor(np.repeat([one.kind for one in lessons], looks))
    weights = torch.tensor(np.repeat(_weights(lessons), looks))
    network = Network(measures)
    scaled = network.scaled(measures)
    teacher = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.05)
    for _ in range(STEPS):
        chosen = torch.multinomial(weights, BATCH, replacement=True)
        shaken = scaled[chosen] + SHAKE * torch.randn(BATCH, scaled.shape[1])
        loss = functional.cross_entropy(network(shaken), kinds[chosen], label_smoothing=0.05)
        teacher.zero_grad()
        loss.backward()
        teacher.step()
    network.eval()
    return network


def _weights(lessons: Sequence[Lesson]) -> NDArray[np.float64]:
    """What each lesson weighs, so that the four sorts are shown by SHARES."""
    sorts = [(one.kind == 0, one.real) for one in lessons]
    many = Counter(sorts)
    return np.array([SHARES[sort] / many[sort] for sort in sorts])


def write(network: nn.Module, path: Path, about: dict[str, Any]) -> None:
    """An ONNX file of any number of pictures at a time, with ``about`` in it as JSON."""
    import onnx

    example = (torch.zeros(2, len(STATISTICS) + LAYOUT, dtype=torch.int32),)
    free = {"measures": {0: "pictures"}, "score": {0: "pictures"}}
    names = {"input_names": ["measures"], "output_names": ["score"], "dynamic_axes": free}
    torch.onnx.export(network.eval(), example, str(path), opset_version=17, dynamo=False, **names)
    model = onnx.load(str(path))
    entry = model.metadata_props.add()
    entry.key, entry.value = "recoup", json.dumps(about)
    onnx.save(model, str(path))
