import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rule_cases import OURS, company, context

from icp import rules
from icp.rules import LISTS, MESSAGES, RULES, Severity, check, reason_of
from icp.vocabulary import builtin
from icp.vocabulary.text import Message

ANSWERS = {re.sub(r"\[w1\]", "", path): value for path, value in company().items()} | {
    "website.principal.document_type": "2",
    "subject.principal.document_type": "2",
    "website.principal.mobile": "13900000202",
}
# Pieces out of which people (and copy and paste) make what they type.
PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        """
    0 1 2 9 O I x X - － . 。 ． @ ＠ : / // http:// www. ftp: mailto: +86 86 0086 转 分机 ext ( ) （ ） , ， ; ； ~ ～
    % # ? & < > [ ] _ ' " 省 市 区 福建省 福州市 鼓楼区 福建 北京路 中国 人民 青梧 林知夏 · • 号 长期 long 年 月 日
    10.0.0.1 1.2.3.4 ::1 /24 com cn gov.cn 青梧.中国 xn-- xn--fiqs8s 13900000101 0591 87654321 11010519491231002
    91350100M000100Y43 𠮷 ſ ß İ ² ٣ ⑤
    """,
    )
) | st.sampled_from([" ", "\n", "\t", "\u3000", "\x00", "\x85", "\u2028", "\u200b", "\ufeff"])
TYPED = st.text(max_size=40) | st.lists(PIECES, max_size=9).map("".join)
CONTEXTS = [
    context({}),
    context(ANSWERS),
    context(ANSWERS, ranges=OURS),
    context(
        {**ANSWERS, "subject.organisation_type": "5", "subject.document_type": "2", "subject.region_code": "110105"}
    ),
    context(
        {**ANSWERS, "subject.organisation_type": "6", "subject.document_type": "10", "subject.region_code": "620102"}
    ),
    context(dict.fromkeys(RULES, "？")),
]
KINDS = ["1", "2", "3", "6", "7", "8", "10", "11", "14", "15", "30", "41", ""]


def in_some_context(path, draw):
    here = CONTEXTS[draw(st.integers(0, len(CONTEXTS) - 1))]
    if not path.endswith("document_number"):
        return here
    kind = draw(st.sampled_from(KINDS))
    return replace(
        here, lookup=lambda p: kind if p.endswith("document_type") else ("" if p == path else ANSWERS.get(p, ""))
    )


@pytest.mark.parametrize("path", list(RULES))
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_text_is_judged_and_its_stored_form_stays(path, data):
    typed = data.draw(st.lists(TYPED, max_size=3)) if path in LISTS and data.draw(st.booleans()) else data.draw(TYPED)
    here = in_some_context(path, data.draw)
    checked = check(path, typed, here)
    again = check(path, checked.stored, here)
    assert again.stored == checked.stored
    assert again.refused == checked.refused
    assert isinstance(checked.stored, list) == (path in LISTS)
    for correction in checked.corrections:
        assert correction.path == path
        assert isinstance(correction.message, Message)
        if correction.suggestion is not None:
            assert correction.code not in [
                c.code for c in check(path, correction.suggestion, here).corrections if c.severity is Severity.ERROR
            ]


@pytest.mark.parametrize("path", list(RULES))
@pytest.mark.parametrize("empty", ["", " ", "\n\u3000\t", "\u200b", [], ["", " "]])
def test_an_empty_value_is_never_wrong(path, empty):
    checked = check(path, empty, context(ANSWERS))
    assert checked.corrections == ()
    assert checked.stored == ([] if path in LISTS else "")


@pytest.mark.parametrize("path", list(RULES))
@example(value=["a", "b"])
@given(value=st.lists(TYPED, max_size=3) | TYPED)
@settings(max_examples=20, deadline=None)
def test_the_kind_of_value_does_not_matter(path, value):
    check(path, value, context(ANSWERS))


def test_an_unknown_field_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        check("subject.unknown", "x", context())


def test_every_code_used_has_its_texts_and_every_text_is_used():
    folder = Path(rules.__file__).parent
    source = "\n".join(p.read_text(encoding="utf-8") for p in folder.glob("*.py"))
    for code in MESSAGES:
        quoted = f'"{code}"' in source or f'"required.{code.rpartition(".")[2]}"' in source
        assert quoted or (code.startswith("required.") and f'"{code.rpartition(".")[2]}"' in source), code


def test_texts_end_as_sentences_and_name_their_reason():
    for code, text in MESSAGES.items():
        for sentence in (text.message, text.remedy):
            assert sentence.endswith("。"), code
            assert "！" not in sentence
        if reason := reason_of(code):
            assert builtin().reason(reason).id == reason


def test_a_reason_is_known_at_the_field_it_is_said_of():
    assert reason_of("mobile.length") == "R026"
    assert reason_of("R065") == "R065"
    assert reason_of("typed.spaces") == ""
    assert reason_of("no such code") == ""
