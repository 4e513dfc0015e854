"""Every part of the bureau's interface is shown by a test, and the page says by which."""

import subprocess
import sys

from icp.settings import ROOT


def test_the_page_names_a_test_for_every_part_of_the_interface():
    command = [sys.executable, "-m", "tests.tools.coverage_table", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
