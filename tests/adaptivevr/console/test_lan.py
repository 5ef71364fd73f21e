"""The headset's side of the server, over real TLS: what it gives, and what it gives to nobody."""

import asyncio
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from adaptivevr import config, machine
from adaptivevr.__main__ import main
from adaptivevr.clock import RealClock
from adaptivevr.command import Client, Resume, Stop
from adaptivevr.console import certificate
from adaptivevr.console.hub import Hub
from adaptivevr.console.lan import COOKIE, Opening
from adaptivevr.console.pages import PAIR_PAGE
from adaptivevr.console.server import Server, bind, make_app, open_lan
from adaptivevr.console.state import ConsoleState
from scenes.scene import load
from tests.adaptivevr.console.headset_side import Session
from tests.until import until

HERE = ("127.0.0.1", *machine.addresses()[:1])  # the network's own address, where there is one


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    if not (PAIR_PAGE / "index.html").is_file():
        pytest.skip("expected the code's page, not built: pip install -e .")
    monkeypatch.setattr(config, "data_folder", lambda: tmp_path)
    one = Session()
    yield one
    one.server.close()


# ---- what a headset gets ------------------------------------------------------------


@pytest.mark.parametrize("host", HERE)
def test_from_the_code_to_the_scene(session: Session, host: str) -> None:
    status, fields, text = session.ask("/", host=host)
    assert status == 200 and '<input id="code"' in text
    assert "default-src 'self'" in fields["content-security-policy"]
    session.lan.told("open", "clinician")
    code = session.stands["code"]
    status, fields, text = session.ask("/pair", {"code": code}, host=host)
    assert (status, json.loads(text)["outcome"]) == (200, "paired")
    parts = fields["set-cookie"].split("; ")
    assert parts[0].startswith(f"{COOKIE}=") and "Max-Age" not in text
    assert {p.lower() for p in parts[1:]} == {"httponly", "secure", "samesite=strict", "path=/"}
    cookie = parts[0]
    assert session.ask("/", host=host, Cookie=cookie)[1]["location"] == "/scene/"
    for path in ("/scene/", "/scenes/safe_room/scene.json", "/scenes/safe_room/scene.glb"):
        assert session.ask(path, host=host, Cookie=cookie)[0] == 200, path
    said = [c for c in session.commands() if isinstance(c, Client)]
    assert [(c.who, c.event, c.renderer) for c in said] == [
        ("clinician", "pairing", "headset"), ("headset", "pairing", "headset"),
    ]  # fmt: skip
    assert said[1].text == f"A headset has been paired (at {host})."
    written = "".join(str(c) for c in said)
    assert code not in written and cookie.split("=")[1] not in written


def test_the_patients_socket_carries_the_patients_word_and_no_other(session: Session) -> None:
    cookie = session.pair()
    session.commands()

    async def talk() -> list[str]:
        async with session.scene(cookie) as socket:
            await socket.recv()  # the scene
            for message in (
                {"command": "Resume"},
                {"type": "Resume"},
                {"type": "pairing", "do": "open"},
                {"type": "demo", "do": "freeze", "seconds": 60},
                {"command": "SetLimit", "name": "ceiling", "value": 1.0, "who": "clinician"},
                {"type": "stop", "by": "patient", "who": "clinician"},
                {"type": "clock", "client_s": 1.0},
            ):
                await socket.send(json.dumps(message))
            kinds: list[str] = []
            while not {"clock", "stop"} <= set(kinds):
                kinds.append(json.loads(await socket.recv())["type"])
            return kinds

    kinds = asyncio.run(talk())
    assert kinds.count("error") == 5
    came = [c for c in session.commands() if not isinstance(c, Client)]
    assert [(type(c), c.who) for c in came] == [(Stop, "patient")]
    assert not any(isinstance(c, Resume) for c in came) and session.hub.latched
    assert session.stands["code"] is None


@pytest.mark.parametrize("cookie", [True, False], ids=["paired", "a stranger"])
def test_the_console_is_not_there(session: Session, cookie: bool) -> None:
    fields = {"Cookie": session.pair()} if cookie else {}
    for path in (
        "/console/", "/console/index.html", "/console/../console/", "/%63onsole/", "/ws/console",
        "/pairing/qr.svg", "/pairing/authority.crt", "/scene/../console/", "//console/",
        "/assets/../../web/dist/index.html", "/assets/%2e%2e/%2e%2e/%2e%2e/web/index.html",
        "/scenes/..%2f..%2fpyproject.toml", "/scenes/safe_room/..%2f..%2f..%2fREADME.md",
    ):  # fmt: skip
        status, _, text = session.ask(path, **fields)
        assert status in (401, 404), (path, status)
        assert "STOP" not in text and "adaptivevr console" not in text

    async def console() -> None:
        given = {"Origin": f"https://127.0.0.1:{session.port}", **fields}
        await connect(
            f"wss://127.0.0.1:{session.port}/ws/console", ssl=session.trust, proxy=None,
            additional_headers=given, open_timeout=20,
        )  # fmt: skip

    with pytest.raises(InvalidStatus):
        asyncio.run(console())


# ---- who gets nothing ------------------------------------------------------------------


def test_without_the_token_there_is_no_scene(session: Session) -> None:
    session.pair()
    wrong = f"{COOKIE}={'0' * 64}"
    for fields in ({}, {"Cookie": wrong}, {"Cookie": "x" * 300}):
        assert session.ask("/scene/", **fields)[1]["location"] == "/"
        for path in ("/scene/index.html", "/scenes/safe_room/scene.json", "/ws/scene", "/x"):
            status, _, text = session.ask(path, **fields)
            assert status == 401 and "enter the code first" in text

    async def open_() -> None:
        await session.scene(wrong)

    with pytest.raises(InvalidStatus):
        asyncio.run(open_())
    assert session.hub.renderers == ()


def test_other_names_and_other_pages_are_turned_away(session: Session) -> None:
    cookie = session.pair()
    session.lan.told("open", "clinician")
    code = session.stands["code"]
    for host in ("evil.example", f"evil.example:{session.port}", "127.0.0.1:1", "127.0.0.1"):
        status, _, text = session.ask("/", Host=host, Cookie=cookie)
        assert status == 421 and session.lan.url in text
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{session.port}"):
        assert session.ask("/pair", {"code": code}, Origin=origin)[0] == 403
        assert session.ask("/scene/", Origin=origin, Cookie=cookie)[0] == 403
    assert session.stands["code"] == code  # none of these counted as a try

    async def open_() -> None:
        await session.scene(cookie, Origin="https://evil.example")

    with pytest.raises(InvalidStatus):
        asyncio.run(open_())


@pytest.mark.parametrize("host", HERE)
def test_plain_http_is_refused_with_a_sentence(session: Session, host: str) -> None:
    link = http.client.HTTPConnection(host, session.port, timeout=20)
    link.request("GET", "/scene/?secret=1")
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    assert answer.status == 400
    assert "Expected https" in text and f'href="https://{host}:{session.port}/"' in text
    assert session.ask("/")[0] == 200


def test_who_is_not_near_is_not_let_in(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "is_near", lambda *_: False)
    with pytest.raises(OSError):
        session.ask("/")


def test_a_crowd_of_silent_strangers_keeps_nobody_out_for_long(session: Session) -> None:
    cookie = session.pair()
    silent = [socket.create_connection(("127.0.0.1", session.port)) for _ in range(80)]
    try:
        assert session.ask("/scene/", Cookie=cookie)[0] == 200
        session.clock.ahead_s += 6.0  # and after five seconds they are sent away
        for one in silent:
            one.settimeout(20)
            assert one.recv(1) == b""
    finally:
        for one in silent:
            one.close()


def test_of_one_address_only_so_many_stay_inside(session: Session) -> None:
    inside: list[ssl.SSLSocket] = []
    try:
        for _ in range(16):
            plain = socket.create_connection(("127.0.0.1", session.port), timeout=20)
            inside.append(session.trust.wrap_socket(plain, server_hostname="127.0.0.1"))
        with pytest.raises(OSError):
            session.ask("/")
    finally:
        for one in inside:
            one.close()
    until(lambda: _answers(session), 20)


def _answers(session: Session) -> bool:
    try:
        return session.ask("/")[0] == 200
    except OSError:
        return False


# ---- codes ---------------------------------------------------------------------------


def test_a_code_is_not_good_twice_nor_after_five_minutes(session: Session) -> None:
    assert session.enter("123456") == (403, {"outcome": "closed", "wait_s": 0})
    session.lan.told("open", "clinician")
    code = session.stands["code"]
    assert session.enter(code)[0] == 200
    assert session.enter(code)[1]["outcome"] == "closed"
    session.lan.told("open", "clinician")
    code = session.stands["code"]
    session.clock.ahead_s += 301.0
    assert session.stands["code"] is None
    assert session.enter(code)[1]["outcome"] == "closed"


def test_guessing_changes_the_code_and_has_to_wait(session: Session) -> None:
    session.lan.told("open", "clinician")
    code = session.stands["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    tries = [wrong, "", None, {"a": 1}, "\ud800" + wrong]
    outcomes = [session.enter(one)[1]["outcome"] for one in tries]
    assert outcomes == ["wrong"] * 4 + ["changed"]
    new = session.stands["code"]
    assert new != code and 50 <= session.stands["wait_s"] <= 60
    assert session.enter(new)[1]["outcome"] == "paused"
    texts = [c.text for c in session.commands() if isinstance(c, Client)]
    assert texts[1:] == [
        *["A wrong code was entered (at 127.0.0.1)."] * 4,
        "A fifth wrong code (at 127.0.0.1): there is another one now.",
    ]
    assert not any(one in text for text in texts for one in (code, new, wrong))
    session.clock.ahead_s += 61.0
    assert session.enter(new)[0] == 200


def test_what_is_no_code_at_all_is_no_trouble(session: Session) -> None:
    session.lan.told("open", "clinician")
    assert session.ask("/pair", {"code": "1" * 5000})[0] == 413
    assert session.enter([[]])[1]["outcome"] == "wrong"
    assert session.ask("/pair")[2] == '{"paired":false,"open":true,"wait_s":0}'


# ---- the end of it ---------------------------------------------------------------------


@pytest.mark.parametrize("way", ["ended", "another headset", "gone by itself"])
def test_a_headset_that_goes_leaves_the_engine_knowing(session: Session, way: str) -> None:
    cookie = session.pair()

    async def watch() -> int | None:
        async with session.scene(cookie) as socket:
            await socket.recv()
            assert session.hub.renderers and session.stands["connected"] == 1
            loop = asyncio.get_running_loop()
            if way == "gone by itself":
                socket.transport.abort()
                return None
            if way == "ended":
                # as the console's socket does it: in the server's own loop
                session.hub._on_loop(session.lan.told, "end", "clinician")
            else:
                await loop.run_in_executor(None, session.pair)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await socket.recv()
            return closed.value.rcvd.code if closed.value.rcvd else None

    code = asyncio.run(watch())
    assert code == (None if way == "gone by itself" else 4401)
    until(lambda: not session.hub.renderers, 20)
    left = [c for c in session.commands() if isinstance(c, Client) and c.event == "left"]
    assert len(left) == 1 and left[0].who == "renderer"
    assert session.ask("/scene/", Cookie=cookie)[0] == (200 if way == "gone by itself" else 307)
    assert session.stands["paired"] == (way != "ended")


# ---- the command line --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--lan", "--cert", "a.pem"], "Expected --cert and --key together"),
        (["--cert", "a.pem", "--key", "b.pem"], "Expected --lan with --cert and --key"),
        (["--lan", "--cert", "a.pem", "--key", "b.pem"], "Expected --cert to be a PEM file"),
    ],
)
def test_options_that_do_not_go_together_are_one_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_headset_shows_real_time_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--lan", "--speed", "20", "--no-browser"]) == 2
    assert "Expected --speed 1 with --lan" in capsys.readouterr().err


def test_the_clinics_own_certificate_is_the_one_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate.of_installation(
        tmp_path, ("scene.local", "127.0.0.1"), time.time()
    )  # stands for the clinic's
    hub = Hub(load("safe_room"), RealClock())
    lan = open_lan(hub, Opening(made.chain, made.key, 0))
    server = Server(make_app(hub, ConsoleState(hub, {}), lan=lan), hub, bind(0), lan)
    server.start()
    try:
        trust = ssl.create_default_context(cafile=str(made.authority))
        plain = socket.create_connection(("127.0.0.1", lan.port), timeout=20)
        with trust.wrap_socket(plain, server_hostname="scene.local") as link:
            names = link.getpeercert() or {}
            assert ("DNS", "scene.local") in names["subjectAltName"]
        assert lan.document(0.0)["authority"] is False  # nothing of ours to hand out
    finally:
        server.close()


def test_without_the_option_only_this_machine_is_served() -> None:
    with bind(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
    hub = Hub(load("safe_room"), RealClock())
    server = Server(make_app(hub, ConsoleState(hub, {})), hub, bind(0))
    server.start()
    try:
        assert "Headset" not in server.words
        for address in machine.addresses():
            with pytest.raises(OSError):
                socket.create_connection((address, server.port), timeout=5).close()
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        link.request("GET", "/pairing/authority.crt")
        assert link.getresponse().status == 404
        link.close()
    finally:
        server.close()
