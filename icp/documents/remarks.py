"""What can be said of a picture: why it is refused, and what the machine noticed, as tables of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icp.rules.correction import Correction, Message, Severity
from icp.vocabulary.text import N_

REFUSALS: dict[str, tuple[str, str]] = {
    "picture.empty": (N_("没有收到图片，文件是空的。"), N_("重新选择图片，等它传完再离开这一页。")),
    "picture.too_large": (
        N_("图片超过 {limit} MB。"),
        N_("在手机相册里导出为“中等”大小，或把相机调低一档再拍；文件在 {limit} MB 以内就不用自己压缩。"),
    ),
    "picture.pdf": (
        N_("这是 PDF 文件，这里只收图片。"),
        N_("把这一页打开后截图，或导出为 JPG 再传；纸质件直接用手机拍。"),
    ),
    "picture.other_format": (N_("这是 {name}，这里只收 JPG、PNG 和 HEIC 图片。"), N_("另存或导出为 JPG 再传。")),
    "picture.not_picture": (N_("这个文件不是图片。"), N_("选择 JPG、PNG 或 HEIC 图片；改了扩展名的文件也打不开。")),
    "picture.damaged": (N_("图片不完整，打不开。"), N_("在手机或电脑上确认能看到整张图，再重新上传。")),
    "picture.too_many_pixels": (
        N_("图片有 {millions} 万像素，最多 {limit} 万。"),
        N_("把相机的分辨率调到 1200 万像素左右重拍，字迹足够清楚。"),
    ),
    "picture.heic_unreadable": (
        N_("这张 HEIC 图片打不开。"),
        N_("在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或导出为 JPG 再传。"),
    ),
}
"""Code → what is wrong, how to mend it. These pictures can't be used at all."""

NOTICED: dict[str, tuple[str, str]] = {
    "picture.small": (
        N_("图片只有 {width} × {height} 像素，字可能看不清。"),
        N_("离近一些重拍，或传原图；您看得清，就照用。"),
    ),
    "picture.grey": (N_("图片没有颜色，像是复印件。"), N_("请拍彩色原件；原件本来就是黑白的，就照用。")),
    "picture.blurred": (N_("图片可能没有对准焦，字迹发虚。"), N_("放稳手机、等它对好焦再拍；您看得清，就照用。")),
    "picture.dark": (N_("图片偏暗。"), N_("到亮一些的地方重拍；您看得清，就照用。")),
    "picture.bright": (N_("图片过亮，几乎看不到内容。"), N_("避开强光重拍；您看得清，就照用。")),
    "picture.glare": (N_("图片上有反光，压住的字可能看不清。"), N_("换个角度，避开灯光重拍；您看得清，就照用。")),
    "picture.elongated": (N_("图片又长又窄，可能没有拍全。"), N_("让四角都在画面里重拍；本来就是长条，就照用。")),
    "picture.photo_padded": (
        N_("照片不是 4:3 的横幅，报送的照片两边补了白边。"),
        N_("横过来拍，人在正中，可以不留白边。"),
    ),
    "picture.duplicate": (N_("这张图片和另一处上传的一模一样。"), N_("看看是不是传错了位置；确实是同一份，就照用。")),
}
"""Code → what the machine noticed, what to do. Warnings: a machine that can't be sure never blocks."""


class PictureRefused(Exception):
    """A picture can't be used; ``correction`` says why and what to do."""

    def __init__(self, correction: Correction) -> None:
        super().__init__(correction.code)
        self.correction = correction


def refused(code: str, path: str = "", **values: Any) -> PictureRefused:
    """The refusal called ``code``, for the slot at ``path``."""
    message, remedy = REFUSALS[code]
    return PictureRefused(Correction(path, code, Severity.ERROR, Message(message, **values), Message(remedy, **values)))


def noticed(code: str, **values: Any) -> dict[str, Any]:
    """A remark as plain data, to be kept with the paper."""
    if code not in NOTICED:
        raise KeyError(code)
    return {"code": code, "values": values}


def as_correction(remark: Mapping[str, Any], path: str) -> Correction:
    """A kept remark in the one shape of a correction."""
    message, remedy = NOTICED[remark["code"]]
    return Correction(path, remark["code"], Severity.WARNING, Message(message, **remark["values"]), Message(remedy))
