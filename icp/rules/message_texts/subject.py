"""Texts about the subject, its addresses and its principals."""

from __future__ import annotations

from icp.rules.message_texts.text import Text
from icp.vocabulary.text import N_

EXPLAIN = N_("请核对；无误的话，说明一下即可。")
MOBILE_EXAMPLE = N_("请填写 11 位中国大陆手机号，例如 13900000000。")
LANDLINE_EXAMPLE = N_("请按“区号-号码”填写，例如 0591-87654321。")

TEXTS = {
    "code.unknown": Text(N_("“{value}”不在可选项中。"), N_("请从列表里重新选择。")),
    "R004": Text(N_("单位性质是“{organisation}”时，不能用“{document}”。"), N_("请改选：{allowed}；或改选单位性质。")),
    "principal.document_type": Text(
        N_("“{document}”不是个人证件。"), N_("请选择负责人本人的证件，例如居民身份证。"), "R004"
    ),
    "R036": Text(N_("法定代表人持外籍或港澳台证件。"), N_("本省要求授权一名持内地身份证的人员作为负责人，请修改。")),
    "region.unknown": Text(N_("没有“{value}”这个行政区划。"), N_("请从列表里选择省、市、区。"), "R006"),
    "region.incomplete": Text(N_("只选到了“{region}”。"), N_("请继续选到区或县。"), "R006"),
    "region.no_bureau": Text(N_("香港、澳门、台湾地区不办理 ICP 备案。"), N_("请选择内地的省、市、区。"), "R006"),
    "R006": Text(
        N_("证件住所在{named}，所属区域却选了{chosen}：单位不能跨省备案。"),
        N_("请把所属区域改为证件住所所在的省、市、区。"),
    ),
    "address.outside_individual": Text(
        N_("证件住所在{named}，所属区域选了{chosen}。"),
        N_("在居住地备案的，请准备本省的居住证；否则请改选户籍所在省。"),
        "R018",
    ),
    "address.city": Text(N_("地址写的是“{named}”，所属区域选了“{chosen}”。"), EXPLAIN, "R006"),
    "address.district": Text(N_("地址写的是“{named}”，所属区域选了“{chosen}”。"), EXPLAIN, "R006"),
    "address.short": Text(N_("地址太短。"), N_("请完整抄写证件上的地址，不要简写。"), "R005"),
    "address.symbols": Text(
        N_("地址里有少见的符号：{symbols}。"), N_("请去掉符号；确有需要的，说明一下即可。"), "R008"
    ),
    "address.other_province": Text(
        N_("通信地址在{named}，所属区域选了{chosen}。"), N_("请填写{chosen}内能收到信的地址，或改选所属区域。"), "R009"
    ),
    "R007": Text(
        N_("通信地址里没有看到门牌号。"),
        N_("请写到楼栋和门牌号；确实没有的，在备注里写明“通信地址已为最详细地址”。"),
    ),
    "R008": Text(N_("“{region}”已在上方选择，提交时会从通信地址里去掉。"), N_("不用重填。")),
    "R009": Text(N_("通信地址写的是“{named}”，所属区域选了“{chosen}”。"), N_("请改为同一城市的地址，或说明原因。")),
    "R010": Text(
        N_("投资人或主管单位没有填写真实名称。"),
        N_("企业填写投资人或法定代表人姓名，事业单位填写主管单位，个人填写本人姓名。"),
    ),
    "supervisor.not_self": Text(N_("个人备案时，这里通常填写本人姓名。"), EXPLAIN, "R010"),
    "person_name.digits": Text(N_("姓名里有数字。"), N_("请照证件填写姓名。"), "R024"),
    "person_name.characters": Text(N_("姓名里有不该出现的字符：{characters}。"), N_("请照证件填写姓名。"), "R024"),
    "person_name.short": Text(N_("姓名只有一个字。"), N_("请填写证件上的全名；确是如此的，说明一下即可。"), "R024"),
    "person_name.title": Text(N_("姓名后面像是带了称呼“{title}”。"), N_("请只填写证件上的姓名。"), "R024"),
    "principal.not_individual": Text(
        N_("个人备案的负责人就是主办者本人，现在两个姓名不一样。"), N_("请核对两处姓名，都照身份证填写。"), "R021"
    ),
    "R021": Text(
        N_("主体负责人与法定代表人姓名不同，本省要求由法定代表人担任。"), N_("请核对；确需他人担任的，说明原因。")
    ),
    "subject_name.no_letters": Text(N_("名称里没有文字。"), N_("请照证件填写全称。"), "R001"),
    "subject_name.short": Text(
        N_("名称只有 {length} 个字，像是简称。"), N_("请照证件填写全称；证件上就是如此的，说明一下即可。"), "R001"
    ),
    "subject_name.brackets": Text(
        N_("名称里用了半角括号，证件上通常是全角“（）”。"), N_("请对照证件；证件上就是半角的，说明一下即可。"), "R001"
    ),
    "subject_name.spaces": Text(
        N_("名称的汉字之间有空格。"), N_("请对照证件；证件上就有空格的，说明一下即可。"), "R001"
    ),
    "subject_name.open_bracket": Text(N_("名称里的括号不成对。"), N_("请对照证件补全。"), "R001"),
    "mobile.characters": Text(N_("手机号里有数字以外的字符。"), MOBILE_EXAMPLE, "R026"),
    "mobile.length": Text(N_("手机号是 11 位，现在是 {length} 位。"), MOBILE_EXAMPLE, "R026"),
    "mobile.prefix": Text(N_("手机号不会以“{prefix}”开头。"), MOBILE_EXAMPLE, "R026"),
    "mobile.landline": Text(N_("这是固定电话号码。"), N_("请在这里填写手机号，固定电话填在“联系方式 2”。"), "R026"),
    "mobile.series": Text(N_("号段“{series}”还不常见。"), N_("请核对；号码能接通的话，说明一下即可。"), "R026"),
    "R030": Text(N_("应急联系电话与手机号相同。"), N_("请填写另一个能联系到您的号码。")),
    "emergency_phone.landline": Text(
        N_("应急联系电话填的是固定电话。"), N_("管局多要求手机号；没有第二个手机号的，说明一下即可。")
    ),
    "landline.mobile": Text(N_("填的是手机号，本省可以代替办公电话。"), N_("有办公电话的，填办公电话更好。")),
    "landline.mobile_unwanted": Text(
        N_("填的是手机号，本省要求填写办公电话。"), N_("请按“区号-号码”填写；确实没有的，说明原因。"), "R033"
    ),
    "landline.same_as_mobile": Text(
        N_("与手机号相同，本省要求两个号码不同。"), N_("请填写办公电话，或另一个手机号。"), "R033"
    ),
    "landline.mobile_remark": Text(
        N_("填的是手机号，本省要求在备注里写明是谁的号码。"), N_("请在备注里写明使用人的姓名和职务。"), "R033"
    ),
    "landline.service_number": Text(
        N_("这是客服热线，不能作办公电话。"), N_("请填写带区号的固定电话，例如 0591-87654321。"), "R033"
    ),
    "landline.no_area_code": Text(N_("缺少区号。"), LANDLINE_EXAMPLE, "R033"),
    "landline.no_zero": Text(N_("区号前少了 0。"), LANDLINE_EXAMPLE, "R033"),
    "landline.shape": Text(N_("读不出区号和号码：区号 3 或 4 位，号码 7 或 8 位。"), LANDLINE_EXAMPLE, "R033"),
    "landline.area_unknown": Text(N_("没有查到区号“{area}”。"), EXPLAIN, "R033"),
    "landline.length": Text(N_("区号 {area} 的号码通常不是 {length} 位。"), EXPLAIN, "R033"),
    "R033": Text(N_("区号 {area} 不是{province}的区号。"), N_("请填写备案地的办公电话；无误的话，说明一下即可。")),
    "email.no_at": Text(N_("邮箱里没有 @。"), N_("请填写完整的邮箱，例如 name@example.com。"), "R034"),
    "email.several": Text(N_("填了不止一个邮箱。"), N_("请只填一个常用邮箱，备案号和备案密码会发到那里。"), "R034"),
    "email.local_part": Text(
        N_("@ 前面有中文或其他特殊文字，许多邮件系统收不到。"), N_("请换一个由字母和数字组成的邮箱。"), "R034"
    ),
    "email.shape": Text(N_("邮箱格式不对，收不到信。"), N_("请对照您的邮箱设置填写，例如 name@example.com。"), "R034"),
    "email.slip": Text(N_("“{host}”像是“{meant}”的笔误。"), EXPLAIN, "R034"),
    "remark.too_long": Text(N_("这里写了 {length} 个字，管局接口最多收 {limit} 个。"), N_("请写得短些。")),
    "remark.long": Text(
        N_("备注有 {length} 个字，超过 {limit} 个字管局可能不看。"), N_("请精简，只留审核需要的内容。")
    ),
    "gbk.name": Text(
        N_("管局系统的字库（GBK）里没有这 {count} 个字：{characters}。"),
        N_("姓名和名称请照证件填写，并在备注里写明它的读音和字形；由审核员与管局核实。"),
    ),
    "gbk.text": Text(
        N_("管局系统的字库（GBK）里没有这 {count} 个字：{characters}。"),
        N_("请换成常用的字或符号；换不了的，说明它的读音和字形。"),
    ),
    "text.long": Text(N_("有 {length} 个字，最多 {limit} 个字。"), N_("请精简到 {limit} 个字以内。")),
    "text.short": Text(N_("只有 {length} 个字符，至少 {limit} 个。"), N_("请填写完整。")),
}
