import socket

import pytest

from icp.bureau.client import Bureau, Endpoint, NoReply, NotSent, Previous, Refused, forget_wsdl
from icp.bureau.codec.packing import Cipher, pack
from icp.bureau.codec.wsdl import METHODS
from tests.bureau.soap_bureau import Bureau as Remote
from tests.bureau.soap_bureau import Server, Style

CIPHER = Cipher("ABCDEFGHIJKLMNOP", "0102030405060708")


@pytest.fixture
def remote():
    remote = Remote()
    server = Server(remote)
    forget_wsdl()
    yield remote
    server.stop()


def bureau(remote, **changes) -> Bureau:
    values = {
        "base_url": remote.address,
        "isp_id": 350000000001,
        "user": "beian-desk",
        "password": "秘密Pass1",
        "cipher": CIPHER,
        "encrypt": True,
        "timeout": 5.0,
    }
    return Bureau(Endpoint(**(values | changes)))


@pytest.mark.parametrize(
    "style",
    [
        Style(),
        Style(first="ispid", wrap="cdata"),
        Style(first="ispId", qualified=True, namespace="http://ws.beian.example/", wrap="bare"),
        Style(wrap="elements", action=""),
        Style(positional=True, namespace="urn:x"),
        Style(serve_wsdl=False),
    ],
    ids=lambda s: f"{s.first}-{s.wrap}-{s.positional}-{s.serve_wsdl}",
)
@pytest.mark.shows(*METHODS, "0")
def test_every_method_whatever_the_wsdl_looks_like(remote, style):
    remote.style = style
    link = bureau(remote)
    assert link.previous_upload() == Previous(0, "", "")
    packed = pack("<a>示</a>".encode("gbk"), "a.xml", encrypt=CIPHER)
    assert link.upload(packed, 1).message == "操作成功"
    assert remote.taken == [(1, "a.xml", "<a>示</a>")]
    assert link.previous_upload() == Previous(1, packed.hash_b64, "a.xml")
    assert link.download().file is None
    remote.offer("20300101_bj_1.xml", "<b/>")
    assert link.download().file.name == "20300101_bj_1.xml"
    assert link.acknowledge("20300101_bj_1.xml").code == 0
    status = link.query_status(0, "filed.example")
    assert (status.filed, status.website_number) == (True, "闽ICP备00000001号-1")
    assert link.query_status(1, "91350100M000100Y43").filed is False
    assert link.verify_filing_password("闽ICP备00000001号", "Bamm1234") is True
    assert link.verify_filing_password("闽ICP备00000001号", "other") is False


@pytest.mark.parametrize(
    ("declaration", "encoding", "content_type"),
    [
        ("", "gbk", "text/xml; charset=GBK"),
        ("", "gb18030", 'text/xml;charset="gb18030"; action=x'),
        ('<?xml version="1.0"?>', "gbk", "text/xml; charset=GB2312"),
        ('<?xml version="1.0"?>', "utf-8", "text/xml"),
        ("", "utf-8", "text/xml; charset=UTF-8"),
        ("", "utf-8", "text/xml; charset=ISO-8859-1"),
        ("", "utf-8", "text/xml; charset=nonsense"),
        ("", "utf-8-sig", "text/xml; charset=GBK"),
        ('<?xml version="1.0" encoding="GBK"?>', "gbk", "text/xml; charset=utf-8"),
    ],
)
def test_an_envelope_without_encoding_is_in_that_of_the_http_header(remote, declaration, encoding, content_type):
    remote.style = Style(declaration=declaration, encoding=encoding, content_type=content_type)
    status = bureau(remote).query_status(0, "filed.example")
    assert (status.website_name, status.subject_number) == ("示范", "闽ICP备00000001号")


@pytest.mark.parametrize(
    ("named", "encoding", "content_type"),
    [
        ("ISO-8859-1", "latin-1", "text/xml; charset=ISO-8859-1"),
        ("latin1", "latin-1", "text/xml"),
        ("US-ASCII", "ascii", "text/xml; charset=us-ascii"),
        ("US-ASCII", "ascii", "text/xml; charset=utf-8"),
        ("UTF-16", "utf-16", "text/xml; charset=utf-16"),
        ("UTF-16", "utf-16-le", "text/xml"),
        ("utf-16", "utf-16-be", "text/xml; charset=UTF-8"),
        ("UTF-16LE", "utf-16-le", "text/xml"),
        ("UTF-8", "utf-16", "text/xml"),
        ("utf-16", "utf-8", "text/xml"),
        ("utf-16", "gbk", "text/xml; charset=gbk"),
        ("GB18030", "gb18030", "text/xml"),
    ],
)
def test_an_envelope_is_read_in_the_encoding_it_is_in(remote, named, encoding, content_type):
    declaration = f'<?xml version="1.0" encoding="{named}"?>'
    remote.style = Style(declaration=declaration, encoding=encoding, content_type=content_type)
    status = bureau(remote).query_status(0, "filed.example")
    assert (status.website_name, status.subject_number) == ("示范", "闽ICP备00000001号")


@pytest.mark.parametrize("content_type", ["text/xml", "text/xml; charset=utf-8", "text/xml; charset*=utf-99'x'%ff"])
@pytest.mark.parametrize(
    ("named", "encoding"),
    [
        *((name, "ascii") for name in ("UTF-7", "UTF-32", "ebcdic-cp-us", "rot13", "unicode_escape", "punycode")),
        *((name, "ascii") for name in ("x-nobody-knows", "../../etc/passwd", "", " ", "n" * 5000, "gbk\0")),
        ("US-ASCII", "utf-8"),
        ("UTF-8", "gbk"),
        ("GBK", "utf-16"),  # a mark, and then half a character
        ("UTF-32", "utf-32"),
    ],
)  # fmt: skip
def test_an_envelope_in_an_encoding_nobody_reads_is_no_answer(remote, named, encoding, content_type):
    declaration = f'<?xml version="1.0" encoding="{named}"?>'
    remote.style = Style(declaration=declaration, encoding=encoding, content_type=content_type)
    if named == "GBK":
        remote.style.cut = 1
    with pytest.raises(NoReply, match="isp_querybeianstatus"):
        bureau(remote).query_status(0, "filed.example")


@pytest.mark.parametrize("inside", ["<!-- a -->", "<?do it?>"])
@pytest.mark.parametrize("wrap", ["escaped", "elements"])
def test_a_comment_in_an_envelope_does_no_harm(remote, inside, wrap):
    remote.style = Style(wrap=wrap, inside=inside)
    assert bureau(remote).query_status(0, "filed.example").filed


@pytest.mark.shows("14")
def test_refusals_carry_code_text_and_missing_numbers(remote):
    packed = pack(b"<a/>", "a.xml")
    with pytest.raises(Refused) as error:
        bureau(remote).upload(packed, 3)
    assert (error.value.code, error.value.message, error.value.reply.missing) == (14, "请先上报", (1, 2))
    with pytest.raises(Refused) as error:
        bureau(remote, password="wrong").previous_upload()
    assert error.value.code == 5


@pytest.mark.parametrize("trouble", ["lose", "after", "fault", "garbage"])
def test_without_a_readable_answer_nobody_knows(remote, trouble):
    remote.trouble("isp_upload", trouble)
    with pytest.raises(NoReply) as error:
        bureau(remote).upload(pack(b"<a/>", "a.xml"), 1)
    assert not isinstance(error.value, NotSent)
    assert "Pass1" not in str(error.value)
    assert remote.last == (1 if trouble == "after" else 0)


def test_a_bureau_that_is_not_there_has_got_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    forget_wsdl()
    with pytest.raises(NotSent):
        bureau(Remote(address=f"http://127.0.0.1:{port}")).upload(pack(b"<a/>", "a.xml"), 1)


def test_the_password_goes_only_to_the_configured_host(remote):
    # The WSDL names 10.0.0.1; calls arrive here all the same.
    bureau(remote).previous_upload()
    assert remote.calls == ["isp_querypreviousupload"]
