"""Papers drawn by the program for demonstration and tests, each marked 样例."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from icp.demo.people import Company

FONTS = Path(__file__).resolve().parent.parent / "documents" / "fonts"
INK, RULE, SEAL, PALE = "#26302e", "#b48a3a", "#c0392b", "#fbf6e6"


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "NotoSansSC-Regular.ttf"), size)


def _sheet(title: str, lines: Sequence[tuple[str, str]], size: tuple[int, int], paper: str = PALE) -> bytes:
    picture = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(picture)
    width, height = size
    unit = min(height, width * 0.7)
    pen.rectangle((24, 24, width - 24, height - 24), outline=RULE, width=6)
    pen.text((width / 2, height * 0.14), title, font=_font(int(unit / 13)), fill=INK, anchor="mm")
    top, step = height * 0.26, height * 0.66 / max(len(lines), 6)
    for number, (name, value) in enumerate(lines):
        y = top + number * step
        pen.text((width * 0.07, y), name, font=_font(int(unit / 30)), fill=RULE, anchor="lm")
        pen.text((width * 0.29, y), value, font=_font(int(unit / 26)), fill=INK, anchor="lm")
    pen.ellipse((width * 0.76, height * 0.62, width * 0.94, height * 0.62 + width * 0.18), outline=SEAL, width=5)
    pen.text((width * 0.85, height * 0.62 + width * 0.09), "样例", font=_font(int(unit / 16)), fill=SEAL, anchor="mm")
    return _as_jpeg(picture)


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def licence(host: Company) -> bytes:
    """A business licence."""
    lines = [
        ("统一社会信用代码", host.document_number),
        ("名　　称", host.company),
        ("类　　型", "有限责任公司"),
        ("法定代表人", host.principal),
        ("成立日期", "2021年03月16日"),
        ("住　　所", host.place + host.street),
    ]
    return _sheet("营 业 执 照", lines, (2000, 1420))


def identity_front(host: Company) -> bytes:
    """The side of an identity card with the portrait."""
    number = host.id_number
    lines = [
        ("姓名", host.principal),
        ("性别", "男" if int(number[16]) % 2 else "女"),
        ("出生", f"{number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日"),
        ("住址", (host.place + host.street)[:20]),
        ("公民身份号码", number),
    ]
    return _sheet("居民身份证（样例）", lines, (1600, 1010), "#eef4f6")


def identity_back(host: Company) -> bytes:
    """The side of an identity card with the emblem."""
    lines = [("签发机关", f"{host.place[-3:]}公安机关"), ("有效期限", "2016.05.20-2036.05.20")]
    return _sheet("中华人民共和国 居民身份证（样例）", lines, (1600, 1010), "#f3f0f6")


def domain_certificate(host: Company) -> bytes:
    """A registrar's certificate."""
    lines = [
        ("域　　名", host.domain),
        ("持 有 者", host.company or host.principal),
        ("注册日期", "2025-08-01"),
        ("到期日期", "2028-08-01"),
    ]
    return _sheet("域名证书", lines, (1700, 1200), "#f4f7fb")


def photo(host: Company) -> bytes:
    """A principal before the backdrop, 1600 × 1200."""
    picture = Image.new("RGB", (1600, 1200), "#a9c7d8")
    pen = ImageDraw.Draw(picture)
    pen.text((800, 130), "网站备案", font=_font(90), fill="#2c5a74", anchor="mm")
    pen.ellipse((620, 300, 980, 740), fill="#e3bf9f")
    pen.pieslice((330, 720, 1270, 1700), 180, 360, fill="#3d4a55")
    pen.text((800, 1120), f"样例　{host.principal}", font=_font(60), fill="#ffffff", anchor="mm")
    return _as_jpeg(picture)


def signed_form(host: Company) -> bytes:
    """A scan of the signed 核验单."""
    lines = [
        ("主办者名称", host.company or host.principal),
        ("网站域名", host.domain),
        ("核验人签字", "许闻"),
        ("网站负责人签字", host.principal),
    ]
    return _sheet("网站备案信息真实性核验单", lines, (1400, 1980), "#ffffff")


PAPERS = {
    "subject.papers.document": licence,
    "subject.principal.papers.identity_front": identity_front,
    "subject.principal.papers.identity_back": identity_back,
    "website.papers.domain_certificate": domain_certificate,
    "website.principal.papers.photo": photo,
    "website.papers.verification_form": signed_form,
}
"""Type path of a slot → the drawing for it."""
