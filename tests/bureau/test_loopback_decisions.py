"""Decisions and what follows: results, complete filing, number, password by mail; policies, restarts, troubles."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import requests

from icp.bureau.codec.packing import PackingError
from icp.loopback_bureau.__main__ import main
from icp.loopback_bureau.config import Config, ConfigError
from icp.loopback_bureau.decide import Undecidable
from icp.loopback_bureau.server import running
from icp.loopback_bureau.troubles import UnknownTrouble
from tests.bureau.loopback_caller import Caller, codes, unpacked
from tests.bureau.loopback_filing import ISP, access, file, filing, other_sponsor, picture, website

LETTERS = re.compile(r"主体备案号：(\S+)\n备案密码：(\S+)\n")


def pending(bureau) -> str:
    bureau.bureau.settle()
    return bureau.bureau.requests("pending")[0]["number"]


def letters(tmp_path: Path) -> list:
    found = sorted((tmp_path / "instance" / "mail").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def shape(roots) -> list[str]:
    """What each file holds: `Jg1001 Gjsh1`, `BASJ` …"""
    found = []
    for root in roots:
        parts = [f"Jg{code}" for code in codes(root)] + [f"Gjsh{node.text}" for node in root.iter("Shjg")]
        found.append(" ".join(parts) or root.find("ICP")[0].tag)
    return found


def test_approval(bureau, caller, tmp_path):
    scans = {"Nrlx_xx": {"Nrlx_id": 3, "Qzsph": "闽教 1 号", "Spwj": [picture()]}}
    sites = [
        website(1, Nrlx=scans, Jr_xx=access(1, ("192.0.2.1", "192.0.2.9"), ("198.51.100.1", "198.51.100.1"))),
        website(2, "tea.example", Wz_Bz="茶"),
    ]
    caller.upload(file(filing(Wz_xx=sites)))
    assert caller.take() == []
    number = bureau.bureau.approve(pending(bureau), "同意")
    assert re.fullmatch(r"闽ICP备20\d\d000001号", number)
    results, data = caller.take()
    assert shape([results]) == ["Jg1001 Gjsh1"]
    assert (results.findtext(".//Bs"), results.findtext(".//Jlid")) == ("70001", "70001")
    assert results.findtext(".//Shyj") == "同意"
    record = data.find("ICP/BASJ/Baxx")
    assert record.findtext("Zt_xx/Baxh") == number
    assert record.findtext("Zt_xx/IspZtid") == "70001"
    assert [site.findtext("Baxh") for site in record.findall("Wz_xx")] == [f"{number}-1", f"{number}-2"]
    first = record.find("Wz_xx")
    assert (first.findtext("IspWzid"), first.findtext("Ym_xx/IspYmid")) == ("80001", "90001")
    assert (first.findtext("Jr_xx/IspJrid"), first.findtext("Jr_xx/Ispid")) == ("95001", str(ISP))
    assert [r.findtext("Qsip") for r in first.findall("Jr_xx/Ip_xx")] == ["3221225985", "3325256705"]
    assert first.findtext("Nrlx/Nrlx_xx/Spwj") == scans["Nrlx_xx"]["Spwj"][0]
    ids = [node.text for name in ("Ztid", "Wzid", "Ymid", "Jrid", "Ipid") for node in record.iter(name)]
    assert len(set(ids)) == len(ids) == 10
    (letter,) = letters(tmp_path)
    assert letter["To"] == "lin@qingwu.example"
    named, password = LETTERS.search(letter.get_content()).groups()
    assert named == number
    assert caller.call("isp_verifybamm", baxh=number, bamm=password).verified is True
    assert password.encode() not in bureau.bureau.config.database.read_bytes()


def test_numbers_rise_and_follow_the_sponsors_province(bureau, caller):
    beijing = other_sponsor(2, Txdz={"Shengid": 110000, "Shiid": 110100, "Xianid": 110105})
    third = other_sponsor(3, Zj={"Zjlx": 1, "Zjhm": "350200100012346", "Zjzs": "海沧"})
    caller.upload(file(filing(), filing(2, "b.example", Zt_xx=beijing), filing(3, "c.example", Zt_xx=third)))
    caller.take()
    given = [bureau.bureau.approve(row["number"]) for row in bureau.bureau.requests("pending")]
    assert [re.sub(r"20\d\d", "年", number) for number in given] == [
        "闽ICP备年000001号",
        "京ICP备年000001号",
        "闽ICP备年000002号",
    ]


def test_rejection(bureau, caller, tmp_path):
    caller.upload(file(filing()))
    number = pending(bureau)
    with pytest.raises(Undecidable):
        bureau.bureau.reject(number, " ")
    bureau.bureau.reject(number, "网站名称不规范🙂")
    (results,) = caller.take()
    assert shape([results]) == ["Jg1002 Gjsh0"]
    assert results.findtext(".//Shyj") == "网站名称不规范?"
    assert letters(tmp_path) == []
    with pytest.raises(Undecidable):
        bureau.bureau.approve(number)
    caller.upload(file(filing(2)))
    assert bureau.bureau.approve(pending(bureau))


def test_a_processing_error_by_hand(bureau, caller):
    caller.upload(file(filing()))
    bureau.bureau.fail(pending(bureau), 1020, "青梧手作馆")
    (results,) = caller.take()
    assert shape([results]) == ["Jg1020"]
    assert "青梧手作馆" in results.findtext(".//Dmms")


@pytest.mark.parametrize("number", ["闽ICP备1号", "京ICP备2026000009号", "闽ICP备2026000009"])
def test_a_number_chosen_by_the_officer_must_fit(bureau, caller, number):
    caller.upload(file(filing()))
    case = pending(bureau)
    with pytest.raises(Undecidable):
        bureau.bureau.approve(case, filing_number=number)
    assert bureau.bureau.approve(case, filing_number="闽ICP备2025000123号") == "闽ICP备2025000123号"


def test_a_number_is_given_once(bureau, caller):
    caller.upload(file(filing(), filing(2, "b.example", Zt_xx=other_sponsor(2))))
    number = bureau.bureau.approve(pending(bureau))
    with pytest.raises(Undecidable):
        bureau.bureau.approve(pending(bureau), filing_number=number)


# ---- policy


@pytest.mark.parametrize(
    ("decision", "expected"), [("approve", ["Jg1001 Gjsh1", "BASJ"]), ("reject", ["Jg1002 Gjsh0"])]
)
def test_decisions_by_policy(serve, decision, expected):
    caller = Caller(serve(decision=decision).url)
    caller.upload(file(filing()))
    assert shape(caller.take()) == expected


def test_a_delay_is_kept_and_counted_from_the_checks(serve):
    bureau = serve(decision="approve", delay=3600)
    caller = Caller(bureau.url)
    caller.upload(file(filing()))
    assert caller.take() == []
    with bureau.bureau.store.write() as connection:
        connection.execute("UPDATE request SET decide_after = decide_after - 3600")
    assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"]


def test_the_background_does_the_work_without_a_call(tmp_path):
    with running(tmp_path / "instance", decision="approve") as bureau:
        Caller(bureau.url).upload(file(filing()))
        deadline = time.monotonic() + 20
        while not bureau.bureau.requests("approved") and time.monotonic() < deadline:
            bureau.bureau.wake.set()
        assert bureau.bureau.requests("approved")


@pytest.mark.parametrize("variable", ["ICP_LOOPBACK_DECISION", "ICP_LOOPBACK_DELAY", "ICP_LOOPBACK_SMTP"])
def test_settings_that_can_not_be_used_are_named(variable):
    with pytest.raises(ConfigError, match=variable):
        Config.from_environment({variable: "perhaps"})


def test_the_account_is_read_from_the_sites_variables(tmp_path):
    from icp.settings import Settings

    site, own = Settings(), Config()
    assert (own.isp_id, own.user_name, own.password) == (site.bureau_isp_id, site.bureau_user, site.bureau_password)
    assert (own.aes_key, own.aes_iv) == (site.bureau_aes_key, site.bureau_aes_iv)
    assert (own.province, own.provider_name) == (site.provider_province, site.provider_name)
    assert (own.instance, f"http://127.0.0.1:{own.port}") == (site.instance, site.bureau_url)
    config = Config.from_environment({"ICP_BUREAU_ISP_ID": "42", "ICP_BUREAU_PASSWORD": "x"}, instance=tmp_path)
    assert (config.isp_id, config.password, config.instance) == (42, "x", tmp_path)


# ---- mail by SMTP


def test_mail_by_smtp_waits_for_its_server(serve, unused_port):
    from aiosmtpd.controller import Controller

    received = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            received.append(message_from_bytes(envelope.content, policy=policy.default))
            return "250 OK"

    bureau = serve(decision="approve", smtp=f"127.0.0.1:{unused_port}")
    caller = Caller(bureau.url)
    caller.upload(file(filing()))
    caller.take()
    assert received == []
    controller = Controller(Handler(), hostname="127.0.0.1", port=unused_port)
    controller.start()
    try:
        bureau.bureau.settle()
        bureau.bureau.settle()
    finally:
        controller.stop()
    (letter,) = received
    assert LETTERS.search(letter.get_content().replace("\r\n", "\n"))


@pytest.fixture
def unused_port() -> int:
    from icp.loopback_bureau.server import listen

    with listen("127.0.0.1", 0) as socket:
        return socket.getsockname()[1]


def test_a_refused_recipient_does_not_hold_up_the_others(serve, monkeypatch, unused_port):
    sent = []

    class Server:
        def __init__(self, *arguments, **more):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def send_message(self, letter):
            if letter["To"] == "lin@qingwu.example":
                raise smtplib.SMTPRecipientsRefused({})
            sent.append(letter["To"])

    monkeypatch.setattr(smtplib, "SMTP", Server)
    bureau = serve(decision="approve", smtp=f"127.0.0.1:{unused_port}")
    caller = Caller(bureau.url)
    caller.upload(file(filing()))
    caller.take()
    second = filing(2, "b.example", Zt_xx=other_sponsor(2))
    second["Zt_xx"]["Fzr"] = second["Zt_xx"]["Fzr"] | {"Fzr_dzyj": "chen@tingchao.example"}
    caller.upload(file(second))
    caller.take()
    assert sent == ["chen@tingchao.example"]


# ---- restarts


def test_everything_survives_a_restart(tmp_path):
    instance = tmp_path / "instance"
    with running(instance, background=False) as bureau:
        caller = Caller(bureau.url)
        caller.upload(file(filing()))
        bureau.bureau.trouble("bad_hash", 1)
    with running(instance, background=False) as bureau:
        caller = Caller(bureau.url, sequence=1)
        assert caller.call("isp_querypreviousupload").file.data_sequence == 1
        bureau.bureau.approve(pending(bureau))
    with running(instance, background=False) as bureau:
        caller.url = bureau.url
        with pytest.raises(PackingError):
            unpacked(caller.call("isp_download").file)
        assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"]
        assert caller.upload(file(filing(2, "b.example")), sequence=1).code == 14


def start(instance: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "icp.loopback_bureau", "--instance", str(instance), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = process.stdout.readline()
    return process, line.removeprefix("loopback bureau: ").strip()


def test_what_was_accepted_survives_a_kill(tmp_path):
    instance = tmp_path / "instance"
    process, url = start(instance, "serve", "--port", "0", "--decision", "approve", "--delay", "0")
    with process:
        assert requests.get(url + "/healthz", timeout=20).status_code == 200
        caller = Caller(url)
        for n in range(1, 4):
            licence = {"Zjlx": 1, "Zjhm": f"35020010001234{n}", "Zjzs": "海沧"}
            assert caller.upload(file(filing(n, f"d{n}.example", Zt_xx=other_sponsor(n, Zj=licence)))).code == 0
        process.send_signal(signal.SIGKILL)
    process, caller.url = start(instance, "serve", "--port", "0", "--decision", "approve")
    with process:
        assert caller.call("isp_querypreviousupload").file.data_sequence == 3
        assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"] * 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert len(letters(tmp_path)) == 3


def test_another_address_is_refused(tmp_path):
    command = [sys.executable, "-m", "icp.loopback_bureau", "serve", "--host", "0.0.0.0"]
    done = subprocess.run(
        command, env={**os.environ, "ICP_INSTANCE": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "127.0.0.1" in done.stderr


# ---- commands


def test_commands(bureau, caller, tmp_path, capsys):
    place = ["--instance", str(tmp_path / "instance")]
    caller.upload(file(filing()))
    caller.upload(file(filing(2, "b.example", Zt_xx=other_sponsor(2))))
    assert main([*place, "list"]) == 0
    first, second = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert (first[1], first[2], first[4:6]) == ("XZBA", "pending", ["福州青梧文创有限公司", "qingwu.example"])
    assert main([*place, "approve", first[0], "--opinion", "同意"]) == 0
    assert "闽ICP备" in capsys.readouterr().out
    assert main([*place, "approve", first[0]]) == 2
    assert main([*place, "reject", "1"]) == 2
    assert main([*place, "reject", second[0]]) == 2
    assert main([*place, "reject", "all", "--opinion", "材料不清"]) == 0
    assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ", "Jg1002 Gjsh0"]
    assert main([*place, "trouble", "bad_hash", "3"]) == 0
    assert "bad_hash\t3\t" in capsys.readouterr().out
    assert main([*place, "trouble", "bad_hash", "off"]) == 0
    assert main([*place, "trouble", "bad_hash", "perhaps"]) == 2
    assert main([*place, "blacklist", "add", "domain", "c.example"]) == 0
    assert main([*place, "account", "permitted=0"]) == 0
    assert caller.upload(file(filing(3, "c.example"))).code == 19
    assert main([*place, "account", "password=x"]) == 2
    assert main([*place, "reset", "--yes"]) == 0
    assert caller.call("isp_querypreviousupload").file.data_sequence == 0
    assert caller.upload(file(filing()), sequence=1).code == 0


# ---- troubles


def approved(bureau, caller, number: int = 1) -> None:
    third = {"Zjlx": 1, "Zjhm": f"35020010001234{number}", "Zjzs": "海沧"}
    caller.upload(file(filing(number, f"d{number}.example", Zt_xx=other_sponsor(number, Zj=third))))
    bureau.bureau.approve(pending(bureau))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gjsh_without_jg", ["Gjsh1", "BASJ"]),
        ("jg_without_gjsh", ["Jg1001", "BASJ"]),
        ("reverse_order", ["BASJ", "Jg1001 Gjsh1"]),
        ("results_without_data", ["Jg1001 Gjsh1"]),
        ("duplicate_file", ["Jg1001 Gjsh1", "Jg1001 Gjsh1", "BASJ", "BASJ"]),
        ("duplicate_delivery", ["Jg1001 Gjsh1", "Jg1001 Gjsh1", "BASJ"]),
    ],
)
def test_results_go_wrong_once_and_then_right(bureau, caller, name, expected):
    bureau.bureau.trouble(name, 1)
    approved(bureau, caller, 1)
    assert shape(caller.take()) == expected
    approved(bureau, caller, 2)
    assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"]


def test_a_switch_without_limit_stays_on(bureau, caller):
    bureau.bureau.trouble("duplicate_delivery")
    for number in (1, 2):
        approved(bureau, caller, number)
        assert shape(caller.take()) == ["Jg1001 Gjsh1", "Jg1001 Gjsh1", "BASJ", "BASJ"]
    bureau.bureau.trouble("duplicate_delivery", 0)
    approved(bureau, caller, 3)
    assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"]
    with pytest.raises(UnknownTrouble):
        bureau.bureau.trouble("nothing")


# Another key opens one file in 256 by chance, its padding being right; then the hash tells.
@pytest.mark.parametrize(("name", "codes"), [("bad_hash", [7]), ("undecryptable", [6, 7])])
def test_a_spoiled_file_comes_again_in_order(bureau, caller, name, codes):
    bureau.bureau.trouble(name, 1)
    approved(bureau, caller)
    spoiled = caller.call("isp_download").file
    with pytest.raises(PackingError) as error:
        unpacked(spoiled)
    assert error.value.code in codes
    assert caller.call("isp_download").file.name == spoiled.name
    assert shape(caller.take()) == ["Jg1001 Gjsh1", "BASJ"]


@pytest.mark.shows("1")
def test_the_last_file_may_come_with_1(bureau, caller):
    bureau.bureau.trouble("end_with_1")
    bureau.bureau.trouble("results_without_data")
    approved(bureau, caller)
    assert caller.call("isp_download").code == 1


@pytest.mark.parametrize(("name", "code"), [("code_14", 14), ("code_15", 15), ("code_20", 20), ("code_901", 901)])
def test_an_upload_is_refused_on_request(bureau, caller, name, code):
    bureau.bureau.trouble(name, 1)
    refused = caller.upload(file(filing()))
    assert (refused.code, refused.missing) == (code, (1,) if code == 14 else ())
    assert caller.upload(file(filing())).code == 0


def test_no_reply_after_acceptance(bureau, caller):
    bureau.bureau.trouble("no_reply_after_acceptance", 1)
    with pytest.raises(requests.ConnectionError):
        caller.upload(file(filing()))
    assert caller.call("isp_querypreviousupload").file.data_sequence == 1
    assert caller.upload(file(filing(2, "b.example")), sequence=2).code == 0


def test_a_slow_answer(serve):
    bureau = serve(slow_seconds=60)
    bureau.bureau.trouble("slow", 1)
    with pytest.raises(requests.ReadTimeout):
        Caller(bureau.url, timeout=0.5).upload(file(filing()))
    assert Caller(bureau.url).call("isp_querypreviousupload").file.data_sequence == 1
