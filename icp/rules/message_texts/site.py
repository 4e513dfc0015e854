"""Texts about websites, their approvals and their access."""

from __future__ import annotations

from icp.rules.message_texts.text import Text
from icp.vocabulary.text import N_

DOMAIN_EXAMPLE = N_("请填写注册时的域名，例如 example.com，不要带 www。")

TEXTS = {
    "R038": Text(N_("网站名称不能以“{word}”开头。"), N_("请改用单位全称或简称；确属国家级单位的，请联系我们。")),
    "website_name.national_word": Text(
        N_("网站名称里有“{word}”，管局会问起它与单位的关系。"),
        N_("请说明这个名称的来历，或改用单位全称、简称。"),
        "R038",
    ),
    "R039": Text(N_("网站名称不能全是英文字母和数字。"), N_("请使用中文名称，例如单位的全称或简称。")),
    "website_name.no_letters": Text(N_("网站名称里没有文字。"), N_("请使用中文名称，例如单位的全称或简称。"), "R039"),
    "website_name.special": Text(N_("网站名称里有特殊符号：{characters}。"), N_("请去掉这些符号。"), "R039"),
    "website_name.signs": Text(
        N_("网站名称里有符号：{characters}，有的管局不接受。"), N_("名称本来如此的，说明一下即可；否则请去掉。"), "R039"
    ),
    "R040": Text(N_("网站名称不能直接用域名。"), N_("请填写中文名称，例如单位的全称或简称。")),
    "R041": Text(N_("网站名称至少三个汉字，现在有 {count} 个。"), N_("请写得完整些，例如单位的全称或简称。")),
    "website_name.long": Text(
        N_("网站名称有 {length} 个字，超过 {limit} 个字。"), N_("请改短些；名称本来如此的，说明一下即可。")
    ),
    "R042": Text(N_("网站名称含有敏感词“{word}”。"), N_("请更换名称；从事相关公益宣传的单位，说明一下即可。")),
    "website_name.authority": Text(
        N_("网站名称里有“{word}”，容易被当作机关网站。"), N_("请更换名称，或说明与它的关系。"), "R042"
    ),
    "R043": Text(
        N_("网站名称与单位名称“{subject}”没有相同的字。"),
        N_("请改用单位全称或简称；用产品名或商标的，请说明，并备好商标证明。"),
    ),
    "R044": Text(
        N_("个人网站名称里有“{word}”，像是单位的网站。"), N_("请换成能说明网站内容的名称，或以单位名义备案。")
    ),
    "website_name.personal_name": Text(
        N_("个人网站名称里有您的姓名，多数管局不接受。"), N_("请换成能说明网站内容的名称，或说明理由。"), "R044"
    ),
    "website_name.place": Text(
        N_("个人网站名称以地名开头，多数管局不接受。"), N_("请换成能说明网站内容的名称，或说明理由。"), "R044"
    ),
    "R045": Text(
        N_("网站名称里有“{word}”，管局会问前置审批。"),
        N_("涉及的，请在前置审批里选出并填写批准文号；不涉及的，说明一下即可。"),
    ),
    "R046": Text(N_("一个网站只能填一个域名。"), N_("请留下一个，其余的另外添加网站。")),
    "R047": Text(N_("域名里有不能使用的字符，或写法不对。"), DOMAIN_EXAMPLE),
    "domain.idn": Text(N_("中文域名报送时使用编码 {ascii}，页面上仍显示中文。"), N_("不用重填。")),
    "domain.underscore": Text(N_("域名里不能有下划线。"), N_("请核对是否应为连字符“-”。"), "R047"),
    "domain.is_ip": Text(N_("这是 IP 地址，不是域名。"), DOMAIN_EXAMPLE, "R047"),
    "domain.is_mail": Text(N_("这是邮箱地址，不是域名。"), DOMAIN_EXAMPLE, "R047"),
    "domain.no_suffix": Text(N_("缺少域名后缀，例如 .com 或 .cn。"), DOMAIN_EXAMPLE, "R047"),
    "domain.suffix_only": Text(N_("“{suffix}”只是域名后缀，前面还缺一段。"), DOMAIN_EXAMPLE, "R047"),
    "domain.sub_domain": Text(
        N_("这是“{root}”的子域名，子域名不单独备案。"), N_("请填写“{root}”；只有 gov.cn 的子域名可以单独备案。"), "R047"
    ),
    "domain.reserved": Text(N_("后缀“{suffix}”只作示例用，注册不到这样的域名。"), N_("正式备案时请填写已注册的域名。")),
    "R048": Text(N_("没有“{suffix}”这个域名后缀，或它未获工信部批复。"), N_("请核对拼写，或更换域名。")),
    "R062": Text(
        N_("域名后缀与单位性质不符。"),
        N_("事业单位请用 .cn 或 .公益，党政机关请用 .gov.cn 或 .政务；另有安排的，说明原因。"),
    ),
    "R054": Text(N_("首页网址不在域名“{domain}”之下。"), N_("请填写这个域名下的首页，例如 www.{domain}。")),
    "home_url.shape": Text(N_("读不出首页网址。"), N_("请填写打开首页的网址，例如 www.example.com。"), "R054"),
    "home_url.is_ip": Text(N_("首页网址不能是 IP 地址。"), N_("请填写域名下的首页，例如 www.example.com。"), "R054"),
    "R060": Text(N_("个人网站选了“{contents}”。"), N_("个人一般选“博客/个人空间”或“其他”；无误的话，说明一下即可。")),
    "service_content.many": Text(N_("选了 {count} 项服务内容。"), N_("请只留网站主要做的几项。"), "R060"),
    "pre_approvals.none_and_some": Text(
        N_("既选了“以上都不涉及”，又选了审批类型。"),
        N_("请只留一种：涉及的选出类型，都不涉及的只选“以上都不涉及”。"),
        "R059",
    ),
    "pre_approvals.individual": Text(
        N_("个人取得不了这类前置审批。"), N_("请以单位名义备案，或改选“以上都不涉及”。"), "R059"
    ),
    "approval_number.no_digits": Text(
        N_("批准文号里没有数字。"), N_("请照批准文件抄写文号；无误的话，说明一下即可。"), "R059"
    ),
    "R061": Text(
        N_("服务内容选了“其他”，备注只有 {length} 个字。"), N_("请用一两句话说明网站做什么（20 至 200 字）。")
    ),
    "ip.v6": Text(
        N_("这是 IPv6 地址。"), N_("管局接口目前只收 IPv4 地址：请填写 IPv4 地址，IPv6 地址不用填。"), "R066"
    ),
    "ip.octet": Text(N_("“{address}”里有一段不是 0 到 255 的数。"), N_("请核对，例如 203.0.113.24。"), "R066"),
    "ip.shape": Text(N_("读不出 IP 地址“{address}”。"), N_("请填写 IPv4 地址，例如 203.0.113.24，一行一个。"), "R066"),
    "ip.reversed": Text(N_("起始地址 {first} 大于终止地址 {last}。"), N_("请把两个地址对调。")),
    "ip.twice": Text(N_("{address} 填了两次，提交时只留一个。"), N_("不用重填。")),
    "ip.large": Text(
        N_("{address} 一共 {count} 个地址。"), N_("请核对是否只填了这个网站用的地址；无误的话，说明一下即可。")
    ),
    "ip.documentation": Text(N_("{address} 是只作示例用的地址。"), N_("请填写您在本站购买的公网 IP。"), "R066"),
    "R065": Text(N_("{address} 不属于本接入商分配给您的地址。"), N_("请填写您在本站购买的公网 IP。")),
    "R066": Text(N_("{address} 是内网或保留地址，不能备案。"), N_("请填写您在本站购买的公网 IP。")),
}
