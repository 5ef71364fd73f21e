"""Rules for every test: browser tests last, and in CI a part that is missing is a failure."""

import os
import uuid
from collections.abc import Generator
from typing import Any

import pytest

IN_CI = os.environ.get("ADAPTIVEVR_CI") == "1"
NOT_IN_THE_REPOSITORY = {"recordings"}  # other people's data, beside some checkouts only


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Synchronous Playwright leaves an event loop running in this thread, so it goes last."""
    items.sort(key=lambda item: "browser" in item.keywords)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ADAPTIVEVR_CI=1 a skip says that this machine lacks a part: that fails."""
    report = yield
    excused = NOT_IN_THE_REPOSITORY & set(item.keywords) or hasattr(report, "wasxfail")
    if IN_CI and report.skipped and not excused:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"a skip counts as a failure in CI: {reason}"
    return report


@pytest.fixture(scope="session")
def lsl_session() -> str:
    """One LSL session of its own for the whole test run: nobody else's streams, no network.

    Its id is the one under which this process and its children see each other's streams.
    """
    lsl = pytest.importorskip("sensors.liblsl")
    try:
        lsl.library()
    except lsl.MissingLibrary as error:
        pytest.skip(str(error))
    session_id = f"test{uuid.uuid4().hex[:12]}"
    lsl.configure(session_id)
    return session_id
