"""Texts about numbers, documents and terms of validity."""

from __future__ import annotations

from icp.rules.message_texts.text import Text
from icp.vocabulary.text import N_

CHECK_ORIGINAL = N_("请对照证件原件逐位核对，多半是抄错了一位。")
WHOLE_NUMBER = N_("请照证件抄写完整号码。")

TEXTS = {
    "resident_id.letters": Text(
        N_("号码里有 {count} 个字符（{letters}）不该出现：身份证号码只有数字，最后一位可以是 X。"),
        N_("请对照原件，注意字母 O、I 与数字 0、1。"),
        "R023",
    ),
    "resident_id.length": Text(N_("身份证号码是 18 位，现在是 {length} 位。"), WHOLE_NUMBER, "R023"),
    "resident_id.fifteen": Text(
        N_("15 位的旧身份证号码已经停用。"), N_("请填写现在身份证上的 18 位号码，核对后可采用建议的写法。"), "R023"
    ),
    "resident_id.birth_date": Text(
        N_("号码第 7 至 14 位表示的出生日期 {year} 年 {month} 月 {day} 日不存在。"), CHECK_ORIGINAL, "R023"
    ),
    "resident_id.future_birth": Text(
        N_("号码里的出生日期 {year} 年 {month} 月 {day} 日还没有到。"), CHECK_ORIGINAL, "R023"
    ),
    "resident_id.check_digit": Text(N_("第 18 位“{last}”与前 17 位对不上。"), CHECK_ORIGINAL, "R023"),
    "resident_id.division": Text(
        N_("号码开头的“{division}”不是省级行政区划代码。"), N_("与原件一致的话，说明一下即可。"), "R023"
    ),
    "resident_id.age": Text(N_("按号码计算，年龄是 {age} 岁。"), N_("请核对出生日期；无误的话，说明一下即可。")),
    "resident_id.residence_permit": Text(
        N_("这是港澳台居民居住证的号码。"), N_("请把证件类型改为相应的居住证；确是居民身份证的，说明一下即可。"), "R004"
    ),
    "resident_id.permanent_resident": Text(
        N_("这像是外国人永久居留身份证的号码。"),
        N_("请核对证件类型；确是居民身份证的，说明一下即可。"),
        "R004",
    ),
    "credit_code.length": Text(N_("统一社会信用代码是 18 位，现在是 {length} 位。"), WHOLE_NUMBER, "R002"),
    "credit_code.letters": Text(
        N_("号码里有 {count} 个字符（{letters}）不该出现：统一社会信用代码不用字母 I、O、S、V、Z。"),
        N_("请对照原件，注意字母 O、I 与数字 0、1。"),
        "R002",
    ),
    "credit_code.check_digit": Text(N_("最后一位“{last}”与前 17 位对不上。"), CHECK_ORIGINAL, "R002"),
    "credit_code.organisation_digit": Text(
        N_("第 9 至 17 位的主体标识码与它的校验位对不上。"),
        N_("请对照原件核对；与原件一致的话，说明一下即可。"),
        "R002",
    ),
    "licence.length": Text(
        N_("营业执照号码是 18 位统一社会信用代码（旧执照是 15 位注册号），现在是 {length} 位。"), WHOLE_NUMBER, "R002"
    ),
    "licence.check_digit": Text(N_("注册号最后一位“{last}”与前 14 位对不上。"), CHECK_ORIGINAL, "R002"),
    "licence.old_number": Text(
        N_("这是旧的工商注册号，多数管局只认 18 位统一社会信用代码。"),
        N_("已换发新执照的，请填新号码；没有换发的，说明一下即可。"),
        "R020",
    ),
    "organisation_code.length": Text(N_("组织机构代码是 9 位，现在是 {length} 位。"), WHOLE_NUMBER, "R002"),
    "organisation_code.characters": Text(
        N_("组织机构代码是 8 位数字或大写字母，加 1 位数字或 X。"), N_("请照证件抄写，例如 D2143569-X。"), "R002"
    ),
    "organisation_code.check_digit": Text(N_("最后一位“{last}”与前 8 位对不上。"), CHECK_ORIGINAL, "R002"),
    "organisation_code.is_credit_code": Text(
        N_("这是 18 位统一社会信用代码，不是组织机构代码。"),
        N_("请把证件类型改为营业执照或统一社会信用代码证书。"),
        "R004",
    ),
    "passport.shape": Text(
        N_("护照号码由 5 至 17 位字母和数字组成。"), N_("请照护照资料页抄写，不要带空格和符号。"), "R002"
    ),
    "passport.is_resident_id": Text(
        N_("这是身份证号码，不是护照号码。"), N_("请改选证件类型，或填写护照号码。"), "R004"
    ),
    "hk_macao_permit.shape": Text(
        N_("港澳居民来往内地通行证的号码是 H 或 M 加 8 位（旧证 10 位）数字。"),
        N_("请照证件抄写，例如 H12345678。"),
        "R002",
    ),
    "taiwan_permit.shape": Text(
        N_("台湾居民来往大陆通行证的号码是 8 位数字（旧证 10 位）。"), N_("请照证件抄写。"), "R002"
    ),
    "taiwan_permit.unusual": Text(
        N_("台湾居民来往大陆通行证的号码通常是 8 位数字。"), N_("与证件一致的话，说明一下即可。"), "R002"
    ),
    "residence_permit.shape": Text(
        N_("居住证的公民身份号码是 18 位，最后一位可以是 X。"), N_("请照居住证抄写。"), "R002"
    ),
    "residence_permit.place": Text(
        N_("这种居住证的号码以 {places} 开头，现在是 {place}。"), N_("请核对号码和证件类型。"), "R004"
    ),
    "permanent_resident.shape": Text(
        N_("外国人永久居留身份证的号码是 3 个字母加 12 位数字，或以 9 开头的 18 位。"), N_("请照证件抄写。"), "R002"
    ),
    "permanent_resident.check_digit": Text(
        N_("最后一位“{last}”与前 17 位对不上。"), N_("请对照原件核对；与原件一致的话，说明一下即可。"), "R002"
    ),
    "certificate.credit_code": Text(
        N_("这个号码有 18 位，但不符合统一社会信用代码的编码规则。"),
        N_("请对照证件核对；证件上另有编号的，说明一下即可。"),
        "R002",
    ),
    "document.short": Text(N_("号码只有 {length} 位，太短了。"), WHOLE_NUMBER, "R002"),
    "document.no_digits": Text(N_("号码里没有数字。"), N_("请核对；与证件一致的话，说明一下即可。"), "R002"),
    "R019": Text(N_("按号码计算，负责人 {age} 岁，本省要求年满 {minimum} 岁。"), N_("请更换负责人。")),
    "principal.minor": Text(
        N_("按号码计算，负责人 {age} 岁，未满 18 岁。"), N_("本省可以备案，但要说明收入来源并准备证明。"), "R019"
    ),
    "R017": Text(N_("证件已于 {day} 到期。"), N_("请换证后再提交；已换新证的，填写新证上的日期。")),
    "R025": Text(N_("负责人的证件已于 {day} 到期。"), N_("请换证后再提交；已换新证的，填写新证上的日期。")),
    "R059": Text(N_("批准文件已于 {day} 到期。"), N_("请上传在有效期内的批准文件，并填写它的文号和日期。")),
    "date.shape": Text(N_("读不出日期“{typed}”。"), N_("请按“年-月-日”填写，例如 2030-05-20；没有期限的选“长期”。")),
    "date.no_such_day": Text(N_("“{typed}”这一天不存在。"), N_("请对照证件核对年、月、日。")),
    "date.not_long": Text(N_("开始日期不能是“长期”。"), N_("请填写证件上有效期开始的日期，例如 2016-05-20。")),
    "date.begins_later": Text(N_("有效期从 {day} 才开始。"), N_("请核对日期；无误的话，说明一下即可。")),
    "date.before_start": Text(N_("截止日期不晚于开始日期 {start}。"), N_("请对照证件核对两个日期，是否填反了。")),
    "date.ends_soon": Text(
        N_("有效期到 {day}，只剩 {days} 天，不足三个月。"),
        N_("多数管局要求至少还有三个月：请换证后填写新日期；暂时换不了的，说明原因。"),
        "R017",
    ),
    "date.id_card_term": Text(
        N_("从 {start} 到 {end} 不是身份证常见的有效期（5 年、10 年、20 年或长期）。"),
        N_("请对照身份证背面核对；无误的话，说明一下即可。"),
    ),
}
