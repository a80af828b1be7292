"""The image of a page → pieces of lines with their words, by RapidOCR.

The engine (Apache-2.0) and its PP-OCRv6 models come in one package, so nothing is
downloaded and nothing leaves the machine. What is set otherwise than it comes, is set
for reasons found on real reports that were printed and scanned again: its classifier
takes some lines to stand on their head and loses them, numbers and all; its detector
misses numbers that stand alone before a tab; it drops spaces in Latin script, which the
gaps between letters put back.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = Image | NDArray[np.uint8]

LONGEST_SIDE = 4000  # pixels; a larger page is made smaller
_SHORTEST_SIDE = 736  # the engine blows a smaller one up to this, whatever the other side becomes
_DETECTOR = 0.3  # confidence from which a patch is text; the engine's 0.5 misses lone numbers

Box = tuple[float, float, float, float]  # x0, y0, x1, y1; y downwards


@dataclass(frozen=True, slots=True)
class OcrWord:
    """Characters without a space between them; the box is in pixels of the upright page."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line as the engine finds it: four corners, its words, what it lost."""

    corners: tuple[tuple[float, float], ...]  # from the upper left, with the clock
    words: tuple[OcrWord, ...]  # boxes on the image as it lies
    confidence: float
    repaired: int

    @property
    def tall(self) -> bool:
        """Whether it runs up or down the image."""
        (x0, y0), (x1, y1), _, (x3, y3) = self.corners
        return math.dist((x0, y0), (x3, y3)) > 1.5 * math.dist((x0, y0), (x1, y1))


def available() -> bool:
    """Whether the extra for character recognition is installed."""
    return find_spec("rapidocr") is not None and find_spec("cv2") is not None


@cache
def _engine() -> Any:
    if not available():
        raise ModelUnavailable(
            "Character recognition is not installed; install the extra: "
            "pip install 'pinpoint-record[ocr]'."
        )
    package = import_module("rapidocr")
    models = Path(str(package.__file__)).parent / "models"
    # In a pool of processes every one reads a page of its own.
    threads = 1 if multiprocessing.parent_process() else min(2, os.cpu_count() or 1)
    return package.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,  # a line that is doubted is noted, not dropped
            "Global.max_side_len": LONGEST_SIDE,
            "Global.return_word_box": True,
            "Det.box_thresh": _DETECTOR,
            # Named, or the engine would go and fetch what a later package does not hold.
            "Det.model_path": _model(models, "det"),
            "Rec.model_path": _model(models, "rec"),
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _model(folder: Path, task: str) -> str:
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise ModelUnavailable(
            f"The package rapidocr holds no model for {task!r}; "
            "install the extra again: pip install 'pinpoint-record[ocr]'."
        )
    return str(found[0])


def pixels_of(image: Pixels) -> NDArray[np.uint8]:
    """An image of any mode as an array of shape (height, width, 3)."""
    import numpy as np

    array = np.asarray(image.convert("L") if hasattr(image, "convert") else image, dtype=np.uint8)  # pyright: ignore[reportAttributeAccessIssue]
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim == 2:
        array = np.repeat(array[:, :, None], 3, axis=2)
    return np.ascontiguousarray(array[:, :, :3])


def smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An image made to fit the longest side."""
    import numpy as np
    from PIL import Image

    image = Image.fromarray(pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(image)


def _padded(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """White to the right and below, so that no strip of an image is blown up."""
    import numpy as np

    missing = [max(0, _SHORTEST_SIDE - side) for side in pixels.shape[:2]]
    if not any(missing):
        return pixels
    return np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), constant_values=255)


def pieces_of(pixels: NDArray[np.uint8]) -> list[Piece]:
    """Read an image of shape (height, width, 3); pieces come in no order to rely on.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    result = _engine()(_padded(pixels))
    if result.boxes is None or result.txts is None:
        return []
    split = result.word_results if len(result.word_results) == len(result.txts) else ()
    pieces: list[Piece] = []
    for i, (corners, text, sure) in enumerate(
        zip(result.boxes, result.txts, result.scores, strict=True)
    ):
        points = tuple((float(x), float(y)) for x, y in corners)
        words = _words(split[i] if split else (), text, points, float(sure))
        if words:
            # The engine parts words at gaps, also where it reads no space.
            put_back = len(words) - len(text.split())
            pieces.append(Piece(points, words, float(sure), max(0, put_back)))
    return pieces


def _words(
    split: Sequence[Any], text: str, corners: tuple[tuple[float, float], ...], sure: float
) -> tuple[OcrWord, ...]:
    """The engine's words, or the whole piece where they do not hold the same letters."""
    words = [
        OcrWord(str(word), around(box), float(confidence))
        for word, confidence, box in split
        if str(word).strip()
    ]
    if "".join(word.text for word in words) == "".join(text.split()):
        return tuple(words)
    return (OcrWord(text.strip(), around(corners), sure),) if text.strip() else ()


def around(corners: Sequence[Sequence[float]]) -> Box:
    """The upright box around some points."""
    xs, ys = [float(c[0]) for c in corners], [float(c[1]) for c in corners]
    return min(xs), min(ys), max(xs), max(ys)
