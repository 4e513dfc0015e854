"""Texts about what is missing and about answers that don't go together."""

from __future__ import annotations

from icp.rules.message_texts.text import Text
from icp.vocabulary.text import N_

TEXTS = {
    "typed.spaces": Text(N_("提交时会去掉多余的空格和连接符。"), N_("不用重填。")),
    "typed.full_width": Text(N_("提交时会把全角字符改成半角。"), N_("不用重填。")),
    "typed.letter_case": Text(N_("提交时会统一字母的大小写。"), N_("不用重填。")),
    "typed.form": Text(N_("提交时会改成规范的写法。"), N_("请看一下建议的写法，不用重填。")),
    "required": Text(N_("这一项还没有填写。"), N_("请填写后再提交。")),
    "required.choice": Text(N_("这一项还没有选择。"), N_("请选择后再提交。")),
    "required.landline": Text(N_("单位必须填写办公电话。"), N_("请按“区号-号码”填写，例如 0591-87654321。"), "R033"),
    "required.emergency_phone": Text(
        N_("本省要求填写应急联系电话。"), N_("请填写另一个能联系到负责人的手机号。"), "R030"
    ),
    "required.legal_representative": Text(
        N_("法定代表人的姓名和证件号码要一起填写。"), N_("请补上另一项；负责人就是法定代表人的，两项都不用填。"), "R021"
    ),
    "required.approval": Text(N_("选了前置审批，还没有填写批准文件的这一项。"), N_("请照批准文件填写。"), "R059"),
    "required.remark": Text(
        N_("服务内容选了“其他”，请在备注里说明网站做什么。"), N_("写一两句话即可（20 至 200 字）。"), "R061"
    ),
    "required.website": Text(N_("还没有添加网站。"), N_("请至少添加一个网站。")),
    "filing_number.form": Text(
        N_("备案号的写法不对。"), N_("请照管局来信或工信部网站上的写法填写，例如 闽ICP备12345678号-1。")
    ),
    "filing_number.prefix": Text(N_("没有以“{prefix}”开头的备案号。"), N_("第一个字是省份简称，例如 京、沪、闽。")),
    "filing_number.subject": Text(N_("这是网站备案号，主体备案号不带 -{suffix}。"), N_("提交时会去掉，不用重填。")),
    "filing_number.website": Text(
        N_("这是主体备案号，网站备案号后面还有“-数字”。"), N_("请在网站底部或工信部网站查到完整的号码，例如 -1。")
    ),
    "filing_number.other_subject": Text(
        N_("这个网站不在主体 {subject} 名下。"), N_("一次只办一个主体的网站；请核对号码，或另办一份。")
    ),
    "change.nothing": Text(
        N_("内容和登记的一样，还没有改动。"), N_("请改动要变更的项目；不用变更的话，删除这份草稿即可。")
    ),
    "R092": Text(N_("变更不能换省份：登记在{recorded}。"), N_("请先注销，再到新省份重新备案；市和区县可以改。")),
    "change.individual": Text(N_("变更不能在个人和单位之间转换。"), N_("请先注销现在的备案，再以新的主体重新备案。")),
    "R018": Text(
        N_("您的身份证是{issued}签发的，备案地是{chosen}。"),
        N_("请上传本省有效的居住证，或改在户籍所在省备案。"),
    ),
    "outside_individual.refused": Text(
        N_("您的身份证是{issued}签发的，{chosen}多不受理外省个人备案。"),
        N_("请改在户籍所在省备案；户籍已迁入本省的，说明一下即可。"),
        "R018",
    ),
    "R031": Text(N_("主体负责人与网站负责人的应急联系电话相同。"), N_("本省要求两位负责人各填各的，请分别填写。")),
    "R032": Text(N_("两位负责人不是同一人，却填了同一个手机号。"), N_("请分别填写各自的号码。")),
    "principals.same_email": Text(N_("两位负责人不是同一人，却填了同一个邮箱。"), N_("请分别填写各自的邮箱。"), "R032"),
    "principals.emergency_is_mobile": Text(
        N_("应急联系电话与另一位负责人的手机号相同。"), N_("请填写另一个号码；无误的话，说明一下即可。"), "R031"
    ),
    "principals.same_number": Text(
        N_("两位负责人的证件号码相同，姓名却不同。"), N_("请核对姓名；是同一人的，选“与主体负责人相同”。"), "R024"
    ),
    "R037": Text(
        N_("本省要求：主体负责人不是法定代表人时，网站负责人须是同一人。"), N_("请选“与主体负责人相同”，或说明原因。")
    ),
    "principal.number_not_individual": Text(
        N_("个人备案的负责人就是主办者本人，现在两个证件号码不一样。"), N_("请核对两处号码，都照身份证填写。"), "R003"
    ),
    "domain.twice": Text(N_("另一个网站已经填了这个域名。"), N_("一个域名只属于一个网站，请改填或删去一个。"), "R053"),
    "website_name.twice": Text(N_("另一个网站用了同样的名称。"), N_("请给每个网站不同的名称。"), "R093"),
    "R064": Text(N_("本次有 {count} 个网站，本省一次最多 {limit} 个。"), N_("请删去多出的网站，下次再提交。")),
    "websites.subject_limit": Text(
        N_("本次有 {count} 个网站，本省一个主体一般最多 {limit} 个。"), N_("请减少网站，或说明原因。"), "R064"
    ),
    "R082": Text(N_("本次有 {count} 个网站，本省要求提供网站建设方案书。"), N_("请上传网站建设方案书。")),
}
