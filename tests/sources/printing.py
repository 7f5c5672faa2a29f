"""Pages set in type and drawn as a scanner gives them, for the tests of scans."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.leaving_out import leave_out

FONTS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")
BODY, GUTTER, MARGIN, LEADING = 32, 48, 60, 1.5


def font(size: int) -> ImageFont.FreeTypeFont:
    found = [path for name in FONTS for path in sorted(Path("/usr/share/fonts").rglob(name))]
    if not found:
        leave_out("no Chinese font is installed", "apt-get install fonts-noto-cjk")
    return ImageFont.truetype(str(found[0]), size, index=2)  # of the collection: simplified Chinese


class Paper:
    """A page that is being printed, `columns` of `units` characters of the body wide."""

    def __init__(self, columns: int, units: int, height: int) -> None:
        self.column = units * BODY
        self.units = units
        self.image = Image.new(
            "L", (2 * MARGIN + columns * self.column + (columns - 1) * GUTTER, height), 255
        )
        self.ink = ImageDraw.Draw(self.image)

    def left(self, column: int) -> int:
        return MARGIN + column * (self.column + GUTTER)

    def line(self, text: str, x: float, y: float, size: int = BODY) -> None:
        self.ink.text((x, y), text, font=font(size), fill=0)

    def paragraphs(self, texts: Sequence[str], column: int, y: float) -> float:
        """Set paragraphs into a column from `y` on; return where they end."""
        for text in texts:
            row = "\u3000\u3000" + text
            while row:
                last = min(len(row), self.units)
                while last < len(row) and row[last] in "，。、；：！？”’）》":
                    last += 1  # marks hang over
                self.line(row[:last], self.left(column), y)
                row, y = row[last:], y + LEADING * BODY
        return y

    def vertical(self, text: str, x: float, y: float, size: int) -> None:
        for place, letter in enumerate(text):
            self.line(letter, x, y + place * size * 1.05, size)

    def png(self) -> bytes:
        return saved(self.image)


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()
