"""The bureau's manual names everything that can be said to it."""

from __future__ import annotations

import argparse
import re

from icp.loopback_bureau import __main__ as command_line
from icp.loopback_bureau import config, troubles
from icp.settings import ROOT

MANUAL = (ROOT / "docs" / "loopback-bureau.md").read_text(encoding="utf-8")


def test_commands_switches_and_settings_are_in_the_manual():
    (commands,) = (a for a in command_line.parser()._actions if isinstance(a, argparse._SubParsersAction))
    named = set(re.findall(r"`([a-z-]+)", MANUAL))
    assert commands.choices.keys() <= named
    quoted = set(re.findall(r"`(\w+)`", MANUAL))
    assert troubles.TROUBLES.keys() <= quoted
    assert set(config.VARIABLES.values()) <= quoted


def test_options_are_in_the_manual():
    (commands,) = (a for a in command_line.parser()._actions if isinstance(a, argparse._SubParsersAction))
    for name in ("check-result", "notice", "blacklist", "illegal-access", "unfiled", "codes", "synchronise", "serve"):
        (line,) = (line for line in MANUAL.splitlines() if line.startswith(f"| `{name} "))
        for action in commands.choices[name]._actions:
            for option in action.option_strings:
                assert option in line or option in ("-h", "--help", "--host"), (name, option)
