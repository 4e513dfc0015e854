"""Files and replies that go wrong on purpose: each switch spoils what it says, once, and leaves the queue whole."""

from __future__ import annotations

import pytest
import requests
from lxml import etree

from icp.bureau.codec import packing, replies, schema, wsdl, xml
from icp.bureau.codec.packing import PackingError
from icp.bureau.codec.xml import XmlError, XmlFault
from icp.loopback_bureau import issuing, mischief, troubles
from tests.bureau.loopback_caller import Caller, codes, unpacked
from tests.bureau.loopback_filing import ISP, file, filing, website


@pytest.fixture
def waiting(bureau, caller) -> Caller:
    """A caller for whom one result waits."""
    caller.upload(file(filing(Wz_xx=[website(Fwnr={"Fwnr_id": 60})], Fj=[])))
    bureau.bureau.settle()
    return caller


def delivered(bureau, caller, trouble: str) -> replies.FileInfo:
    bureau.bureau.trouble(trouble, 1)
    got = caller.call("isp_download").file
    assert codes(caller.take()[0]) == [1034]  # the next delivery is good
    return got


# Another key opens one file in 256 by chance, its padding being right; then the hash tells.
ARCHIVES = (
    ("bad_hash", [7]),
    ("undecryptable", [6, 7]),
    ("damaged_zip", [8]),
    ("zip_bomb", [8]),
    ("two_files", [17]),
    ("oversized", [18]),
)


@pytest.mark.parametrize(("trouble", "codes"), ARCHIVES)
def test_archives_that_are_refused(bureau, waiting, trouble, codes):
    got = delivered(bureau, waiting, trouble)
    with pytest.raises(PackingError) as refused:
        unpacked(got)
    assert refused.value.code in codes


DOCUMENTS = (
    ("truncated", XmlFault.SYNTAX),
    ("deep", XmlFault.SYNTAX),
    ("wrong_encoding", XmlFault.ENCODING),
    ("utf8_as_gbk", XmlFault.ENCODING),
    ("entity_bomb", XmlFault.DOCTYPE),
    ("external_entity", XmlFault.DOCTYPE),
)


@pytest.mark.parametrize(("trouble", "fault"), DOCUMENTS)
def test_documents_that_are_refused(bureau, waiting, trouble, fault):
    got = delivered(bureau, waiting, trouble)
    with pytest.raises(XmlError) as refused:
        xml.parse(unpacked(got).xml)
    assert refused.value.fault is fault


def test_a_hostile_document_is_well_formed_but_for_what_is_hostile(bureau, waiting):
    got = unpacked(delivered(bureau, waiting, "external_entity")).xml
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    assert etree.fromstring(got, parser).tag == "DownloadData"


@pytest.mark.parametrize(
    ("trouble", "path"),
    [
        ("unknown_element", "ICP/BAJG/Jg_xx/Xinzd"),
        ("unread_group", "ICP/XXTG/Tgxx/Bt"),
        ("comment", "ICP/BAJG/Jg_xx/Jgxx/Jgdm"),
        ("czlx_35", "ICP/BAJG/Jg_xx[Czlx='35']"),
        ("unknown_code", "ICP/BAJG/Jg_xx/Jgxx[Jgdm='8888']"),
        ("other_version", "self::*[@version='V.4.0']"),
        ("empty_file", "ICP[not(*)]"),
    ],
)
def test_documents_with_something_new(bureau, waiting, trouble, path):
    root = xml.parse(unpacked(delivered(bureau, waiting, trouble)).xml)
    assert root.tag == "DownloadData"
    assert root.xpath(path)
    valid = trouble not in ("unknown_element", "unread_group")
    assert (schema.check_download(root) == []) is valid


def test_another_root(bureau, waiting):
    assert xml.parse(unpacked(delivered(bureau, waiting, "other_root")).xml).tag == "UploadData"


def test_another_entry_name(bureau, waiting):
    got = delivered(bureau, waiting, "other_entry_name")
    assert unpacked(got).name == "data.xml" != got.name


def test_plain_downloads(bureau, waiting):
    got = delivered(bureau, waiting, "plain_download")
    assert got.encrypt_algorithm == packing.NO_ENCRYPTION
    assert codes(xml.parse(unpacked(got).xml)) == [1034]


def test_code_tables_and_synchronisations_can_be_spoilt_as_well(bureau, caller):
    bureau.bureau.issue(issuing.synchronise, ISP, tables=True)
    for trouble in ("unknown_element", "unread_group", "truncated", "empty_file"):
        bureau.bureau.trouble(trouble, 1)
        assert caller.call("isp_download").file is not None
    assert len(caller.take()) == 3  # filings, code tables, the purposes of attachments


def test_filing_data_may_come_after_the_queue_was_empty_once(bureau, caller):
    bureau.bureau.trouble("data_late", 1)
    caller.upload(file(filing(Fj=[])))
    bureau.bureau.settle()
    bureau.bureau.approve(bureau.bureau.requests("pending")[0]["number"])
    (results,) = caller.take()
    assert codes(results) == [1001]
    (data,) = caller.take()
    assert data.find("ICP/BASJ") is not None
    assert caller.take() == []


# ---- the reply around it


def raw(bureau, waiting, trouble: str, method: str = "isp_download", **values) -> tuple[str, str]:
    """The envelope's text and the document inside ``return``."""
    bureau.bureau.trouble(trouble, 1)
    texts: list[str] = []

    class Listening(Caller):
        def post(self, address: str, envelope: str) -> requests.Response:
            answer = super().post(address, envelope)
            texts.append(answer.text)
            return answer

    Listening(bureau.url).call(method, **values)
    return texts[0], etree.fromstring(texts[0].encode()).findtext(".//return")


def test_how_a_reply_is_written(bureau, waiting):
    plain = "plain_download"
    envelope, inner = raw(bureau, waiting, plain)
    assert "<![CDATA[" not in envelope
    assert inner.startswith(replies.DECLARATION)
    assert '<return version="V.3.0">' in inner
    lines = etree.fromstring(inner.removeprefix(replies.DECLARATION)).findtext(".//beianInfo").splitlines()
    assert {len(line) for line in lines[:-1]} == {76}
    envelope, _ = raw(bureau, waiting, "return_cdata")
    assert "<![CDATA[<?xml" in envelope
    _, inner = raw(bureau, waiting, "no_declaration")
    assert inner.startswith("<return")
    _, inner = raw(bureau, waiting, "no_version")
    assert "<return>" in inner
    _, inner = raw(bureau, waiting, "base64_in_one_line")
    data = inner.partition("<beianInfo>")[2].partition("<")[0]
    assert len(data) > 76
    assert "\n" not in data


def test_padded_values_are_read_as_if_they_were_not(bureau, waiting):
    asked = {"queryConditionType": 1, "queryCondition": "91350100M000100Y43"}
    _, inner = raw(bureau, waiting, "padded_values", "isp_querybeianstatus", **asked)
    assert "<Wzmc/>" in inner
    status = replies.parse(inner).status
    assert (status.filed, status.website_name, status.website_number) == (False, "", "")
    _, inner = raw(bureau, waiting, "padded_values", "isp_verifybamm", baxh="闽ICP备00000000号", bamm="x")
    assert replies.parse(inner).verified is False
    assert ">\n  1\n<" in inner


def test_replies_that_are_none(bureau, waiting):
    bureau.bureau.trouble("garbled_reply", 1)
    with pytest.raises(replies.ReplyError):
        waiting.call("isp_download")
    bureau.bureau.trouble("fault", 1)
    answer = waiting.post(bureau.url + wsdl.SERVICES["upDownLoad"], "<a/>")
    assert "soap:Client" in answer.text  # nobody's fault but the caller's
    with pytest.raises(AssertionError, match="soap:Server"):
        waiting.call("isp_download")
    assert waiting.call("isp_download").file is not None


def test_a_fault_after_acceptance_leaves_the_file_taken(bureau, caller):
    bureau.bureau.trouble("fault", 1)
    with pytest.raises(AssertionError):
        caller.upload(file(filing()))
    assert caller.call("isp_querypreviousupload").file.data_sequence == 1


def test_every_switch_has_an_effect_somewhere():
    handled = {*mischief.TEXTS, *mischief.ARCHIVES, *mischief.REPLIES}
    assert handled <= troubles.TROUBLES.keys()
    assert [t.name for t in troubles.TROUBLES.values() if t.group not in troubles.GROUPS] == []


def test_all_at_once_are_still_handed_out(bureau, waiting):
    for trouble in mischief.TEXTS:
        bureau.bureau.trouble(trouble, 1)
    got = waiting.call("isp_download")
    with pytest.raises((PackingError, XmlError)):
        xml.parse(unpacked(got.file).xml)
    assert codes(waiting.take()[0]) == [1034]
