"""Reads exported files by other people's code and prints what it found: read-back.py coco|sa1b|zip FILE."""
import hashlib
import json
import sys
import zipfile


def read_coco(path):
    from contextlib import redirect_stdout

    from pycocotools.coco import COCO

    with redirect_stdout(sys.stderr):
        coco = COCO(path)
    annotations = coco.loadAnns(coco.getAnnIds(imgIds=coco.getImgIds(), iscrowd=False))
    return [{"id": each["id"], **describe(coco.annToRLE(each))} for each in annotations]


def read_sa1b(path):
    with open(path) as file:
        annotations = json.load(file)["annotations"]
    return [{"id": each["id"], **describe(each["segmentation"])} for each in annotations]


def describe(rle):
    from pycocotools import mask as coco_mask

    pixels = coco_mask.decode(rle).tobytes(order="C")
    return {
        "area": int(coco_mask.area(rle)),
        "bbox": coco_mask.toBbox(rle).tolist(),
        "sha256": hashlib.sha256(pixels).hexdigest(),
    }


def read_zip(path):
    with zipfile.ZipFile(path) as archive:
        return {
            "damaged": archive.testzip(),
            "entries": [
                {"name": each.filename, "method": each.compress_type}
                for each in archive.infolist()
            ],
        }


readers = {"coco": read_coco, "sa1b": read_sa1b, "zip": read_zip}
print(json.dumps(readers[sys.argv[1]](sys.argv[2])))
