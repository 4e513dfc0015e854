"""Postal addresses, against the region chosen: R005 to R009."""

from __future__ import annotations

import re

from icp.rules.canonical import as_text, half_width_letters, one_line
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings
from icp.vocabulary import Regions
from icp.vocabulary.regions import GROUPS

MOST_DETAILED = "最详细地址"
_PLACE = re.compile(
    r"[0-9〇零一二三四五六七八九十百]\s*[A-Za-z]?\s*(号|栋|幢|座|楼|室|层|单元|弄|组|房|铺|队|#|区)|\d[-－—/]\d|\d{2,}$"
)
_UNUSUAL = re.compile(r"[!@$%^&*=+~|\\<>{}\[\]?;\"'`！￥…？；“”‘’《》【】★☆]")
_PROVINCE_KINDS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")
# What may follow a place's short name when it isn't the place: 北京路, 上海大厦.
_NOT_A_PLACE = re.compile(r"(东|西|南|北|中)?(路|街|道|巷|弄|大厦|大道|广场|花园|小区|城|楼)")


def short_name(province: str) -> str:
    """A province's name without its kind: `广西壮族自治区` → `广西`."""
    for kind in _PROVINCE_KINDS:
        if province.endswith(kind):
            return province.removesuffix(kind)
    return province


def province_at_head(address: str, regions: Regions) -> str:
    """The code of the province an address begins with, `""` when it names none."""
    for option in regions.children(""):
        if not address.startswith(option.zh[:2]):  # no name or short name is shorter
            continue
        if address.startswith(option.zh):
            return option.code
        short = short_name(option.zh)
        rest = address.removeprefix(short)
        if rest != address and not _NOT_A_PLACE.match(rest) and _names_city(rest, option.code, regions):
            return option.code
    return ""


def _names_city(rest: str, province: str, regions: Regions) -> bool:
    below = [o for city in regions.children(province) for o in (city, *regions.children(city.code))]
    rest = rest.removeprefix("省").removeprefix("市")
    return any(rest.startswith(option.zh) for option in below if len(option.zh) > 2)


def _without_province(address: str, province: str, regions: Regions) -> str:
    name = regions.name(province)
    for head in (name, short_name(name) + "省", short_name(name)):
        rest = address.removeprefix(head).lstrip(" ,，、")
        if rest != address and (head == name or not _NOT_A_PLACE.match(rest)):
            return rest
    return address


def document_address(path: str, value: Value, context: Context) -> Checked:
    """The address on the document; province, city and district it names must be those of the region."""
    found = Findings(path)
    address = half_width_letters(one_line(as_text(value)))
    regions: Regions = context.vocabulary.regions
    region = context.text("subject.region_code").strip()
    province, city, _ = regions.path(region)
    named = province_at_head(address, regions)
    if province and named and named != province:
        individual = context.vocabulary.is_individual(context.text("subject.organisation_type").strip())
        values = {"named": regions.name(named), "chosen": regions.name(province)}
        if individual:
            found.warn("address.outside_individual", **values)
        else:
            found.error("R006", **values)
    elif city:
        _other_city(_without_province(address, province, regions), region, regions, found)
    if len(address) < 4:
        found.warn("address.short")
    return found.checked(address)


def _other_city(rest: str, region: str, regions: Regions, found: Findings) -> None:
    """Warn of another city or district of the province than the one chosen."""
    province, city, district = regions.path(region)
    for option in regions.children(province):
        if rest.startswith(option.zh) and option.zh != regions.name(city):
            if option.zh in {o.zh for o in regions.children(city)}:
                continue
            found.warn("address.city", named=option.zh, chosen=regions.full_name(region))
            return
    rest = rest.removeprefix(regions.name(city)).lstrip(" ,，、")
    for option in regions.children(city):
        if len(option.zh) > 2 and rest.startswith(option.zh) and option.code != district and district:
            found.warn("address.district", named=option.zh, chosen=regions.full_name(region))
            return


def street_part(address: str, region: str, regions: Regions) -> str:
    """The address without the region at its head, in any of its abbreviations; unchanged when nothing would stay."""
    province, city, district = regions.path(region)
    rest = _without_province(address, province, regions) if province else address
    if rest.startswith((short := short_name(regions.name(city))) + regions.name(district)):
        rest = rest.removeprefix(short)
    for code in (city, district):
        name = regions.name(code)
        if name and name not in GROUPS:
            rest = rest.removeprefix(name).lstrip(" ,，、")
    rest = rest.strip()
    return rest if len(rest) >= 2 else address


def mailing_address(path: str, value: Value, context: Context) -> Checked:
    """Where post arrives, from the street on; the region is chosen above it (R007, R008, R009)."""
    found = Findings(path)
    typed = half_width_letters(one_line(as_text(value)))
    regions: Regions = context.vocabulary.regions
    region = context.text("subject.region_code").strip()
    city = regions.path(region)[1]
    address = street_part(typed, region, regions) if city else typed
    while city and address != (shorter := street_part(address, region, regions)):
        address = shorter
    if address != typed:
        found.inform("R008", address, region=regions.full_name(region))
    if city:
        _elsewhere(address, region, regions, found, context)
    if symbols := "".join(dict.fromkeys(_UNUSUAL.findall(address))):
        found.warn("address.symbols", symbols=symbols)
    if not _PLACE.search(address) and MOST_DETAILED not in context.text("subject.remark"):
        found.warn("R007")
    return found.checked(address)


def _elsewhere(address: str, region: str, regions: Regions, found: Findings, context: Context) -> None:
    province, city, _ = regions.path(region)
    named = province_at_head(address, regions)
    if named and named != province:
        found.error("address.other_province", named=regions.name(named), chosen=regions.name(province))
        return
    for option in regions.children(province):
        if address.startswith(option.zh) and option.code != city and len(option.zh) > 2:
            strict = context.vocabulary.province_rules(province).addresses_in_same_city
            (found.error if strict else found.warn)("R009", named=option.zh, chosen=regions.name(city))
            return
