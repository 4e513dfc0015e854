"""Taking a file into the register from the desk: looked at first, then taken, what does not match told."""

import io

import pytest
from sqlalchemy import func, select

from icp.audit import AuditEntry
from icp.extensions import db
from icp.register.models import RegisterEvent, Subject
from tests.bureau.test_register_import import LINE, as_csv, numbered


@pytest.fixture
def desk(signed_in):
    return signed_in("staff", "administrator")


def send(desk, data, act, status=200, **more):
    desk.look("/desk/register/import")
    file = (io.BytesIO(data), "list.csv")
    return desk.send("/desk/register/import", {"file": file, "act": act, **more}, status)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_check_tells_and_keeps_nothing(app, desk):
    page = send(desk, as_csv(LINE, numbered(2, ip_addresses="x")), "check")
    assert "只检查，没有导入" in page.text
    assert "对不上的 1 处" in page.text
    assert "不是 IPv4" in page.text
    assert count(app, Subject) == 0


def test_every_fault_of_a_line_stands_on_the_page_with_column_and_remedy(app, desk):
    page = send(desk, as_csv(numbered(2, ip_addresses="x", domains="y", languages="中文")), "check")
    assert "对不上的 3 处" in page.text
    rows = [page.words(row) for row in page.all("tr")]
    for column, problem, remedy in (
        ("domains", "“y”不是域名", "只写域名"),
        ("languages", "没有代码“中文”", "填"),
        ("ip_addresses", "“x”不是 IPv4", "203.0.113.24"),
    ):
        assert [row for row in rows if all(words in row for words in ("2", column, problem, remedy))], column


def test_a_file_is_taken_once(app, desk):
    assert "1 个主体，其中 1 个登记或更新了" in send(desk, as_csv(LINE), "import").text
    assert "没有再导入" in send(desk, as_csv(LINE), "import").text
    assert count(app, RegisterEvent) == 1
    with app.app_context():
        assert db.session.scalars(select(RegisterEvent.by_id)).one()
        assert db.session.scalars(select(AuditEntry.details)).one() == {"subjects": 1, "recorded": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "选一份文件"), (b"a,b\n1,2", "缺少"), (as_csv(*(numbered(i % 90 + 10, subject_number=f"闽ICP备2027{i:06}号",
      website_number=f"闽ICP备2027{i:06}号-1") for i in range(201))), "flask register import")],
)  # fmt: skip
def test_what_can_not_be_taken_is_said_at_the_file(app, desk, data, said):
    assert said in send(desk, data, "import", 422).text
    assert count(app, Subject) == 0


def test_a_reviewer_does_not_import(signed_in):
    signed_in("staff", "reviewer").look("/desk/register/import", 403)
