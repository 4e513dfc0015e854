"""Pictures: opened by content, put upright, stripped, looked at, and reduced to the bureau's limit. No database."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageFile, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from icp.documents.remarks import PictureRefused, noticed, refused

MAX_PIXELS = 60_000_000
"""Phones take 12 to 50 million; more is a mistake or an attack (a small file that unfolds to gigabytes)."""
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Pillow only warns up to twice the limit; open_picture refuses by itself, this is the second lock.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# Broken metadata are no reason to complain to the log: they are thrown away.
warnings.filterwarnings("ignore", message="Corrupt EXIF|Truncated File Read|Metadata Warning", category=UserWarning)
ImageFile.LOAD_TRUNCATED_IMAGES = False
pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = 1

FORM, SUBJECT_DOCUMENT, PRINCIPAL_IDENTITY, WEBSITE_PRINCIPAL_IDENTITY, PHOTO = "1", "2", "3", "4", "5"
"""Purposes of attachments at the bureau (附件用途)."""
BASE64_LIMIT = {FORM: 150 * 1024}
"""Characters of base64 a picture may have at the bureau, by purpose; 100 KB for all others (miit-interface § 6.1)."""
COLOURED = {SUBJECT_DOCUMENT, PRINCIPAL_IDENTITY, WEBSITE_PRINCIPAL_IDENTITY, PHOTO}
PHOTO_SIZE = (800, 600)
"""Pixels of the photo of a website's principal (filing-domain § 4.2)."""
PHOTO_CROP = 0.12
"""Share of the photo that may be cut off to make it 4:3; beyond it, the photo is padded instead of cropped."""

LONGEST, SHORTEST, STEP = 2400, 640, 32
FLOORS = (55, 40, 25, 10)
"""Lowest JPEG qualities tried, in turn; text stays legible down to about 40."""
BEST_QUALITY, ORIGINAL_QUALITY, VIEW_QUALITY, VIEW_SIDE = 90, 95, 82, 1600

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftypavif", "AVIF"),
    (0, b"PK\x03\x04", "Office / ZIP"),
    (0, b"\xd0\xcf\x11\xe0", "Office"),
    (0, b"Rar!", "RAR"),
    (0, b"<svg", "SVG"),
)


@dataclass(frozen=True)
class Encoded:
    """A JPEG with its size in pixels."""

    data: bytes
    width: int
    height: int


def byte_limit(purpose: str) -> int:
    """Bytes a JPEG may have so that its base64 stays under the bureau's limit for this purpose."""
    return BASE64_LIMIT.get(purpose, 100 * 1024) // 4 * 3


def open_picture(data: bytes, path: str = "") -> Image.Image:
    """Decode a JPEG, PNG or HEIC, judged by content alone, to upright RGB without metadata.

    Args:
        data: the upload.
        path: slot the refusal is said at.

    Raises:
        PictureRefused: empty, no picture, of another format, damaged, or with too many pixels.
    """
    if not data:
        raise refused("picture.empty", path)
    heic = data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim"}
    try:
        # Only these three decoders ever see foreign bytes.
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "HEIF"))
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise refused("picture.too_many_pixels", path, millions=pixels // 10_000, limit=MAX_PIXELS // 10_000)
        image.load()
        return _flat(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise refused("picture.too_many_pixels", path, millions="6000+", limit=MAX_PIXELS // 10_000) from bomb
    except UnidentifiedImageError as unknown:
        raise _unknown(data, path, heic) from unknown
    except PictureRefused:
        raise
    except Exception as broken:
        # Decoders fail in every way on crafted or cut data; each of them means the same to the host.
        raise refused("picture.heic_unreadable" if heic else "picture.damaged", path) from broken


def _unknown(data: bytes, path: str, heic: bool) -> Exception:
    if b"%PDF-" in data[:1024]:
        return refused("picture.pdf", path)
    if heic:
        return refused("picture.heic_unreadable", path)
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n":
        return refused("picture.damaged", path)
    for offset, magic, name in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return refused("picture.other_format", path, name=name)
    return refused("picture.not_picture", path)


def _flat(image: Image.Image) -> Image.Image:
    """Plain RGB in fresh memory: transparency becomes white, 16 bits become 8, nothing of the file's info stays."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    image = image.convert("RGB")
    image.info.clear()
    return image


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    return image.transpose(turns[degrees % 360]) if degrees % 360 else image


def encode(image: Image.Image, quality: int) -> Encoded:
    """Baseline JPEG without metadata; what every old decoder reads."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
    return Encoded(out.getvalue(), image.width, image.height)


def original_copy(image: Image.Image) -> Encoded:
    """The picture in full size as it is kept: upright and without metadata, so that no place or device is kept."""
    return encode(image, ORIGINAL_QUALITY)


def view_copy(image: Image.Image) -> Encoded:
    """A copy for screens, longest side at most 1600 pixels."""
    return encode(_within(image, VIEW_SIDE), VIEW_QUALITY)


def reduce(image: Image.Image, purpose: str = "") -> Encoded:
    """The copy for the bureau: under the limit of its purpose, its longest side as large as that allows.

    The photo of a principal (purpose 5) always has 800 × 600 pixels.
    """
    limit = byte_limit(purpose)
    if purpose == PHOTO:
        return _best_quality(as_photo(image), limit, 1)
    base = _within(image, LONGEST)
    for floor in FLOORS:
        found = _largest_side(base, limit, floor)
        if found is not None:
            return found
    small = _within(base, SHORTEST)
    while True:  # pure noise: halve until it fits, which it does at the latest with a few pixels
        result = encode(small, FLOORS[-1])
        if len(result.data) <= limit:
            return result
        small = _within(small, max(small.size) // 2)


def _within(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(length * side / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _largest_side(base: Image.Image, limit: int, floor: int) -> Encoded | None:
    """The largest picture that fits at the quality ``floor``, at the best quality that still fits; None if none."""
    longest = max(base.size)
    if len(encode(base, floor).data) <= limit:
        return _best_quality(base, limit, floor)
    low, high, best = SHORTEST // STEP, longest // STEP, None
    while low <= high:
        middle = (low + high) // 2
        candidate = _within(base, middle * STEP)
        if len(encode(candidate, floor).data) <= limit:
            best, low = candidate, middle + 1
        else:
            high = middle - 1
    return None if best is None else _best_quality(best, limit, floor)


def _best_quality(image: Image.Image, limit: int, floor: int) -> Encoded:
    """The best quality that fits; ``floor`` is taken to fit."""
    low, high, best = floor + 1, BEST_QUALITY, None
    while low <= high:
        middle = (low + high) // 2
        candidate = encode(image, middle)
        if len(candidate.data) <= limit:
            best, low = candidate, middle + 1
        else:
            high = middle - 1
    return best or encode(image, floor)


def _crop_share(image: Image.Image) -> float:
    """The share of the picture that making it 4:3 would cut off."""
    ratio = (image.width / image.height) / (PHOTO_SIZE[0] / PHOTO_SIZE[1])
    return 1 - min(ratio, 1 / ratio)


def as_photo(image: Image.Image) -> Image.Image:
    """800 × 600: slightly other shapes are cropped at the centre, others padded, since the whole curtain must show."""
    if _crop_share(image) <= PHOTO_CROP:
        return ImageOps.fit(image, PHOTO_SIZE, Image.Resampling.LANCZOS)
    return ImageOps.pad(image, PHOTO_SIZE, Image.Resampling.LANCZOS, color="white")


def look_at(image: Image.Image, purpose: str = "") -> list[dict[str, Any]]:
    """What a machine notices: size, colour, blur, exposure, shape. Warnings only; it may be wrong.

    Args:
        image: the upright picture.
        purpose: the bureau's code of the purpose; colour is only expected of documents and photos.
    """
    found: list[dict[str, Any]] = []
    longest, shortest = max(image.size), max(1, min(image.size))
    if longest < (PHOTO_SIZE[0] if purpose == PHOTO else 1000) or shortest < 400:
        found.append(noticed("picture.small", width=image.width, height=image.height))
    if longest / shortest > 2.6:
        found.append(noticed("picture.elongated"))
    if purpose == PHOTO and _crop_share(image) > PHOTO_CROP:
        found.append(noticed("picture.photo_padded"))
    probe = _within(image, 1000)
    if purpose in COLOURED and ImageStat.Stat(probe.convert("HSV").getchannel("S")).mean[0] < 9:
        found.append(noticed("picture.grey"))
    light = _light(probe.convert("L"), purpose)
    if light:
        found.append(noticed(light))
    return found


def _light(grey: Image.Image, purpose: str) -> str:
    """The code of what is wrong with the light or the focus, '' when nothing is."""
    stat = ImageStat.Stat(grey)
    mean, median, spread = stat.mean[0], stat.median[0], stat.stddev[0]
    histogram = grey.histogram()
    blown = sum(histogram[253:]) / (grey.width * grey.height)
    if mean < 45:
        return "picture.dark"
    if mean > 247 and spread < 12:
        return "picture.bright"
    if blown > 0.02 and median < 170:
        return "picture.glare"
    if min(grey.size) > 4 and _sharpness(grey) < (6 if purpose == PHOTO else 18):
        return "picture.blurred"
    return ""


def _sharpness(grey: Image.Image) -> float:
    """Variance of the Laplacian: edges of sharp letters make it large. The noise of the sensor is smoothed first."""
    smooth = grey.filter(ImageFilter.GaussianBlur(0.8))
    edges = smooth.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the border is copied, not filtered
    return float(ImageStat.Stat(inner).var[0])
