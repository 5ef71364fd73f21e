"""What each command of the command line does; heavy parts are imported when they are needed."""

import json
import sys
from argparse import Namespace


def demo(options: Namespace) -> int:
    """See it all without hardware."""
    from adaptivevr.demo import demo

    return demo(options)


def run(options: Namespace) -> int:
    """A live session."""
    from adaptivevr.live import run

    return run(options)


def streams(options: Namespace) -> int:
    """Which LSL streams are seen."""
    from adaptivevr.live import streams

    return streams(options)


def simulate(options: Namespace) -> int:
    """Only the simulated patient's outlets."""
    from adaptivevr.simulate import simulate

    return simulate(options)


def replay(options: Namespace) -> int:
    """Re-run a recording."""
    from adaptivevr.replay import replay

    return replay(options)


def check(options: Namespace) -> int:
    """Safety audit of a recording."""
    from adaptivevr.check import audit

    found = audit(options.file)
    if options.json:
        print(json.dumps(found.document()))
    else:
        print(found.words())
    return 1 if found.violations else 0


def verify(options: Namespace) -> int:
    """Integrity of a recording."""
    from adaptivevr.replay import existing
    from adaptivevr.verify import verify

    report = verify(existing(options.file))
    if options.json:
        print(json.dumps(report.document()))
    else:
        print("\n".join(report.sentences))
    return 0 if report.ok else 1


def evaluate(options: Namespace) -> int:
    """Accuracy of the estimate on a labelled set."""
    from adaptivevr.research.evaluate import evaluate

    return evaluate(options)


def scenes(options: Namespace) -> int:
    """The scene library: list, check, preview, new."""
    from adaptivevr.gallery import gallery

    return gallery(options)


def serve(options: Namespace) -> int:
    """The console without a session."""
    import threading
    import webbrowser

    from adaptivevr.clock import RealClock
    from adaptivevr.console.hub import Hub
    from adaptivevr.console.lan import opening_of
    from adaptivevr.console.server import Server, bind, make_app, open_lan
    from adaptivevr.console.state import ConsoleState
    from scenes.scene import load

    opening = opening_of(options)
    hub = Hub(load("safe_room"), RealClock())
    state = ConsoleState(hub, {"demo": False, "idle": True})
    lan = open_lan(hub, opening) if opening is not None else None
    server = Server(make_app(hub, state, lan=lan), hub, bind(options.port), lan)
    server.start()
    print(f"{server.words}\n(Ctrl+C ends it)", file=sys.stderr)
    if not options.no_browser:
        webbrowser.open(f"{server.url}/console/")
    try:
        threading.Event().wait()
    finally:
        server.close()
    return 0


def doctor(options: Namespace) -> int:
    """What is missing on this machine."""
    from adaptivevr.doctor import examine

    findings = examine()
    if options.json:
        print(json.dumps([{"part": f.part, "ok": f.ok, "text": f.text} for f in findings]))
    else:
        for f in findings:
            print(f"{'ok     ' if f.ok else 'MISSING'}  {f.part}: {f.text}")
    return 0 if all(f.ok for f in findings if f.needed) else 1
