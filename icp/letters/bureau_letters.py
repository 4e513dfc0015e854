"""Letters to those who see to the link to the bureau."""

from __future__ import annotations

from flask_babel import gettext as _

from icp.letters.letter import Letter, Payload, path_of


def bureau_alert(about: Payload) -> Letter:
    """Something about the link needs a person."""
    facts = ((_("账号"), about["account"]), (_("代码"), about["code"]), (_("关于"), about["about"]))
    return Letter(
        _("报送有事要人处理：%(what)s", what=about["what"]),
        (_("%(what)s。请到报送页看详情、处理，处理完了在那里记一下。", what=about["what"]),),
        facts=tuple((name, value) for name, value in facts if value),
        button=_("看报送页"),
        path=path_of("reviewer.bureau"),
        after=(_("记为处理过以前，同一账号的同类事情不再来信，只在报送页计数。"),),
    )
