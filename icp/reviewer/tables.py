"""The code tables in force: where each comes from, since when, and what its last version changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template

from icp import vocabulary
from icp.i18n import language
from icp.reviewer import bp, desk
from icp.reviewer.desk import OPERATES
from icp.vocabulary import models
from icp.vocabulary.models import VocabularyTable
from icp.vocabulary.tables import CODED, TABLES, builtin
from icp.vocabulary.text import N_

NAMES: dict[str, str] = {
    "organisation_types": N_("单位性质"),
    "document_types": N_("证件类型"),
    "access_methods": N_("网站接入方式"),
    "server_locations": N_("服务器放置地"),
    "service_contents": N_("网站服务内容"),
    "preapproval_types": N_("前置审批内容"),
    "languages": N_("网站语言"),
    "provinces": N_("省份"),
    "attachment_types": N_("附件用途"),
    "attachment_formats": N_("附件格式"),
    "operation_types": N_("操作类型"),
    "bureau_codes": N_("管局返回代码"),
    "query_condition_types": N_("查询条件"),
    "cancel_reasons": N_("注销理由"),
    "unfiled_results": N_("未备案网站处理结果"),
    "verification_opinions": N_("核实意见"),
    "bureaus": N_("管局"),
    "reporting_units": N_("报备单位"),
    "domain_types": N_("域名类型"),
    "unit_classes": N_("单位分类"),
    "industry_classes": N_("行业分类"),
    "administrative_levels": N_("行政级别"),
    "feedback_classes": N_("意见反馈分类"),
    "regions": N_("行政区划"),
    "province_rules": N_("各省规则"),
    "reasons": N_("批注理由"),
    "holidays": N_("节假日"),
    "area_codes": N_("电话区号"),
}
NEW, CHANGED, WITHDRAWN, GONE = N_("新增"), N_("改动"), N_("停用"), N_("删去")
LISTED = 500
COLUMNS_SHOWN = 6


@dataclass(frozen=True)
class Change:
    """A row that differs from the version before: its key, its name, and how."""

    key: str
    name: str
    how: str


@bp.get("/desk/tables")
@OPERATES
def tables() -> str:
    """Every table with its source and date."""
    stored = {table.name: table for table in models.latest()}
    words = vocabulary.current()
    return render_template(
        "reviewer/tables.html",
        rows=[(name, NAMES[name], len(words.tables[name]), stored.get(name)) for name in TABLES],
        unknown=[table for name, table in sorted(stored.items()) if name not in TABLES],
        provisional={name for name in CODED if any(r.get("provisional") == "yes" for r in words.tables[name])},
        moment=desk.moment,
    )


@bp.get("/desk/tables/<name>")
@OPERATES
def table(name: str) -> Any:
    """One table: its rows, and what the last version changed."""
    found = models.versions(name)
    if name not in TABLES and not found:
        abort(404)
    rows = list(vocabulary.current().tables[name]) if name in TABLES else json.loads(found[0].rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return render_template(
        "reviewer/table.html",
        name=name,
        label=NAMES.get(name, name),
        rows=rows[:LISTED],
        total=len(rows),
        columns=columns[:COLUMNS_SHOWN],
        stored=found[0] if found else None,
        changes=changes(name, found),
        language_=language(),
        moment=desk.moment,
    )


def changes(name: str, found: list[VocabularyTable]) -> list[Change]:
    """What the newest version changed against the one before, or against the package's own; none without one."""
    if not found:
        return []
    after = _keyed(json.loads(found[0].rows))
    if len(found) > 1:
        before = _keyed(json.loads(found[1].rows))
    else:
        before = _keyed(builtin().tables[name]) if name in TABLES else {}
    told = [Change(key, _name(row), how) for key, row in after.items() if (how := _how(before.get(key), row))]
    return told + [Change(key, _name(row), GONE) for key, row in before.items() if key not in after]


def _how(before: Mapping[str, str] | None, after: Mapping[str, str]) -> str:
    withdrawn = after.get("withdrawn") == "yes"
    if before is None:
        return "" if withdrawn else NEW
    if withdrawn != (before.get("withdrawn") == "yes"):
        return WITHDRAWN if withdrawn else NEW
    return CHANGED if _name(before) != _name(after) else ""


def _keyed(rows: Any) -> dict[str, Mapping[str, str]]:
    return {str(row.get("code") or row.get("Id") or next(iter(row.values()), n)): row for n, row in enumerate(rows)}


def _name(row: Mapping[str, str]) -> str:
    return row.get("zh") or row.get("Mc") or row.get("message_zh") or "; ".join(list(row.values())[1:4])
