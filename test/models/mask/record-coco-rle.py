"""Records what pycocotools makes of some masks: record-coco-rle.py > coco-rle.json. Needs numpy and pycocotools."""
import json

import numpy as np
from pycocotools import mask as coco


def shapes():
    y, x = np.mgrid[0:40, 0:60]
    random = np.random.default_rng(7)
    yield "empty", np.zeros((3, 5), bool)
    yield "full", np.ones((4, 3), bool)
    yield "one pixel", np.eye(1, dtype=bool)
    yield "first pixel", (x[:5, :4] == 0) & (y[:5, :4] == 0)
    yield "last pixel", (x[:5, :4] == 3) & (y[:5, :4] == 4)
    yield "disc", (x - 30) ** 2 + (y - 20) ** 2 < 200
    yield "ring", ((x - 30) ** 2 + (y - 20) ** 2 < 300) & ((x - 30) ** 2 + (y - 20) ** 2 > 80)
    yield "checks", (x[:8, :8] + y[:8, :8]) % 2 == 0
    yield "noise", random.random((40, 60)) < 0.3
    tall = np.zeros((700, 9), bool)
    tall[3:698, 2:7] = True
    yield "long runs", tall


def runs_of_ones(mask):
    """Row-major runs of ones: [start, length]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.ravel().astype(int), [0]])))
    return [[int(start), int(end - start)] for start, end in zip(edges[::2], edges[1::2])]


records = []
for name, mask in shapes():
    rle = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    records.append(
        {
            "name": name,
            "size": rle["size"],
            "counts": rle["counts"].decode(),
            "area": int(coco.area(rle)),
            "ones": runs_of_ones(mask),
        }
    )
print(json.dumps(records))
