"""What the bureau asks for is read element for element; what is absent, empty or odd survives."""

import csv

import pytest
from lxml import etree

from icp.bureau.codec import xml
from icp.bureau.codec.schema import DATA
from icp.bureau.messages import filing_data, register_data, task_data
from tests.bureau.exchange_cases import RESULT

READERS = {
    "ZXSJ": register_data.cancellations,
    "HMDLB": lambda g: (register_data.black_subjects(g), register_data.black_websites(g)),
    "FFJRHMD": task_data.illegal_accesses,
    "WBAWZLB": task_data.unfiled_sites,
    "HSRW": task_data.verifications,
    "HCJG": task_data.checks,
    "XGTZ": task_data.notices,
    "BASJ": lambda g: tuple(filing_data.filing(e) for e in g.iterfind("Baxx")),
}
LEFT_OUT = {
    "BASJ": {"Spwj"},  # scans come back as they were sent
}
"""Elements that stay in the sealed file only; regions are told by the lowest level."""


def group(name, inside):
    text = RESULT.format(f"<{name}>{inside}</{name}>")
    return xml.parse(text.encode("gbk")).find(f"ICP/{name}")


def elements(name):
    """Path below the group → type, from the interface's table."""
    rows = csv.DictReader((DATA / "download_elements.csv").read_text(encoding="utf-8").splitlines())
    start = f"/DownloadData/ICP/{name}/"
    return {row["path"].removeprefix(start): row for row in rows if row["path"].startswith(start)}


def example(name, value):
    """A group with every element once, each with a value of its own: ``value(path, kind)``."""
    rows = elements(name)
    root = etree.Element(name)
    nodes = {"": root}
    for path, row in rows.items():
        parent, _, tag = path.rpartition("/")
        nodes[path] = etree.SubElement(nodes[parent], tag)
        if row["kind"] != "group":
            nodes[path].text = value(path, row["kind"])
    return root


def flat(found):
    """Every value of dataclasses, tuples and lists, as text."""
    if hasattr(found, "__dataclass_fields__"):
        return [v for name in found.__dataclass_fields__ for v in flat(getattr(found, name))]
    if isinstance(found, tuple | list):
        return [v for one in found for v in flat(one)]
    return [str(found)]


@pytest.mark.parametrize("name", READERS)
def test_every_element_is_read(name):
    given = {}

    def value(path, kind):
        given[path] = str(1000 + len(given))
        return given[path]

    found = flat(READERS[name](example(name, value)))
    missing = {path for path, text in given.items() if text not in found}
    by_level = {p for p in missing if p.endswith(("Txdz/Shengid", "Txdz/Shiid"))}
    assert {p.rpartition("/")[2] for p in missing - by_level} == LEFT_OUT.get(name, set())


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", ["", " \n ", "九十九", "9" * 40, "-1", "1e3", "0x10"])
def test_odd_values_survive(name, text):
    READERS[name](example(name, lambda path, kind: text))


@pytest.mark.parametrize("name", READERS)
def test_a_group_without_anything_says_nothing(name):
    assert [v for v in flat(READERS[name](group(name, ""))) if v not in ("", "None")] == []


@pytest.mark.parametrize("name", READERS)
def test_records_without_anything_survive(name):
    tags = {path for path in elements(name) if "/" not in path}
    found = READERS[name](group(name, "".join(f"<{tag}/>" * 2 for tag in tags)))
    assert set(flat(found)) <= {"", "None", "0"}


def test_numbers():
    root = group("FFJRHMD", "<Ffjrxx><Id>42</Id><Ip>+3405803800</Ip><Zjjrz>1_000</Zjjrz><Szs>３５</Szs></Ffjrxx>")
    (found,) = task_data.illegal_accesses(root)
    assert (found.id, found.address, found.provider, found.province) == (42, 3405803800, None, "３５")
