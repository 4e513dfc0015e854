"""The table of ``codes``: code → type paths, message, remedy."""

from __future__ import annotations

from dataclasses import dataclass

from icp.bureau.messages.attachments import FORM
from icp.rules.documents import RESIDENT_ID
from icp.vocabulary.text import N_


@dataclass(frozen=True)
class Meaning:
    """What one code means.

    Attributes:
        paths: type paths it may be about; empty: the filing as a whole.
        message: what is wrong.
        remedy: what to do.
        operator: whether only the provider can act on it.
        kept: what to do where nothing of it can be mended in this filing, '' when the remedy holds there as well.
        otherwise: type paths it is about where the operation can't mend those of ``paths``.
        instead: type paths that can be mended so that those of ``paths`` fit, where these stand on record.
        document: the type of document that its numbers are of, '' for any.
        attached: whether it is about an attachment, which its text names by its purpose.
        purpose: the attachment's purpose where the text names none, '' when it may be any.
    """

    paths: tuple[str, ...]
    message: str
    remedy: str
    operator: bool = False
    kept: str = ""
    otherwise: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    document: str = ""
    attached: bool = False
    purpose: str = ""


ASK = N_("请联系管局问明原因。")
KEPT = N_("这一项照登记报送，这里不能改。登记有误的，请先办信息变更；变更也改不了的，请联系管局。")
SYNCHRONISE = N_("这是登记的备案，号码在这里不能改。请等管局数据同步后再报；还不行的，请联系管局。")
BOTH = "subject.principal.{0} website.principal.{0}"


def _at(path: str, message: str, remedy: str, *, otherwise: str = "") -> Meaning:
    """One whose remedy holds wherever it stands."""
    return Meaning(tuple(path.split()), message, remedy, otherwise=tuple(otherwise.split()))


def _field(
    path: str,
    message: str,
    remedy: str,
    *,
    kept: str = KEPT,
    otherwise: str = "",
    instead: str = "",
    document: str = "",
) -> Meaning:
    """One whose remedy is to correct its field, which some operations don't ask for."""
    others, fitting = tuple(otherwise.split()), tuple(instead.split())
    return Meaning(
        tuple(path.split()), message, remedy, kept=kept, otherwise=others, instead=fitting, document=document
    )


def _person(names: str, message: str, remedy: str, *, document: str = "") -> Meaning:
    """One about either principal."""
    return _field(" ".join(BOTH.format(name) for name in names.split()), message, remedy, document=document)


def _ours(message: str, remedy: str) -> Meaning:
    return Meaning((), message, remedy, operator=True)


def _paper(message: str, remedy: str, *, purpose: str = "", operator: bool = False) -> Meaning:
    return Meaning((), message, remedy, operator, attached=True, purpose=purpose)


CODES: dict[int, Meaning] = {
    1001: _at("", N_("管局审核通过。"), ""),
    1002: _at("", N_("管局审核没有通过。"), N_("请按管局意见修改后重新报送。")),
    1003: _field(
        "subject.document_number",
        N_("这个证件已有主办者备案，或正在其他接入商处办理。"),
        N_("已有备案号的，请改办新增网站或新增接入；在别处办理的，请先撤回。"),
    ),
    1004: _field("website.domain", N_("管局认为域名无效。"), N_("请核对域名拼写，确认后缀已获批准、域名已实名。")),
    1005: _field(
        "website.domain",
        N_("这个域名已经备案。"),
        N_("请先注销原备案中的这个域名；属于您的，请改办新增接入。"),
    ),
    1006: _field("website.access.ip_addresses", N_("管局认为 IP 地址无效。"), N_("请核对地址，只能填公网 IPv4。")),
    1007: _person("mobile landline", N_("联系方式无效。"), N_("请核对手机号、办公电话。")),
    1008: _field(
        "subject.document_type subject.document_number",
        N_("证件无效，或证件类型与单位性质不符。"),
        N_("请对照证件核对类型、号码和单位性质；主体的证件没有错的，再核对负责人的证件。"),
        instead="subject.organisation_type",
        otherwise=BOTH.format("document_type") + " " + BOTH.format("document_number"),
    ),
    1009: _person("email", N_("电子邮箱无效。"), N_("请核对邮箱地址。")),
    1010: _person("landline", N_("办公电话无效。"), N_("请按“区号-号码”填写。")),
    1011: _person("mobile", N_("手机号无效。"), N_("请核对 11 位手机号。")),
    1012: _at(BOTH.format("name"), N_("登记的 MSN 账号无效。"), N_("本站不问 MSN，照登记报送；请联系管局更正。")),
    1013: _at(BOTH.format("name"), N_("登记的 QQ 号无效。"), N_("本站不问 QQ，照登记报送；请联系管局更正。")),
    1014: _field("subject.organisation_type", N_("单位性质无效。"), N_("请按证件重新选择单位性质。")),
    1015: _field(
        "subject.document_number " + BOTH.format("document_number"),
        N_("身份证号码不正确。"),
        N_("请对照身份证逐位核对，末位可能是 X。"),
        document=RESIDENT_ID,
    ),
    1016: _field(
        "website.filing_number subject.filing_number",
        N_("管局的备案库里没有所引用的备案。"),
        N_("请核对备案号；刚变更过的，请等管局同步后再报。"),
        kept=SYNCHRONISE,
    ),
    1017: _at("", N_("上一次变更还在审核。"), N_("请等它办结后再报。")),
    1018: _at("filing_password", N_("备案密码不对。"), N_("请用管局邮件里的备案密码；忘记的，在管局网站找回。")),
    1019: _field("subject.region_code", N_("省、市、区代码不对。"), N_("请重新选择所属区域。")),
    1020: _field("website.name", N_("网站名称与别的备案相同。"), N_("请换一个网站名称，例如加上单位简称。")),
    1021: _field("website.home_url", N_("首页网址已经备案。"), N_("请核对网址；原备案属于您的，请先处理原备案。")),
    1022: _field("website.home_url", N_("首页网址格式不对。"), N_("请填域名下的网址，例如 www 加域名。")),
    1023: _field(
        "website.access.ip_addresses",
        N_("所引用的 IP 记录不在备案库里。"),
        N_("请核对 IP 地址；没有错的，请等管局数据同步后再报。"),
    ),
    1024: _field(
        "website.access.ip_addresses", N_("本次填报的 IP 地址互相重叠，或与别的备案重叠。"), N_("请核对 IP 地址段。")
    ),
    1025: _at("website", N_("网站只有这一个接入，不能取消。"), N_("请改办注销网站，或等新接入办好后再取消。")),
    1026: _field("cancellation.reason", N_("注销理由代码不对。"), N_("请重新选择注销理由。")),
    1027: _at("", N_("主体注销已经提交过。"), N_("请等待管局办结。")),
    1028: _ours(N_("接入商在管局的用户名不对。"), N_("请核对管局账号设置。")),
    1029: _field(
        "website.access.ip_addresses",
        N_("这个网站已有相同的接入。"),
        N_("请核对 IP 地址和接入方式；接入已经备案的，不用再报。"),
    ),
    1030: _at("website", N_("网站注销已经提交过。"), N_("请等待管局办结。")),
    1031: _field("website.principal.landline", N_("缺少网站负责人办公电话。"), N_("请补填。")),
    1032: _at("website", N_("取消接入已经提交过。"), N_("请等待管局办结。")),
    1033: _field("website.pre_approvals", N_("前置审批类型无效。"), N_("请重新选择前置审批类型。")),
    1034: _field("website.service_content", N_("服务内容无效。"), N_("请重新选择服务内容。")),
    1035: _field("website.access.access_method", N_("接入方式无效。"), N_("请重新选择接入方式。")),
    1036: _field("website.access.server_location", N_("服务器放置地无效。"), N_("请重新选择服务器放置地。")),
    1037: _field("website.domain", N_("这个网站已经报备。"), N_("请核对域名；属于您的，请改办新增接入。")),
    1038: _field(
        "website.access.ip_addresses",
        N_("这个接入已经报备。"),
        N_("请核对 IP 地址和接入方式；接入已经备案的，不用再报。"),
    ),
    1039: _field(
        "website.domain",
        N_("这个域名已经报备。"),
        N_("请核对域名，同一份申请里不要重复；已经备案、属于您的，请改办新增接入。"),
    ),
    1040: _field(
        "website.access.ip_addresses", N_("这个接入的 IP 已经报备。"), N_("请核对 IP 地址，同一个地址段不要重复填报。")
    ),
    1041: _field("website.home_url", N_("首页网址不在所报的域名之下。"), N_("请填所报域名之下的网址。")),
    1042: _at("website", N_("主体正在注销，不能再注销网站。"), N_("请等待主体注销办结。")),
    1043: _at("", N_("有网站正在注销，不能注销主体。"), N_("请等待网站注销办结。")),
    1044: _field("subject.principal.name", N_("缺少主体负责人姓名。"), N_("请补填。")),
    1045: _ours(N_("接入商只能向所在省的管局报备。"), N_("请核对管局账号设置。")),
    1046: _at("subject.region_code", N_("变更不能换省。"), N_("请先注销原备案，再在新的省份重新备案。")),
    1047: _at("website", N_("只能取消本接入商的接入。"), N_("请核对要取消的接入；不是我们的接入，不用取消。")),
    1048: _at(
        "website.filing_number",
        N_("这个备案不由本接入商接入。"),
        N_("要接到这里的，请先办新增接入；新增网站的，请核对备案密码；要注销的，请到现在的接入商处办理。"),
        otherwise="subject.filing_number",
    ),
    1049: _at(
        "subject.filing_number", N_("主体已经注销。"), N_("还要备案的，请重新办理首次备案；要注销的，不用再报。")
    ),
    1050: _at("website.filing_number", N_("网站已经注销。"), N_("还要用的，请改办新增网站；要注销的，不用再报。")),
    1051: _at("", N_("对同一主体的变更太多。"), N_("请等前面的变更办结，或过一天再报。")),
    1052: _at("", N_("管局的原系统正在受理这个请求。"), N_("请稍后再报。")),
    1053: _ours(
        N_("管局记录里请求的单位已被删除。"),
        N_("被删除的是报备单位的，请联系管局恢复；管局说是主办者的，请改办首次备案。"),
    ),
    1054: _ours(N_("报备单位无效。"), N_("请核对管局账号设置，必要时联系管局。")),
    1055: _paper(
        N_("核验单或附件不是这个备案的。"),
        N_("请对照原件重新上传这一份；核验单和负责人照片由核验员重新办。"),
        purpose=FORM,
    ),
    1056: _ours(N_("附件格式代码不对。"), N_("请核对管局下发的代码表，再联系技术人员。")),
    1057: _ours(N_("附件用途代码不对。"), N_("请核对管局下发的代码表，再联系技术人员。")),
    1058: _field("subject.filing_number", N_("主体信息不存在。"), N_("请核对主体备案号。"), kept=SYNCHRONISE),
    1059: _field("website.filing_number", N_("网站信息不存在。"), N_("请核对网站备案号。"), kept=SYNCHRONISE),
    1060: _at("", N_("核验材料已入库。"), ""),
    1061: _paper(
        N_("附件的用途与它所属的主体或网站不符。"),
        N_("用途和所属对象由系统填写，请联系技术人员。"),
        purpose=FORM,
        operator=True,
    ),
    1062: _at("", N_("接入 IP 与管局 IP 库比对一致。"), ""),
    1063: _field(
        "website.access.ip_addresses",
        N_("IP 地址与接入商的 IP 备案不一致。"),
        N_("请核对 IP 地址；地址没错的，由接入商先办理 IP 备案。"),
    ),
    1064: _at("website.domain", N_("域名在管局的黑名单里。"), N_("请联系管局申请移出；新备案的，也可以换一个域名。")),
    1065: _at(
        "subject.document_number",
        N_("主体在管局的黑名单里。"),
        N_("请联系管局申请移出后再报。"),
        otherwise="subject.filing_number",
    ),
    1066: _field("website.languages", N_("网站语言代码不对。"), N_("请重新选择网站语言。")),
    1067: _field(
        "website.filing_number",
        N_("网站备案号对应多个网站。"),
        N_("请填带“-数字”的网站备案号；号码没错的，请联系管局。"),
        kept=ASK,
    ),
    1068: _field(
        "website.filing_number",
        N_("网站备案号对应多条缩略信息。"),
        N_("请填带“-数字”的网站备案号；号码没错的，请联系管局。"),
        kept=ASK,
    ),
    1999: _at("", N_("管局系统报告其他错误。"), N_("请按管局原文核对；看不明白时，请联系管局。")),
    5001: _ours(N_("数据文件不符合接口格式。"), N_("请核对必填项和长度；都没错的，请联系技术人员。")),
    5002: _ours(N_("管局系统没有所报的属性。"), N_("请联系技术人员核对接口版本。")),
    5003: _ours(N_("数据文件里的请求单位与账号不一致。"), N_("请核对管局账号设置。")),
    5004: _ours(N_("接口版本不对。"), N_("请联系技术人员核对接口版本。")),
    5005: _ours(N_("所报的未备案网站不属于本企业。"), N_("请核对网站。")),
    5006: _ours(N_("未备案网站的处理结果已经上报。"), N_("不用再报。")),
    5007: _ours(N_("处理结果代码不对。"), N_("请重新选择处理结果。")),
    5008: _at("", N_("内容里有管局不认可的字符。"), N_("请查找生僻字、表情和特殊符号，改掉后重新报送。")),
    5009: _ours(N_("接入商没有这项业务的权限。"), N_("请联系管局开通。")),
    5010: _paper(
        N_("附件不合规范：打不开、格式不对或太大。"),
        N_("请按管局原文重新拍照上传那一张，再重新报送；核验单和负责人照片由核验员重拍。"),
    ),
    5011: _ours(N_("管局还没有开放这项功能。"), N_("请稍后再报，或联系管局。")),
    5999: _at("", N_("管局系统报告其他错误。"), N_("请按管局原文核对；看不明白时，请联系管局。")),
}
"""Code → what it means. 1001, 1060 and 1062 are no complaints (``results.INFORMATION``)."""

_ACCOUNT = N_("请核对管局账号设置，改好后恢复账号。")
_TECHNICAL = N_("请联系技术人员。")
_LATER = N_("不用处理，稍后会自动再试。")


def _call(message: str, remedy: str) -> Meaning:
    return Meaning((), message, remedy, operator=True)


CALLS: dict[int, Meaning] = {
    0: _call(N_("管局收下了。"), N_("不用处理。")),
    1: _call(N_("管局的文件已经取完。"), N_("不用处理。")),
    2: _call(N_("管局没有文件要取。"), N_("不用处理。")),
    3: _call(N_("管局还有文件要取。"), N_("不用处理，会接着取。")),
    4: _call(N_("管局说用户名不对。"), _ACCOUNT),
    5: _call(N_("管局说密码不对。"), _ACCOUNT),
    6: _call(N_("管局解不开加密的文件。"), N_("请核对账号的密钥和偏移量。")),
    7: _call(N_("文件的校验值对不上。"), N_("会自动重新打包一次；还不行的，请联系技术人员。")),
    8: _call(N_("管局打不开压缩包。"), N_("会自动重新打包一次；还不行的，请联系技术人员。")),
    9: _call(N_("管局不认识加密方式。"), _TECHNICAL),
    10: _call(N_("管局不认识校验方式。"), _TECHNICAL),
    11: _call(N_("管局不认识压缩方式。"), _TECHNICAL),
    12: _call(N_("管局不认识这个企业编号，或认证信息不对。"), _ACCOUNT),
    13: _call(N_("企业编号不属于这个省的管局。"), N_("请核对账号的管局地址和企业编号。")),
    14: _call(N_("前面有文件管局没收到。"), N_("会自动补报；反复出现的，请联系技术人员。")),
    15: _call(N_("管局待处理的文件太多。"), _LATER),
    16: _call(N_("认证用的随机数太短。"), _TECHNICAL),
    17: _call(N_("一次只能报一个文件。"), _TECHNICAL),
    18: _call(N_("文件超过 50 MB。"), _TECHNICAL),
    19: _call(N_("管局没有给这个账号开通报备权限。"), N_("请联系管局开通，再恢复账号。")),
    20: _call(N_("现在不是管局规定的报备时段。"), N_("不用处理，到时段会自动再试；时段见管局原文。")),
    21: _call(N_("回执里没有文件名。"), _TECHNICAL),
    22: _call(N_("备案密码查得太多，管局暂时不答。"), N_("请等一等再核对密码；限制见管局原文。")),
    901: _call(N_("管局系统维护，暂不收报备。"), _LATER),
    902: _call(N_("管局系统维护，暂不给下载。"), _LATER),
    999: _call(N_("管局系统报告其他错误。"), N_("请按管局原文核对；看不明白时，请联系管局。")),
}
"""Method-call code → what it means to staff. They answer a call and say nothing of a filing."""
