"""Pictures drawn for these tests; every size and every byte is known."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageDraw


def page(width: int = 2000, height: int = 1400, lines: int = 30, colour: str = "#fbf6e6") -> Image.Image:
    """A sheet with lines of text-like strokes, sharp and coloured."""
    picture = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(picture)
    step = max(4, height // (lines + 2))
    for line in range(1, lines + 1):
        for x in range(width // 20, width - width // 20, max(3, width // 90)):
            if (x * 7 + line * 13) % 5:
                size = max(2, step // 2)
                pen.rectangle((x, line * step, x + max(1, width // 200), line * step + size), fill="#26302e")
    pen.ellipse((width * 0.7, height * 0.6, width * 0.9, height * 0.85), outline="#c0392b", width=max(2, width // 150))
    return picture


def noise(width: int, height: int, seed: int = 1, colours: int = 3) -> Image.Image:
    """Pure noise: the hardest picture there is to reduce."""
    data = random.Random(seed).randbytes(width * height * colours)
    return Image.frombytes("RGB" if colours == 3 else "L", (width, height), data)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int) -> Image.Exif:
    """EXIF of a phone: orientation, maker, and the place where the picture was taken."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "PhoneMaker"
    data.get_ifd(0x8825).update({1: "N", 2: (26.0, 4.0, 48.0), 3: "E", 4: (119.0, 18.0, 0.0)})
    return data
