"""A tiny bureau written from the interface's description alone: it shares no code with the gateway's codec.

It can speak in other namespaces and spellings, wrap its answers in several ways, and misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import threading
import zipfile
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY, IV = b"ABCDEFGHIJKLMNOP", b"0102030405060708"
PARAMETERS = {
    "isp_upload": [
        "ispId", "userName", "randVal", "pwdHash", "beianInfo", "beianInfoHash", "dataSequence", "encryptAlgorithm",
        "hashAlgorithm", "compressionFormat",
    ],
    "isp_download": ["ispId", "userName", "randVal", "pwdHash", "hashAlgorithm"],
    "isp_downloadack": ["ispId", "userName", "randVal", "pwdHash", "hashAlgorithm", "fileName"],
    "isp_querypreviousupload": ["ispId", "userName", "randVal", "pwdHash", "hashAlgorithm"],
    "isp_querybeianstatus": [
        "ispId", "userName", "randVal", "pwdHash", "hashAlgorithm", "queryConditionType", "queryCondition",
    ],
    "isp_verifybamm": ["ispId", "userName", "randVal", "pwdHash", "hashAlgorithm", "baxh", "bamm"],
}  # fmt: skip
SERVICES = {
    "/ISPWebService/upDownLoad": ["isp_upload", "isp_download", "isp_downloadack", "isp_querypreviousupload"],
    "/BeianStatusWebService/queryBeianStatus": ["isp_querybeianstatus"],
    "/BeianStatusWebService/verifyBamm": ["isp_verifybamm"],
}
DECLARED = '<?xml version="1.0" encoding="GBK"?>'


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def aes(data: bytes, decrypt: bool = False) -> bytes:
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(IV))
    if decrypt:
        worker = cipher.decryptor()
        plain = worker.update(data) + worker.finalize()
        return plain[: -plain[-1]]
    worker = cipher.encryptor()
    fill = 16 - len(data) % 16
    return worker.update(data + bytes([fill]) * fill) + worker.finalize()


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(info, "w") as entry:  # takes an empty name as well
        entry.write(data)
    return buffer.getvalue()


@dataclass
class Style:
    """How this bureau's SOAP looks."""

    namespace: str = "http://somewhere.else/ns"
    qualified: bool = False
    first: str = "ispID"
    positional: bool = False  # parameters are called arg0, arg1 …
    action: str = "urn:act"
    wrap: str = "escaped"  # escaped, cdata, bare, elements
    serve_wsdl: bool = True
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>'  # of the envelope
    encoding: str = "utf-8"  # its bytes
    cut: int = 0  # bytes that are missing at its end
    inside: str = ""  # stands before what is returned
    otherwise: str = "xmlcharrefreplace"  # what becomes of characters that its encoding lacks
    content_type: str = "text/xml; charset=utf-8"  # of the answer


@dataclass
class Bureau:
    style: Style = field(default_factory=Style)
    isp_id: str = "350000000001"
    user: str = "beian-desk"
    password: str = "秘密Pass1"
    last: int = 0
    last_zip: bytes = b""
    taken: list[tuple[int, str, str]] = field(default_factory=list)  # sequence, entry name, XML
    waiting: deque[tuple[str, str]] = field(default_factory=deque)  # file name, XML
    spoilt: dict[str, bytes] = field(default_factory=dict)  # file name → what is sent instead of its zip
    acknowledged: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    troubles: dict[str, deque[object]] = field(
        default_factory=dict
    )  # method → codes, "lose", "fault", "garbage", "after"
    encrypt: bool = True
    address: str = ""
    filed: dict[str, tuple[str, str, str]] = field(
        default_factory=lambda: {"filed.example": ("示范", "闽ICP备00000001号", "闽ICP备00000001号-1")}
    )

    def trouble(self, method: str, *what: object) -> None:
        self.troubles.setdefault(method, deque()).extend(what)

    def offer(self, name: str, xml: str) -> None:
        self.waiting.append((name, xml))

    # what the methods do

    def answer(self, method: str, values: dict[str, str]) -> str | None:
        self.calls.append(method)
        queue = self.troubles.get(method)
        trouble = queue.popleft() if queue else None
        if isinstance(trouble, int):
            return self.reply(trouble, f"code {trouble}")
        if trouble in ("fault", "garbage"):
            return str(trouble)
        if trouble == "lose":
            return None
        rand = values["randVal"]
        expected = md5((self.password + rand).encode("gbk"))
        if len(rand) < 20:
            return self.reply(16, "")
        if values["ispId"] != self.isp_id or values["userName"] != self.user or values["pwdHash"] != expected:
            return self.reply(5, "密码错误")
        text = getattr(self, method)(values)
        return None if trouble == "after" else text

    def reply(self, code: int, message: str, inside: str = "") -> str:
        return f'<return version="V.3.0"><msg_code>{code}</msg_code><msg>{message}</msg>{inside}</return>'

    def isp_upload(self, values: dict[str, str]) -> str:
        sequence = int(values["dataSequence"])
        if sequence != self.last + 1:
            missing = "".join(
                f"<dataSequence>{n}</dataSequence>"
                for n in reversed(range(self.last + 1, max(sequence, self.last + 2)))
            )
            return self.reply(14, "请先上报", f"<dataSequences>{missing}</dataSequences>")
        data = base64.b64decode(values["beianInfo"])
        data = aes(data, decrypt=True) if values["encryptAlgorithm"] == "1" else data
        if md5(data) != values["beianInfoHash"]:
            return self.reply(7, "")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            text = archive.read(name).decode("gbk")
        self.last, self.last_zip = sequence, data
        self.taken.append((sequence, name, text))
        return self.reply(0, "操作成功")

    def _file(self, name: str, data: bytes, sequence: int | None = None) -> str:
        body = base64.encodebytes(aes(data) if self.encrypt else data).decode() if data else ""
        number = "" if sequence is None else f"<dataSequence>{sequence}</dataSequence>"
        return (
            "<fileInfos><hashAlgorithm>0</hashAlgorithm><compressionFormat>0</compressionFormat>"
            f"<encryptAlgorithm>{int(self.encrypt)}</encryptAlgorithm>{number}"
            f"<return_FileName>{name}</return_FileName><beianInfo>{body}</beianInfo>"
            f"<beianInfoHash>{md5(data) if data else ''}</beianInfoHash></fileInfos>"
        )

    def isp_download(self, values: dict[str, str]) -> str:
        if not self.waiting:
            return self.reply(2, "无数据")
        name, text = self.waiting[0]
        data = self.spoilt.get(name) or zipped(name, text.encode("gbk"))
        return self.reply(3 if len(self.waiting) > 1 else 0, "", self._file(name, data))

    def isp_downloadack(self, values: dict[str, str]) -> str:
        if self.waiting and self.waiting[0][0] == values["fileName"]:
            self.waiting.popleft()
        self.acknowledged.append(values["fileName"])
        return self.reply(0, "")

    def isp_querypreviousupload(self, values: dict[str, str]) -> str:
        name = self.taken[-1][1] if self.taken else ""
        return self.reply(0, "", self._file(name, self.last_zip, self.last))

    def isp_querybeianstatus(self, values: dict[str, str]) -> str:
        filed = values["queryCondition"] in self.filed
        name, *numbers = self.filed.get(values["queryCondition"], ("", "", ""))
        names = f"<Wzmc>{name}</Wzmc><Ztbah>{numbers[0]}</Ztbah><Wzbah>{numbers[1]}</Wzbah>" if filed else ""
        return self.reply(
            0,
            "",
            f"<StatusInfo><Cxtjlx>{values['queryConditionType']}</Cxtjlx><Cxtj>{values['queryCondition']}</Cxtj>"
            f"{names}<Bazt>{0 if filed else 1}</Bazt></StatusInfo>",
        )

    def isp_verifybamm(self, values: dict[str, str]) -> str:
        self.verified.append(values["baxh"])
        return self.reply(0, "", f"<VerifyRes>\n {0 if values['bamm'] == 'Bamm1234' else 1}\n</VerifyRes>")

    # SOAP

    def wsdl(self, path: str) -> str:
        style, parts = self.style, []
        space = style.namespace
        form = "qualified" if style.qualified else "unqualified"
        for method in SERVICES[path]:
            names = [style.first if n == "ispId" else n for n in PARAMETERS[method]]
            names = [f"arg{i}" for i in range(len(names))] if style.positional else names
            fields = "".join(f'<s:element name="{n}" type="s:string" minOccurs="0"/>' for n in names)
            group = f"<s:complexType><s:sequence>{fields}</s:sequence></s:complexType>"
            parts.append(f'<s:element name="{method}">{group}</s:element>')
            parts.append(
                f'<s:element name="{method}Response"><s:complexType><s:sequence>'
                '<s:element name="return" type="s:string" minOccurs="0"/></s:sequence></s:complexType></s:element>'
            )
        messages = "".join(
            f'<w:message name="{m}{s}"><w:part name="p" element="t:{m}{s}"/></w:message>'
            for m in SERVICES[path]
            for s in ("", "Response")
        )
        ports = "".join(
            f'<w:operation name="{m}"><w:input message="t:{m}"/><w:output message="t:{m}Response"/></w:operation>'
            for m in SERVICES[path]
        )
        bindings = "".join(
            f'<w:operation name="{m}"><b:operation soapAction="{style.action}/{m}"/>'
            '<w:input><b:body use="literal"/></w:input>'
            f'<w:output><b:body use="literal"/></w:output></w:operation>'
            for m in SERVICES[path]
        )
        return (
            '<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:b="http://schemas.xmlsoap.org/wsdl/soap/"'
            f' xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:t="{space}" targetNamespace="{space}">'
            f'<w:types><s:schema targetNamespace="{space}" elementFormDefault="{form}">{"".join(parts)}</s:schema>'
            f'</w:types>{messages}<w:portType name="P">{ports}</w:portType><w:binding name="B" type="t:P">'
            f'<b:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>{bindings}</w:binding>'
            f'<w:service name="S"><w:port name="Q" binding="t:B"><b:address location="http://10.0.0.1:8080{path}"/>'
            "</w:port></w:service></w:definitions>"
        )

    def call(self, path: str, body: bytes, action: str) -> bytes | None:
        envelope = ElementTree.fromstring(body)
        (call,) = next(e for e in envelope if e.tag.endswith("}Body"))
        space, _, method = call.tag[1:].rpartition("}")
        if self.style.serve_wsdl:
            assert space == self.style.namespace
            assert action.strip('"') == f"{self.style.action}/{method}"
        values = {}
        for place, element in enumerate(call):
            assert element.tag.startswith("{") is self.style.qualified or not self.style.serve_wsdl
            name = element.tag.rpartition("}")[2]
            if self.style.positional:
                name = PARAMETERS[method][place]
            values["ispId" if name.lower() == "ispid" else name] = element.text or ""
        assert list(values) == PARAMETERS[method]
        inner = self.answer(method, values)
        if inner is None:
            return None
        if inner == "fault":
            content = "<f:Fault><faultcode>f:Server</faultcode><faultstring>内部错误</faultstring></f:Fault>"
        elif inner == "garbage":
            return b"<html><body>Bad Gateway</body></html>"
        else:
            wrapped = {
                "escaped": html.escape(DECLARED + inner),
                "cdata": f"<![CDATA[{DECLARED}{inner}]]>",
                "bare": html.escape(re.sub(r' version="V.3.0"', "", inner)),
                "elements": re.sub(r"^<return[^>]*>|</return>$", "", inner),
            }[self.style.wrap]
            returned = f"<return>{self.style.inside}{wrapped}</return>"
            content = f'<m:{method}Response xmlns:m="{space}">{returned}</m:{method}Response>'
        answer = (
            f'{self.style.declaration}<f:Envelope xmlns:f="http://schemas.xmlsoap.org/soap/envelope/">'
            f"<f:Body>{content}</f:Body></f:Envelope>"
        ).encode(self.style.encoding, self.style.otherwise)
        return answer[: len(answer) - self.style.cut]


class Server:
    """Serves a bureau on a free port of the loopback address."""

    def __init__(self, bureau: Bureau) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                if query != "wsdl" or path not in SERVICES or not bureau.style.serve_wsdl:
                    self.send_error(404)
                    return
                self._send(bureau.wsdl(path).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = bureau.call(self.path, body, self.headers.get("SOAPAction", ""))
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._send(answer, bureau.style.content_type)

            def _send(self, body: bytes, content_type: str = "text/xml; charset=utf-8") -> None:
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.server.daemon_threads = True
        bureau.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
