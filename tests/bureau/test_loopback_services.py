"""The six methods: sign-in, sequence, storage, queue, queries; by zeep from the served WSDL and by hand."""

from __future__ import annotations

import base64
import io
import threading
import zipfile

import pytest
import requests
import zeep.exceptions

from icp.bureau.codec import auth, packing, wsdl
from icp.loopback_bureau.config import ConfigError
from icp.loopback_bureau.server import listen
from tests.bureau.loopback_caller import CIPHER, ENVELOPE, Caller, codes, unpacked
from tests.bureau.loopback_filing import ISP, access, file, filing, website, xml_bytes
from tests.bureau.soap_bureau import zipped

METHODS = tuple(wsdl.METHODS)
EXTRA = {
    "isp_upload": {
        "beianInfo": "",
        "beianInfoHash": "",
        "dataSequence": 1,
        "encryptAlgorithm": 0,
        "compressionFormat": 0,
    },
    "isp_downloadack": {"fileName": "x.xml"},
    "isp_querybeianstatus": {"queryConditionType": 0, "queryCondition": "qingwu.example"},
    "isp_verifybamm": {"baxh": "闽ICP备2026000001号", "bamm": "Abcdefg2"},
}

SIGN_IN = (
    ({"randVal": "A" * 19}, 16),
    ({"ispID": 1}, 12),
    ({"userName": "somebody"}, 4),
    ({"password": "wrong"}, 5),
    ({"hashAlgorithm": 1}, 10),
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("changes", "code"), SIGN_IN)
@pytest.mark.shows(by=("method", "code"))
def test_sign_in_is_refused_in_every_method(caller, method, changes, code):
    reply = caller.call(method, **(EXTRA.get(method, {}) | changes))
    assert reply.code == code
    assert reply.message


def test_the_first_fault_that_holds_is_answered(caller, bureau):
    bureau.bureau.trouble("code_901", 1)
    everything = {"randVal": "short", "ispID": 1, "userName": "x", "password": "x", "hashAlgorithm": 9}
    for code in (901, 16, 12, 4, 5, 10):
        assert caller.call("isp_querypreviousupload", **everything).code == code
        for name in {16: ["randVal"], 12: ["ispID"], 4: ["userName"], 5: ["password"]}.get(code, []):
            del everything[name]


@pytest.mark.shows("13")
def test_a_provider_of_another_province_is_refused(caller, bureau):
    bureau.bureau.set_account(ISP, province="110000")
    assert caller.call("isp_download").code == 13


@pytest.mark.shows("19", "20")
def test_reports_need_permission_and_the_hours_of_reporting(caller, bureau):
    bureau.bureau.set_account(ISP, permitted=0)
    assert caller.upload(file(filing())).code == 19
    bureau.bureau.set_account(ISP, permitted=1, hours="00:00-00:00")
    refused = caller.upload(file(filing()))
    assert refused.code == 20
    assert refused.message == "请在规定时段内报备：00:00-00:00"
    assert caller.call("isp_download").code == 2


@pytest.mark.parametrize(
    ("method", "code"), [(m, 902 if m in ("isp_download", "isp_downloadack") else 901) for m in METHODS]
)
@pytest.mark.shows(by=("method", "code"))
def test_maintenance(caller, bureau, method, code):
    bureau.bureau.trouble(f"code_{code}")
    assert caller.call(method, **EXTRA.get(method, {})).code == code


def test_upload_by_zeep_with_the_served_wsdl(bureau):
    caller = Caller(bureau.url, by_zeep=True)
    try:
        assert caller.upload(file(filing())).code == 0
        previous = caller.call("isp_querypreviousupload")
        assert previous.file.data_sequence == 1
        assert unpacked(previous.file).xml == xml_bytes(file(filing()))
        bureau.bureau.approve(wait(bureau))
        roots = caller.take()
        assert codes(roots[0]) == [1001]
        status = caller.call("isp_querybeianstatus", queryConditionType=0, queryCondition="qingwu.example").status
        assert status.filed
        assert caller.call("isp_verifybamm", baxh=status.subject_number, bamm="nonsense").verified is False
        with pytest.raises(zeep.exceptions.ValidationError):
            caller.call("isp_download", hashAlgorithm=None)
    finally:
        caller.close()


def wait(bureau) -> str:
    bureau.bureau.settle()
    return bureau.bureau.requests("pending")[0]["number"]


@pytest.mark.parametrize("name", ["ispID", "ispId", "ispid"])
def test_the_first_parameter_may_be_spelled_in_three_ways(bureau, name):
    assert Caller(bureau.url, isp_name=name).call("isp_download", **{name: ISP}).code == 2


def test_qualified_parameters_and_other_encodings_are_read(bureau, caller):
    rand = auth.rand_val()
    pairs = {
        "ispId": ISP,
        "userName": "beian-desk",
        "randVal": rand,
        "pwdHash": auth.password_hash("loopback-only", rand),
        "hashAlgorithm": " 0 ",
    }
    inner = "".join(f"<m:{k}>{v}</m:{k}>" for k, v in pairs.items())
    envelope = ENVELOPE.format(f'<m:isp_download xmlns:m="urn:any">{inner}</m:isp_download>')
    address = bureau.url + "/ISPWebService/upDownLoad"
    for data, kind in (
        (envelope.encode(), "text/xml; charset=utf-8"),
        (('<?xml version="1.0" encoding="GBK"?>' + envelope).encode("gbk"), "text/xml"),
        (envelope.encode(), "application/soap+xml"),
    ):
        answer = requests.post(address, data, headers={"Content-Type": kind}, timeout=20)
        assert answer.status_code == 200
        assert "<msg_code>2</msg_code>" in answer.text.replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize(
    "body",
    [
        "not xml",
        "<a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        ENVELOPE.format(""),
        ENVELOPE.format("<isp_nothing/>"),
        ENVELOPE.format("<isp_querybeianstatus/>"),
        ENVELOPE.format("<isp_download/>"),
        ENVELOPE.format(
            "<isp_download><ispID>eins</ispID><userName/><randVal/><pwdHash/><hashAlgorithm>0</hashAlgorithm></isp_download>"
        ),
    ],
)
def test_what_is_no_call_is_a_soap_fault(bureau, caller, body):
    answer = caller.post(bureau.url + "/ISPWebService/upDownLoad", body)
    assert answer.status_code == 500
    assert "<faultcode>soap:Client</faultcode>" in answer.text


@pytest.mark.parametrize(
    "name", ["undefined", "punycode", "idna", "utf-7", "unicode_escape", "rot13", "nothing", "é", "x" * 300]
)
@pytest.mark.parametrize("place", ["header", "declaration"])
def test_an_encoding_that_no_envelope_is_written_in_is_a_soap_fault(bureau, name, place):
    head, declared = (f"; charset={name}", "utf-8") if place == "header" else ("", name)
    call = ENVELOPE.format("<isp_download/>")
    answer = requests.post(
        bureau.url + "/ISPWebService/upDownLoad",
        f'<?xml version="1.0" encoding="{declared}"?>{call}'.encode(),
        headers={"Content-Type": ("text/xml" + head).encode("latin-1")},
        timeout=20,
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/xml; charset=utf-8")
    assert "<faultcode>soap:Client</faultcode>" in answer.text


def test_wsdl_names_the_address_it_is_served_under(bureau):
    for path in wsdl.SERVICES.values():
        answer = requests.get(f"{bureau.url}{path}?wsdl", timeout=20)
        assert answer.status_code == 200
        assert f'location="{bureau.url}{path}"' in answer.text
        assert requests.get(f"{bureau.url}{path}", timeout=20).status_code == 404


def test_only_this_machine_is_answered(bureau):
    assert requests.get(bureau.url + "/healthz", timeout=20).json() == {"status": "ok"}
    assert requests.get(bureau.url + "/healthz", headers={"Host": "evil.example"}, timeout=20).status_code == 403
    for host in ("0.0.0.0", "::", "192.0.2.1", "localhost"):
        with pytest.raises(ConfigError):
            listen(host, 0)


def test_a_taken_port_is_replaced_by_a_free_one(bureau):
    taken = int(bureau.url.rpartition(":")[2])
    with listen("127.0.0.1", taken) as other:
        assert other.getsockname()[1] not in (0, taken)


# ---- upload


def zip_of(*names: str, content: bytes = b"<a/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def packed(data: bytes) -> dict[str, object]:
    return {"beianInfo": base64.b64encode(data).decode(), "beianInfoHash": packing.md5_b64(data), "encryptAlgorithm": 0}


UPLOAD_FAULTS = (
    ("algorithm", {"encryptAlgorithm": 2}, 9),
    ("compression", {"compressionFormat": 1}, 11),
    ("gap", {"dataSequence": 3}, 14),
    ("not encrypted", packed(zip_of("a.xml")) | {"encryptAlgorithm": 1}, 6),
    ("hash", {"beianInfoHash": packing.md5_b64(b"other")}, 7),
    ("not base64", {"beianInfo": "!!!", "encryptAlgorithm": 0}, 7),
    ("not a zip", packed(b"no archive"), 8),
    ("no name", packed(zipped("", b"<a/>")), 8),
    ("a line break in the name", packed(zip_of("a\n1.xml")), 8),
    ("a name GBK can't write", packed(zip_of("😀.xml")), 8),
    ("a name of 129 bytes", packed(zip_of("a" * 125 + ".xml")), 8),
    ("two files", packed(zip_of("a.xml", "b.xml")), 17),
    ("no file", packed(zip_of()), 17),
    ("too large", packed(zip_of("a.xml", content=b"0" * (50 * 1024 * 1024 + 1))), 18),
)


@pytest.mark.parametrize(("changes", "code"), [f[1:] for f in UPLOAD_FAULTS], ids=[f[0] for f in UPLOAD_FAULTS])
@pytest.mark.shows(by="code")
def test_an_upload_that_is_refused_leaves_no_trace(caller, changes, code):
    assert caller.upload(file(filing()), **changes).code == code
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    assert caller.upload(file(filing())).code == 0


def test_a_name_of_128_bytes_is_taken_and_answered_by(caller):
    name = "a" * 124 + ".xml"
    assert caller.upload(b"<UploadData/>", name=name).code == 0
    assert caller.take()[0].findtext(".//Dmms").startswith(name)


@pytest.mark.parametrize("name", ["a-1.xml", "报送.xml", "a b.xml", "a/b.xml", "beian_(2).XML", "a"])
def test_any_name_that_can_be_said_is_taken_and_answered_by(caller, name):
    data = packed(zip_of(name, content=b"<UploadData/>"))
    assert caller.upload(b"", **data).code == 0
    assert caller.call("isp_querypreviousupload").file.name == name
    assert caller.take()[0].findtext(".//Dmms").startswith(name)


@pytest.mark.shows("15")
def test_a_full_queue_is_15(serve):
    bureau = serve(queue_limit=1)
    caller = Caller(bureau.url)
    assert caller.upload(file(filing())).code == 0
    assert caller.upload(file(filing(2, "b.example"))).code == 15
    bureau.bureau.settle()
    assert caller.upload(file(filing(2, "b.example"))).code == 0


@pytest.mark.shows("isp_upload", "14")
def test_sequence(caller):
    assert caller.upload(file(filing()), sequence=1).code == 0
    gap = caller.upload(file(filing()), sequence=5)
    assert (gap.code, gap.missing) == (14, (2, 3, 4))
    for used in (1, 0, -3):
        again = caller.call("isp_upload", **{**EXTRA["isp_upload"], "dataSequence": used})
        assert (again.code, again.missing) == (14, (2,))
    assert caller.upload(file(filing()), sequence=2).code == 0


def test_two_uploads_with_one_number_give_one_file(bureau, caller):
    replies = []
    gate = threading.Barrier(4)

    def send(number: int) -> None:
        gate.wait()
        replies.append(Caller(bureau.url).upload(file(filing(number, f"d{number}.example")), sequence=1).code)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [0, 14, 14, 14]


@pytest.mark.parametrize("encrypt", [True, False])
@pytest.mark.shows("isp_querypreviousupload")
def test_the_previous_upload_comes_back_as_it_was(caller, encrypt):
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    root = file(filing())
    caller.upload(root, name="mine.xml", encrypt=encrypt)
    reply = caller.call("isp_querypreviousupload").file
    assert (reply.data_sequence, reply.name, reply.encrypt_algorithm) == (1, "mine.xml", int(encrypt))
    assert reply.hash_b64 == packing.pack(xml_bytes(root), "mine.xml", encrypt=CIPHER).hash_b64
    assert unpacked(reply).xml == xml_bytes(root)
    assert max(map(len, reply.data_b64.split())) == 76


# ---- download


def two_results(caller) -> None:
    caller.upload(file(filing(Fj=[], Wz_xx=[website(Jr_xx=access(1, ("10.0.0.1", "10.0.0.1")))])))
    caller.upload(file(filing(Wz_xx=[website(Fwnr={"Fwnr_id": 60})], Fj=[])))


@pytest.mark.shows("isp_download", "isp_downloadack", "2", "3", "21")
def test_the_head_of_the_queue_stays_until_it_is_acknowledged(caller):
    assert caller.call("isp_download").code == 2
    two_results(caller)
    first = caller.call("isp_download")
    assert first.code == 3
    assert caller.call("isp_download").file.name == first.file.name
    assert caller.call("isp_downloadack", fileName="").code == 21
    assert caller.call("isp_downloadack", fileName="other.xml").code == 999
    for _ in range(2):
        assert caller.call("isp_downloadack", fileName=first.file.name).code == 0
    second = caller.call("isp_download")
    assert second.code == 0
    assert second.file.name != first.file.name
    assert caller.call("isp_downloadack", fileName=second.file.name).code == 0
    assert caller.call("isp_download").code == 2


@pytest.mark.parametrize("encrypt", [0, 1])
def test_downloads_are_encrypted_by_the_accounts_setting(serve, encrypt):
    bureau = serve(encrypt=encrypt)
    caller = Caller(bureau.url)
    two_results(caller)
    got = caller.call("isp_download").file
    assert got.encrypt_algorithm == encrypt
    assert all(len(line) <= 76 for line in got.data_b64.splitlines())
    assert got.name.endswith("_fj_1.xml")
    assert unpacked(got).name == got.name


# ---- queries


@pytest.mark.shows("isp_querybeianstatus", "999")
def test_status_of_domain_and_certificate(serve):
    bureau = serve(decision="approve")
    caller = Caller(bureau.url)
    ask = lambda kind, text: caller.call("isp_querybeianstatus", queryConditionType=kind, queryCondition=text)  # noqa: E731
    assert ask(0, "qingwu.example").status.filed is False
    caller.upload(file(filing()))
    caller.take()
    found = ask(0, "Qingwu.Example").status
    assert (found.filed, found.website_name) == (True, "青梧手作馆 1")
    assert found.website_number == f"{found.subject_number}-1"
    assert ask(0, "www.qingwu.example").status.filed is False
    by_licence = ask(1, "91350100m000100y43").status
    assert (by_licence.filed, by_licence.subject_number) == (True, found.subject_number)
    assert (by_licence.website_number, by_licence.website_name) == ("", "")
    assert ask(2, "91350100M000100Y43").status.filed is False
    assert ask(12, "91350100M000100Y43").code == 999
    assert ask(0, "a.b").code == 999


@pytest.mark.shows("isp_verifybamm", "22")
def test_password_checks_are_limited(serve, tmp_path):
    bureau = serve(decision="approve")
    caller = Caller(bureau.url)
    caller.upload(file(filing()))
    caller.take()
    number = bureau.bureau.requests("approved")[0]["filing_number"]
    (letter,) = (tmp_path / "instance" / "mail").glob("*.eml")
    password = base64.b64decode(letter.read_text().partition("\n\n")[2]).decode().partition("备案密码：")[2].split()[0]
    verify = lambda text, bamm: caller.call("isp_verifybamm", baxh=text, bamm=bamm)  # noqa: E731
    assert verify(number, password).verified is True
    assert verify(f"{number}-1", password).verified is True
    assert verify(number, password.swapcase()).verified is False
    assert verify(number, "中文").verified is False
    assert verify(number, "🙂").verified is False
    over = verify(number, password)
    assert (over.code, over.verified) == (22, None)
    assert "5" in over.message
    assert verify("闽ICP备00000000号", password).verified is False
