"""A PNG or JPEG → its page in shades of grey, upright and level. Nothing is decoded before it is measured."""

import io
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.errors import SourceError
from bot.phrases import Phrase

_MAX_PIXELS = 80_000_000  # an A3 at 600 dpi has 70 million
_LONGEST = 5_000  # pixels of the longer edge that are worth reading: an A3 at 300 dpi
_SHORTEST = 16  # pixels of an edge; less is no page
_FORMATS = ("PNG", "JPEG")
_MOST_SKEW, _STEP = 3.0, 0.1  # degrees that a page is turned back by, and how exactly
_SMALL = 900  # pixels of the longer edge on which the skew is looked for
_LEAST_SKEW = 0.15  # degrees; less does no harm

Grey = NDArray[np.uint8]


def read_page(data: bytes, name: str) -> Grey:
    """Return the picture as rows of grey (0 black, 255 white), turned as its EXIF says and its lines made
    level.

    Raises SourceError: no PNG or JPEG, damaged, more than MAX_PIXELS.
    """
    return level_page(_fit_size(_decode_picture(data, name)))


def _decode_picture(data: bytes, name: str) -> Grey:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # Pillow's limit is another than ours
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                check_size(image.size, name)
                if min(image.size) < _SHORTEST:
                    raise SourceError(
                        Phrase(
                            "{name}: is {number} pixels wide or high; no page is that small",
                            name=name,
                            number=min(image.size),
                        )
                    )
                image.draft("L", image.size)  # a JPEG's grey without its colours
                return np.asarray(_flatten_picture(ImageOps.exif_transpose(image)))
    except Image.DecompressionBombError as error:
        raise _build_size_error(name, Phrase("far more pixels than a page")) from error
    except UnidentifiedImageError as error:
        raise SourceError(
            Phrase("{name}: is no picture, or a damaged one; a page is a PNG or JPEG", name=name)
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise SourceError(
            Phrase(
                "{name}: the picture cannot be read ({error}); a page is a PNG or JPEG",
                name=name,
                error=error,
            )
        ) from error


def check_size(size: tuple[int, int], name: str) -> None:
    """Raise SourceError for a picture of more pixels than are decoded."""
    width, height = size
    if width * height > _MAX_PIXELS:
        raise _build_size_error(name, Phrase("{width} × {height} pixels", width=width, height=height))


def _build_size_error(name: str, what: Phrase) -> SourceError:
    return SourceError(
        Phrase(
            "{name}: has {what}; at most {number} million are read, make it smaller",
            name=name,
            what=what,
            number=_MAX_PIXELS // 1_000_000,
        )
    )


def _flatten_picture(image: Image.Image) -> Image.Image:
    """Return the picture in 8 bits of grey; what shines through is paper."""
    if image.mode.startswith(("I", "F")):  # 16 bits and more
        values = np.asarray(image, dtype=np.float32)
        top = 65_535.0 if values.max(initial=0.0) > 255 else 255.0
        return Image.fromarray((values * (255.0 / top)).clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        both = image.convert("LA")
        paper = Image.new("L", image.size, 255)
        paper.paste(both.getchannel("L"), mask=both.getchannel("A"))
        return paper
    return image.convert("L")


def _fit_size(grey: Grey) -> Grey:
    """Return the page with at most LONGEST pixels on its longer edge."""
    ratio = _LONGEST / max(grey.shape)
    if ratio >= 1:
        return grey
    return scale_picture(grey, ratio)


def scale_picture(grey: Grey, ratio: float) -> Grey:
    size = (max(1, round(grey.shape[1] * ratio)), max(1, round(grey.shape[0] * ratio)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def level_page(grey: Grey) -> Grey:
    """Return the page turned by its skew, so that its lines run level."""
    degrees = _measure_skew(grey)
    return _turn_page(grey, degrees, 255) if abs(degrees) >= _LEAST_SKEW else grey


def _turn_page(grey: Grey, degrees: float, ground: int) -> Grey:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(grey, matrix, (width, height), borderValue=ground), dtype=np.uint8)


def _measure_skew(grey: Grey) -> float:
    """Return by how many degrees, counterclockwise, to turn the page so that its rows of ink are sharpest.

    Sharp means that neighbouring rows differ: white space separates level lines (Postl 1986).
    """
    small = scale_picture(grey, min(1.0, _SMALL / max(grey.shape)))
    ink = np.where(small < small.mean() - small.std() / 2, 255, 0).astype(np.uint8)

    def sharpness(degrees: float) -> float:
        rows = _turn_page(ink, degrees, 0).sum(axis=1, dtype=np.float64)
        return float((np.diff(rows) ** 2).sum())

    coarse = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5), key=lambda d: (sharpness(d), -abs(d)))
    fine = np.arange(coarse - 0.5, coarse + 0.51, _STEP)
    return float(max((float(d) for d in fine), key=lambda d: (sharpness(d), -abs(d))))
