"""The image of a scanned page → its printed lines, read by character recognition.

The engine is RapidOCR (Apache-2.0) with the PP-OCRv6 models that come inside its
package, so nothing is downloaded and nothing leaves the machine. Three habits of it
are mended here, each found on real reports that were printed and scanned again:

- its classifier takes some lines to stand on their head and loses them, numbers and
  all; the way a page lies is told once for the page, by how sure the reading is;
- it misses numbers that stand alone before a tab, unless its detector is less strict;
- it drops spaces in Latin script; the gaps between letters put them back.

Numbers read in this way are marked as such (`Paragraph.ocr`).
"""

from __future__ import annotations

import math
import multiprocessing
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from rag.domain import Note
from rag.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from rag.read.glyphs import Printed

    Pixels = Image | NDArray[np.uint8]

DPI = 150  # 200 reads no better and takes a third longer
LONGEST_SIDE = 4000  # pixels; a larger page is made smaller
_SHORTEST_SIDE = 736  # the engine blows a smaller one up to this, whatever the other side becomes
DOUBTFUL = 0.9  # confidence of a line below which it is worth a look
_UPRIGHT = 0.75  # median confidence below which a page may lie the wrong way
_DETECTOR = 0.3  # confidence from which a patch is text; the engine's 0.5 misses lone numbers
_SHOWN = 20  # doubtful lines that are noted one by one

_reading = threading.Lock()  # one page at a time: the engine keeps state

Box = tuple[float, float, float, float]  # x0, y0, x1, y1; y downwards


@dataclass(frozen=True, slots=True)
class OcrWord:
    """Characters without a space between them; the box is in pixels of the upright page."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class OcrLine:
    """What stands on one baseline, from left to right, over all columns of the page."""

    words: tuple[OcrWord, ...]
    repaired: int = 0  # spaces that were put back

    @property
    def text(self) -> str:
        """Its words, a space between each two."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The box around all its words."""
        x0, y0, x1, y1 = zip(*(word.box for word in self.words), strict=True)
        return min(x0), min(y0), max(x1), max(y1)

    @property
    def confidence(self) -> float:
        """The mean of its characters, from 0 to 1."""
        length = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / length


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page as read, set upright."""

    lines: tuple[OcrLine, ...]  # from top to bottom
    width: int  # pixels, once the page is upright
    height: int
    scale: float  # pixels to a point
    turned: int = 0  # degrees, against the clock, by which it had to be turned

    def printed(self) -> list[Printed]:
        """Its lines in points and upwards, as those of a text layer are."""
        from rag.read.glyphs import Printed, Word

        lines: list[Printed] = []
        for line, size in zip(self.lines, _type_sizes(self.lines, self.scale), strict=True):
            _, y0, _, y1 = line.box
            baseline = (self.height - (y0 + y1) / 2) / self.scale - 0.3 * size
            words = [
                Word(w.text, w.box[0] / self.scale, w.box[2] / self.scale, baseline, size, False)
                for w in line.words
            ]
            lines.append(Printed(words, baseline, size))
        return lines


def available() -> bool:
    """Whether the extra for character recognition is installed."""
    return find_spec("rapidocr") is not None and find_spec("cv2") is not None


def ocr_lines(image: Pixels) -> list[OcrLine]:
    """Read the lines of a page's image, from top to bottom.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    return list(ocr_page(image).lines)


def ocr_pdf_page(page: Any) -> OcrPage:
    """Render a page of pypdfium2 and read it.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    scale = min(DPI / 72, LONGEST_SIDE / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return ocr_page(bitmap.to_numpy().copy(), scale=scale)
    finally:
        bitmap.close()


def ocr_page(image: Pixels, *, scale: float = DPI / 72) -> OcrPage:
    """Read a page's image, whichever way it lies.

    Args:
        image: of any mode, or an array of shape (height, width) or (height, width, 3).
        scale: its pixels to a point.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    import numpy as np

    pixels = _pixels(image)
    longest = max(pixels.shape[:2])
    if longest > LONGEST_SIDE:
        pixels, scale = _smaller(pixels), scale * LONGEST_SIDE / longest
    with _reading:
        found, turned = _read(pixels), 0
        if found and sum(patch.tall for patch in found) > len(found) / 2:
            pixels, turned = np.ascontiguousarray(np.rot90(pixels)), 90
            found = _read(pixels)
        if len(found) > 1 and _sureness(found) < _UPRIGHT:
            other = np.ascontiguousarray(np.rot90(pixels, 2))
            again = _read(other)
            if _sureness(again) > _sureness(found):
                pixels, found, turned = other, again, turned + 180
    height, width = pixels.shape[:2]
    return OcrPage(tuple(_lines(_levelled(found, width, height))), width, height, scale, turned)


def ocr_notes(pages: Mapping[int, Sequence[OcrLine]]) -> tuple[Note, ...]:
    """What a reader should know of pages that were read in this way.

    Args:
        pages: page number → its lines.

    """
    if not pages:
        return ()
    numbers = sorted(pages)
    which = f"Page {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} pages"
    verb = "has" if len(numbers) == 1 else "have"
    notes = [
        Note(
            "character recognition",
            "",
            f"{which} of the file {verb} no text layer: read by character recognition; "
            "check numbers, names and figures against the page.",
        )
    ]
    doubtful = [
        (number, line) for number in numbers for line in pages[number] if line.confidence < DOUBTFUL
    ]
    notes += [
        Note("doubtful reading", f"p. {number}", f"{line.text[:120]!r} may be misread.")
        for number, line in doubtful[:_SHOWN]
    ]
    if len(doubtful) > _SHOWN:
        notes.append(Note("doubtful reading", "", f"So may {len(doubtful) - _SHOWN} more lines."))
    repaired = sum(line.repaired for lines in pages.values() for line in lines)
    if repaired:
        what = "1 lost space was" if repaired == 1 else f"{repaired} lost spaces were"
        notes.append(Note("spaces", "", f"{what} put back where a gap between letters shows it."))
    return tuple(notes)


# -- the engine --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Patch:
    """A piece of a line as the engine finds it: four corners, its words, what it lost."""

    corners: tuple[tuple[float, float], ...]  # from the upper left, with the clock
    words: tuple[OcrWord, ...]  # boxes on the image as it lies
    confidence: float
    repaired: int

    @property
    def tall(self) -> bool:
        (x0, y0), (x1, y1), _, (x3, y3) = self.corners
        return math.dist((x0, y0), (x3, y3)) > 1.5 * math.dist((x0, y0), (x1, y1))


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


def _pixels(image: Pixels) -> NDArray[np.uint8]:
    """An image of any mode as an array of shape (height, width, 3)."""
    import numpy as np

    array = np.asarray(image.convert("L") if hasattr(image, "convert") else image, dtype=np.uint8)  # pyright: ignore[reportAttributeAccessIssue]
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim == 2:
        array = np.repeat(array[:, :, None], 3, axis=2)
    return np.ascontiguousarray(array[:, :, :3])


def _smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
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


def _read(pixels: NDArray[np.uint8]) -> list[_Patch]:
    result = _engine()(_padded(pixels))
    if result.boxes is None or result.txts is None:
        return []
    split = result.word_results if len(result.word_results) == len(result.txts) else ()
    patches: list[_Patch] = []
    for i, (corners, text, sure) in enumerate(
        zip(result.boxes, result.txts, result.scores, strict=True)
    ):
        points = tuple((float(x), float(y)) for x, y in corners)
        words = _words(split[i] if split else (), text, points, float(sure))
        if words:
            # The engine parts words at gaps, also where it reads no space.
            put_back = len(words) - len(text.split())
            patches.append(_Patch(points, words, float(sure), max(0, put_back)))
    return patches


def _words(
    split: Sequence[Any], text: str, corners: tuple[tuple[float, float], ...], sure: float
) -> tuple[OcrWord, ...]:
    """The engine's words, or the whole piece where they do not hold the same letters."""
    words = [
        OcrWord(str(word), _around(box), float(confidence))
        for word, confidence, box in split
        if str(word).strip()
    ]
    if "".join(word.text for word in words) == "".join(text.split()):
        return tuple(words)
    return (OcrWord(text.strip(), _around(corners), sure),) if text.strip() else ()


def _around(corners: Sequence[Sequence[float]]) -> Box:
    xs, ys = [float(c[0]) for c in corners], [float(c[1]) for c in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _sureness(patches: Sequence[_Patch]) -> float:
    return median(patch.confidence for patch in patches) if patches else 0.0


# -- lines -------------------------------------------------------------------------------------


def _levelled(patches: Sequence[_Patch], width: int, height: int) -> list[_Patch]:
    """Turn all boxes by the angle at which long pieces run, so that lines are level."""
    long = [
        math.atan2(patch.corners[1][1] - patch.corners[0][1], across)
        for patch in patches
        if (across := patch.corners[1][0] - patch.corners[0][0]) > width / 5
    ]
    angle = median(long) if long else 0.0
    if abs(angle) < 0.001:
        return list(patches)
    cos, sin, cx, cy = math.cos(angle), math.sin(angle), width / 2, height / 2

    def level(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - cx, y - cy
        return cx + dx * cos + dy * sin, cy - dx * sin + dy * cos

    levelled: list[_Patch] = []
    for patch in patches:
        corners = tuple(level(x, y) for x, y in patch.corners)
        _, top, _, bottom = _around(corners)
        words: list[OcrWord] = []
        for word in patch.words:
            x0, y0, x1, y1 = word.box
            left, right = level(x0, (y0 + y1) / 2)[0], level(x1, (y0 + y1) / 2)[0]
            words.append(OcrWord(word.text, (left, top, right, bottom), word.confidence))
        levelled.append(_Patch(corners, tuple(words), patch.confidence, patch.repaired))
    return levelled


def _lines(patches: Sequence[_Patch]) -> list[OcrLine]:
    """Put pieces on one baseline together, from left to right."""
    rows: list[list[_Patch]] = []
    for patch in sorted(patches, key=_middle):
        row = rows[-1] if rows else None
        if row is not None and _on_one_line(row, patch):
            row.append(patch)
        else:
            rows.append([patch])
    lines: list[OcrLine] = []
    for row in rows:
        row.sort(key=lambda patch: _around(patch.corners)[0])
        words = tuple(word for patch in row for word in patch.words)
        lines.append(OcrLine(words, sum(patch.repaired for patch in row)))
    return lines


def _middle(patch: _Patch) -> float:
    _, y0, _, y1 = _around(patch.corners)
    return (y0 + y1) / 2


def _on_one_line(row: Sequence[_Patch], patch: _Patch) -> bool:
    x0, y0, x1, y1 = _around(patch.corners)
    boxes = [_around(other.corners) for other in row]
    if any(min(x1, b[2]) - max(x0, b[0]) > 0.3 * min(x1 - x0, b[2] - b[0]) for b in boxes):
        return False  # one above the other, however close
    height = min(y1 - y0, *(b[3] - b[1] for b in boxes))
    return abs(_middle(patch) - mean(_middle(other) for other in row)) < 0.5 * height


def _type_sizes(lines: Sequence[OcrLine], scale: float) -> list[float]:
    """The size of each line's type in points: that of the page unless it is plainly another.

    Letters take up a steady width, while the height of a box depends on the letters that
    it happens to hold: so the width tells the page's size (an average letter of a text
    face is 0.42 of it wide), and both must agree before a line is of another size, or
    what is text would be taken for a footnote.
    """
    heights = [median(word.box[3] - word.box[1] for word in line.words) for line in lines]
    widths = [
        sum(word.box[2] - word.box[0] for word in line.words)
        / sum(len(word.text) for word in line.words)
        for line in lines
    ]
    long = [i for i, line in enumerate(lines) if len(line.text) > 25] or list(range(len(lines)))
    height, width = (median(all_[i] for i in long) if long else 1.0 for all_ in (heights, widths))
    sizes: list[float] = []
    for h, w in zip(heights, widths, strict=True):
        higher, wider = h / height, w / width
        other = (higher < 0.95 and wider < 0.92) or (higher > 1.12 and wider > 1.2)
        sizes.append(width / 0.42 / scale * (math.sqrt(higher * wider) if other else 1.0))
    return sizes
