"""Says in one line that there was no browser, where there was none."""

import pytest

from tests.browser.chromium import NONE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says how many tests had no browser; read from the reports, so -n is fine."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NONE in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.write_line(f"BROWSER TESTS SKIPPED: {len(skipped)}, {NONE}", yellow=True, bold=True)
