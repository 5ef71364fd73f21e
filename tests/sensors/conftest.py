"""One LSL session of its own for the whole test run: nobody else's streams, no network."""

import uuid

import pytest


@pytest.fixture(scope="session")
def lsl_session() -> str:
    """The session id under which this process and its children see each other's streams."""
    lsl = pytest.importorskip("sensors.liblsl")
    try:
        lsl.library()
    except lsl.MissingLibrary as error:
        pytest.skip(str(error))
    session_id = f"test{uuid.uuid4().hex[:12]}"
    lsl.configure(session_id)
    return session_id
