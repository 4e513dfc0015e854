import base64
import contextlib
import io
import struct
import zlib

import pillow_heif
import pytest
from drawn_pictures import encoded, exif, noise, page
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from icp.documents import pictures
from icp.documents.remarks import NOTICED, PictureRefused, as_correction
from icp.rules.correction import Severity


def codes(remarks):
    return {remark["code"] for remark in remarks}


def why(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refusal:
        pictures.open_picture(data, "subject.papers.document")
    correction = refusal.value.correction
    assert correction.path == "subject.papers.document"
    assert correction.severity is Severity.ERROR
    assert correction.remedy
    assert "{" not in correction.message + correction.remedy
    return correction.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_jpeg_and_png_open_by_content(kind):
    image = pictures.open_picture(encoded(page(300, 200), kind))
    assert (image.size, image.mode) == ((300, 200), "RGB")


def test_heic_opens_in_its_colours():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), (200, 40, 40))).save(out, quality=90)
    image = pictures.open_picture(out.getvalue())
    assert image.size == (640, 480)
    red, green, blue = image.getpixel((320, 240))
    assert abs(red - 200) < 12
    assert abs(green - 40) < 12
    assert abs(blue - 40) < 12


def test_orientation_is_applied_and_everything_of_the_file_is_stripped():
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 40, 40))  # top left as stored; orientation 6 shows it top right
    data = encoded(image, quality=95, exif=exif(6), comment=b"secret comment")
    assert b"PhoneMaker" in data
    opened = pictures.open_picture(data)
    assert opened.size == (200, 400)
    assert opened.getpixel((190, 10))[0] > 200
    assert opened.getpixel((190, 10))[1] < 60
    assert opened.getpixel((10, 10))[1] > 200
    for copy in (pictures.original_copy(opened), pictures.reduce(opened), pictures.view_copy(opened)):
        again = Image.open(io.BytesIO(copy.data))
        assert not again.getexif()
        assert b"PhoneMaker" not in copy.data
        assert b"secret" not in copy.data
        assert b"Exif" not in copy.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(orientation):
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("blue", (0, 0, 20, 20))
    inverse = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if inverse is None else upright.transpose(Image.Transpose(inverse))
    opened = pictures.open_picture(encoded(stored, "PNG", exif=exif(orientation)))
    assert opened.size == (60, 40)
    assert opened.getpixel((5, 5)) == (0, 0, 255)
    assert opened.getpixel((55, 35)) == (255, 255, 255)


def test_transparency_becomes_white():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    assert pictures.open_picture(encoded(image, "PNG")).getpixel((5, 5)) == (255, 255, 255)
    palette = Image.new("P", (50, 50), 0)
    palette.info["transparency"] = 0
    assert pictures.open_picture(encoded(palette, "PNG", transparency=0)).getpixel((5, 5)) == (255, 255, 255)


def test_cmyk_jpeg_and_grey_in_16_bits_are_read():
    cmyk = pictures.open_picture(encoded(Image.new("CMYK", (80, 60), (0, 255, 255, 0)), quality=95))
    assert cmyk.mode == "RGB"
    assert cmyk.getpixel((40, 30))[0] > 200
    deep = Image.new("I;16", (80, 60), 40000)
    assert pictures.open_picture(encoded(deep, "PNG")).getpixel((1, 1)) == (156, 156, 156)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture.empty"),
        ("这只是一段文字".encode(), "picture.not_picture"),
        (b"<html><body>x</body></html>", "picture.not_picture"),
        (b"%PDF-1.7\n%...", "picture.pdf"),
        (b"\n\n%PDF-1.4", "picture.pdf"),
        (b"GIF89a" + bytes(40), "picture.other_format"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture.other_format"),
        (b"PK\x03\x04" + bytes(40), "picture.other_format"),
        (b"\x00\x00\x00\x20ftypavif" + bytes(40), "picture.other_format"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "picture.heic_unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture.damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture.damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(data, code):
    assert why(data) == code


def test_a_gif_is_not_decoded():
    assert why(encoded(page(50, 50).convert("P"), "GIF")) == "picture.other_format"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_truncated_pictures_are_damaged(kind, share):
    data = encoded(page(800, 600), kind)
    assert why(data[: int(len(data) * share)]) == "picture.damaged"


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_truncated_heic_is_unreadable(share):
    out = io.BytesIO()
    pillow_heif.from_pillow(page(640, 480)).save(out)
    assert why(out.getvalue()[: int(len(out.getvalue()) * share)]) == "picture.heic_unreadable"


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 7_000), (9_000, 7_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_before_they_unfold(size):
    assert why(png_header(*size)) == "picture.too_many_pixels"


def test_the_limit_itself_is_allowed(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100 * 100)
    assert pictures.open_picture(encoded(page(100, 100), "PNG")).size == (100, 100)
    assert why(encoded(page(101, 100), "PNG")) == "picture.too_many_pixels"


@given(
    data=st.binary(max_size=400),
    head=st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic"]),
)
def test_no_bytes_raise_anything_but_a_refusal(data, head):
    with contextlib.suppress(PictureRefused):
        pictures.open_picture(head + data)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Truncated File Read", "ignore:Metadata Warning")
@given(st.integers(0, 10**9), st.integers(0, 255))
@settings(deadline=None)
def test_one_changed_byte_never_crashes(place, value):
    data = bytearray(SMALL_JPEG)
    data[place % len(data)] = value
    with contextlib.suppress(PictureRefused):
        pictures.open_picture(bytes(data))


SMALL_JPEG = encoded(page(64, 48), exif=exif(6))


def assert_fits(copy, purpose=""):
    limit = (150 if purpose == pictures.FORM else 100) * 1024
    assert len(base64.b64encode(copy.data)) <= limit
    image = Image.open(io.BytesIO(copy.data))
    assert image.format == "JPEG"
    assert image.size == (copy.width, copy.height)
    assert "progressive" not in image.info


def test_twelve_megapixels_of_noise_fit():
    copy = pictures.reduce(noise(4000, 3000))
    assert_fits(copy)
    assert max(copy.width, copy.height) >= 400
    assert abs(copy.width / copy.height - 4 / 3) < 0.02


def test_a_photographed_document_stays_large_and_legible():
    copy = pictures.reduce(page(4032, 2872, lines=6).filter(ImageFilter.GaussianBlur(1.5)))
    assert_fits(copy)
    assert max(copy.width, copy.height) >= 1200
    tables = Image.open(io.BytesIO(copy.data)).quantization
    assert tables[0][0] <= 18  # no coarser than quality 45


def test_the_limit_is_used_up():
    copy = pictures.reduce(noise(1200, 900))
    assert len(copy.data) > pictures.byte_limit("") * 0.6


def test_the_form_may_be_larger():
    sheet = page(2480, 3508, lines=90)
    form, other = pictures.reduce(sheet, pictures.FORM), pictures.reduce(sheet)
    assert_fits(form, pictures.FORM)
    assert form.width * form.height >= other.width * other.height
    assert len(form.data) > len(other.data)


def test_small_pictures_are_not_enlarged():
    copy = pictures.reduce(page(300, 200))
    assert (copy.width, copy.height) == (300, 200)


@pytest.mark.parametrize("size", [(4032, 3024), (800, 600), (640, 480), (3024, 4032), (1920, 1080), (50, 900)])
def test_the_photo_of_a_principal_has_800_by_600(size):
    copy = pictures.reduce(noise(*size), pictures.PHOTO)
    assert (copy.width, copy.height) == (800, 600)
    assert_fits(copy, pictures.PHOTO)


def test_a_slightly_different_shape_is_cropped_at_the_centre_and_another_is_padded_white():
    red = Image.new("RGB", (1400, 1000), "red")
    assert pictures.as_photo(red).getpixel((2, 2)) == (255, 0, 0)
    upright = Image.new("RGB", (600, 800), "red")
    padded = pictures.as_photo(upright)
    assert padded.getpixel((2, 300)) == (255, 255, 255)
    assert padded.getpixel((400, 300)) == (255, 0, 0)
    assert "picture.photo_padded" in codes(pictures.look_at(upright, pictures.PHOTO))
    assert "picture.photo_padded" not in codes(pictures.look_at(red, pictures.PHOTO))


@given(
    width=st.integers(1, 1500),
    height=st.integers(1, 1500),
    seed=st.integers(0, 2**16),
    blur=st.sampled_from([0, 0, 1, 4]),
    purpose=st.sampled_from(["", "1", "2", "3", "4", "5"]),
)
@settings(max_examples=40, deadline=None)
def test_any_picture_fits_the_limit(width, height, seed, blur, purpose):
    image = noise(width, height, seed)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    copy = pictures.reduce(image, purpose)
    assert_fits(copy, purpose)
    if purpose != pictures.PHOTO:
        assert copy.width <= width
        assert copy.height <= height


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90, 360])
def test_turning_is_clockwise(degrees):
    image = Image.new("RGB", (40, 20), "white")
    image.putpixel((0, 0), (255, 0, 0))
    corner = {0: (0, 0), 90: (19, 0), 180: (39, 19), 270: (0, 39)}[degrees % 360]
    assert pictures.turned(image, degrees).getpixel(corner) == (255, 0, 0)


def test_a_good_picture_earns_no_remark():
    assert pictures.look_at(page(), pictures.SUBJECT_DOCUMENT) == []


@pytest.mark.parametrize(
    ("image", "purpose", "code"),
    [
        (page(500, 350), "2", "picture.small"),
        (page(790, 590), "5", "picture.small"),
        (page().convert("L").convert("RGB"), "2", "picture.grey"),
        (page().filter(ImageFilter.GaussianBlur(14)), "2", "picture.blurred"),
        (page().point(lambda value: value // 8), "2", "picture.dark"),
        (Image.new("RGB", (1200, 900), (253, 253, 253)), "", "picture.bright"),
        (page(3000, 1000), "", "picture.elongated"),
    ],
)
def test_what_a_machine_notices(image, purpose, code):
    assert code in codes(pictures.look_at(image, purpose))


def test_glare_on_a_darker_document_is_noticed_and_white_paper_is_not():
    document = page(colour="#8a8f88")
    assert codes(pictures.look_at(document, "2")) == set()
    document.paste("white", (1400, 100, 1900, 500))
    assert codes(pictures.look_at(document, "2")) == {"picture.glare"}
    assert codes(pictures.look_at(page(colour="white"), "")) == set()


def test_a_grey_form_is_no_surprise():
    assert "picture.grey" not in codes(pictures.look_at(page().convert("L").convert("RGB"), pictures.FORM))


@given(width=st.integers(1, 60), height=st.integers(1, 60), purpose=st.sampled_from(["", "1", "5"]))
def test_remarks_are_warnings_and_say_what_to_do(width, height, purpose):
    for remark in pictures.look_at(noise(width, height), purpose):
        correction = as_correction(remark, "website[w1].papers.domain_certificate")
        assert correction.severity is Severity.WARNING
        assert correction.code in NOTICED
        assert "{" not in correction.message + correction.remedy
