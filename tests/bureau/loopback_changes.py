"""Records of the groups beyond the first filing, made from what is on record; and who reports them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from icp.bureau.codec.numbers import ip_to_int
from icp.loopback_bureau import downloads
from icp.loopback_bureau.server import Running
from tests.bureau.loopback_caller import Caller
from tests.bureau.loopback_filing import ISP, access, attachment, element, file, principal, sponsor, website

OTHER = 350000000003
RECORDS = {
    "XZBA": "Baxx",
    "XZWZ": "Xzxx",
    "XZJR": "Xzxx",
    "BGBA": "Bgxx",
    "ZXBA": "Zx_xx",
    "XZHYD": "Fjxx",
    "HSJG": "Hsjgxx",
    "WBACLJG": "Clxx",
}
PASSWORD = "Bamm1234"
MD5 = hashlib.md5(PASSWORD.encode("gbk"), usedforsecurity=False).hexdigest()


def grouped(group: str, *records: dict[str, Any], isp: int = ISP) -> Any:
    return file(*records, group=group, record=RECORDS[group], isp=isp)


def other_provider(bureau: Running) -> Caller:
    """A second provider, with an account of its own."""
    bureau.bureau.add_account(OTHER, name="别家云", user_name="other", password="other-password")
    return Caller(bureau.url, isp=OTHER, user="other", password="other-password")


@dataclass
class Site:
    """A filing on record: the ids and numbers that later requests name."""

    ztid: int
    number: str
    wzid: int
    website_number: str
    ymid: int
    jrid: int
    ipid: int
    data: Any


def enter(
    bureau: Running, record: dict[str, Any], isp_id: int = ISP, number: str = "", password: str = PASSWORD
) -> Site:
    """Put a filing on record without a request, and read it back."""
    done = bureau.bureau.register(element("Baxx", record), isp_id, number, password)
    return on_record(bureau, done.number, isp_id)


def on_record(bureau: Running, number: str, isp_id: int = ISP) -> Site:
    """What is on record under a sponsor's number, with the ids of its first website."""
    with bureau.bureau.store.read() as connection:
        row = connection.execute("SELECT id FROM sponsor WHERE number = ?", (number,)).fetchone()
        top = etree.Element("BASJ")
        downloads.add_filing(top, connection, row["id"], isp_id)

    def number_at(path: str) -> int:
        return int(top.findtext(f"Baxx/{path}") or 0)

    return Site(
        number_at("Zt_xx/Ztid"),
        number,
        number_at("Wz_xx/Wzid"),
        top.findtext("Baxx/Wz_xx/Baxh") or "",
        number_at("Wz_xx/Ym_xx/Ymid"),
        number_at("Wz_xx/Jr_xx/Jrid"),
        number_at("Wz_xx/Jr_xx/Ip_xx/Ipid"),
        top[0],
    )


def new_website(site: Site, number: int = 5, domain: str = "tea.example", **changes: Any) -> dict[str, Any]:
    return {
        "Zt_xx": {"Ztbah": site.number},
        "Wz_xx": [website(number, domain)],
        "Fj": [attachment(owner_id={"Jlid": 80000 + number}), attachment(3, 1, {"Baxh": site.number})],
        "ICPmm": None,
    } | changes


def new_access(site: Site, number: int = 7, **changes: Any) -> dict[str, Any]:
    new = access(number, ("192.0.2.77", "192.0.2.77"))
    return {
        "Wz_xx": {"Wzbah": site.website_number},
        "IspJrid": new["IspJrid"],
        "Wzfb": new["Wzfb"],
        "Wzjrfs": new["Wzjrfs"],
        "Ip_xx": new["Ip_xx"],
        "Fj": [attachment(owner_id={"Baxh": site.website_number})],
        "ICPmm": MD5,
    } | changes


def kept_access(site: Site, **changes: Any) -> dict[str, Any]:
    address = ip_to_int("192.0.2.1")
    return {
        "Jrid": site.jrid,
        "Wzfb": {"Fbdd": 4},
        "Wzjrfs": {"Jrfs": 3},
        "Ip_xx": [{"IspIpid": 96010, "Ipid": site.ipid, "Qsip": address, "Zzip": address}],
    } | changes


def kept_website(site: Site, number: int = 1, domain: str = "qingwu.example", **changes: Any) -> dict[str, Any]:
    return {
        "Wzid": site.wzid,
        "Wzmc": f"青梧手作馆 {number}",
        "Nrlx": None,
        "Fwnr": {"Fwnr_id": 8},
        "Yylb": {"Yylb_id": 1},
        "Ym_xx": [{"IspYmid": 90000 + number, "Ymid": site.ymid, "Ym": domain}],
        "Jr_xx": [kept_access(site)],
        "Wz_Fzr": principal(),
        "Baxh": site.website_number,
        "Syurl": f"www.{domain}",
    } | changes


def kept_sponsor(site: Site, **changes: Any) -> dict[str, Any]:
    kept = sponsor() | {"IspZtid": None, "Bbfs": None, "Ztid": site.ztid, "Baxh": site.number}
    return kept | changes


def change(site: Site, **changes: Any) -> dict[str, Any]:
    """A change that changes nothing; `Zt_xx` and `Wz_xx` say what is new."""
    return {
        "Zt_xx": kept_sponsor(site),
        "Wz_xx": [kept_website(site)],
        "Fj": [attachment(owner_id={"Jlid": site.wzid})],
        "ICPmm": None,
    } | changes


def cancellation(kind: int, bureau_id: int, **changes: Any) -> dict[str, Any]:
    password = MD5 if kind == 0 else None
    return {"Zxlb": kind, "Jlid": bureau_id, "Zxly": 1, "Zxlybz": "客户已迁出", "ICPmm": password} | changes


def material(owner: int, owner_id: dict[str, Any], purpose: int = 1, **changes: Any) -> dict[str, Any]:
    return attachment(purpose, owner, owner_id, **changes)["Fjxx"]  # type: ignore[no-any-return]


def person_as_verified(**changes: Any) -> dict[str, Any]:
    person = principal(**changes)
    names = {"Fzr_sjhm": "sjhm"}
    return {names.get(name, name): value for name, value in person.items()}


def verification(site: Site, **changes: Any) -> dict[str, Any]:
    """An answer to a task of verification: everything as it is on record."""
    subject = kept_sponsor(site) | {"Baxh": None, "Fzr": person_as_verified()}
    kept = kept_website(site)
    verified = {name: kept[name] for name in ("Wzid", "Wzmc", "Fwnr", "Ym_xx", "Jr_xx", "Wz_Fzr", "Syurl")} | {
        "Wz_Fzr": person_as_verified()
    }
    verified["Ym_xx"] = [{"Ymid": site.ymid, "Ym": "qingwu.example"}]
    own = kept_access(site)
    own["Ip_xx"] = [{name: value for name, value in own["Ip_xx"][0].items() if name != "IspIpid"}]
    verified["Jr_xx"] = [own | {"Bbfs": 1}]
    return {
        "Hsjg": 0,
        "Hsrxm": "王敏",
        "Hssj": "2026-11-20",
        "Bbdw": ISP,
        "Hsyj": "与备案一致",
        "Cwxx": None,
        "Baxx": {"Zt_xx": subject, "Wz_xx": [verified]},
    } | changes


def handled(domain: str = "unfiled.example", ip: str = "192.0.2.200", **changes: Any) -> dict[str, Any]:
    return {
        "Ym": domain,
        "IP": ip_to_int(ip),
        "Yys": ISP,
        "Jrs": ISP,
        "Shengid": 350000,
        "Cljg": 1,
        "Clyj": "已停止接入",
        "Rbsj": "2026-11-01",
        "Clsx": "2026-11-20",
    } | changes
