import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp.bureau.codec.replies import FileInfo, Reply, ReplyError, StatusInfo, build, parse

texts = st.text(st.characters(codec="gbk", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), max_size=40)
words = st.text(st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20)
files = st.builds(
    FileInfo, words, words, words, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3),
    st.none() | st.integers(0, 2**31),
)  # fmt: skip
statuses = st.builds(StatusInfo, st.integers(0, 98), words, st.booleans(), texts, texts, texts)
replies = st.builds(
    Reply, st.integers(0, 999), texts, st.lists(st.integers(1, 999), max_size=3).map(lambda n: tuple(sorted(n))),
    st.none() | files, st.none() | statuses, st.none() | st.booleans(),
)  # fmt: skip


@given(replies, st.sampled_from([lambda t: t, html.escape, lambda t: f"<![CDATA[{t}]]>", lambda t: f"\ufeff\n {t} "]))
def test_every_reply_comes_back_however_it_is_wrapped(reply, wrap):
    assert parse(wrap(build(reply))) == reply


def test_a_reply_as_the_bureau_writes_it():
    text = """  <?xml version="1.0" encoding="GBK"?>
    <return><msg_code> 14 </msg_code><msg>请先上报</msg>
    <dataSequences><dataSequence>502</dataSequence><dataSequence> 501</dataSequence></dataSequences></return>"""
    reply = parse(text)
    assert (reply.code, reply.message, reply.missing, reply.version) == (14, "请先上报", (501, 502), "")


def test_white_space_and_empty_elements_are_absent_values():
    text = (
        "<return version='V.3.0'><msg_code>0</msg_code><msg/><VerifyRes> \n 1 </VerifyRes>"
        "<StatusInfo><Cxtjlx>1</Cxtjlx><Cxtj>91350100M000100Y43</Cxtj><Wzmc/><Ztbah>闽ICP备00000001号</Ztbah>"
        "<Wzbah> </Wzbah><Bazt>0</Bazt></StatusInfo></return>"
    )
    reply = parse(text)
    assert reply.verified is False
    assert reply.status == StatusInfo(1, "91350100M000100Y43", True, "", "闽ICP备00000001号", "")


@pytest.mark.parametrize(("said", "meant"), [("0", True), (" 00 ", True), ("1", False)])
def test_yes_and_no_are_numbers(said, meant):
    assert parse(f"<return><msg_code>0</msg_code><VerifyRes>{said}</VerifyRes></return>").verified is meant
    status = parse(f"<return><msg_code>0</msg_code><StatusInfo><Bazt>{said}</Bazt></StatusInfo></return>").status
    assert status is not None
    assert status.filed is meant


@pytest.mark.parametrize("said", ["", "2", "-1", "是", "0.0"])
def test_what_says_neither_yes_nor_no_is_no_answer(said):
    assert parse(f"<return><msg_code>0</msg_code><VerifyRes>{said}</VerifyRes></return>").verified is None
    number = "<Cxtj>a.example</Cxtj><Ztbah>闽ICP备00000001号</Ztbah>"
    for bazt in (f"<Bazt>{said}</Bazt>", ""):
        reply = parse(f"<return><msg_code>0</msg_code><StatusInfo>{number}{bazt}</StatusInfo></return>")
        assert reply.status is None


def test_before_the_first_upload():
    empty = (
        "<return><msg_code>0</msg_code><msg>成功</msg><fileInfos><hashAlgorithm>0</hashAlgorithm>"
        "<dataSequence>0</dataSequence><return_FileName/><beianInfo/><beianInfoHash/></fileInfos></return>"
    )
    file = parse(empty).file
    assert file is not None
    assert (file.data_sequence, file.name, file.data_b64) == (0, "", "")
    assert parse("<return><msg_code>2</msg_code><msg/><fileInfos/></return>").file is None


def test_a_large_file_passes():
    body = "QUJD" * 4_000_000
    text = build(Reply(3, "", file=FileInfo("a.xml", body, "aGFzaA==")))
    file = parse(text).file
    assert file is not None
    assert len(file.data_b64) == len(body)


@pytest.mark.parametrize(
    "text",
    ["", "503 Service Unavailable", "<html><body/></html>", "<return/>", "<return><msg_code>x</msg_code></return>",
     "<!DOCTYPE a [<!ENTITY e 'x'>]><return><msg_code>0</msg_code></return>"],
)  # fmt: skip
def test_what_is_no_reply(text):
    with pytest.raises(ReplyError):
        parse(text)
