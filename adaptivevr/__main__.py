"""The command line: `adaptivevr demo`, `run`, `replay` and the rest."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from adaptivevr import __version__

_COMMANDS = {
    "demo": "see it all without hardware: a simulated patient, the engine, scene and console",
    "run": "a live session on the LSL streams found",
    "streams": "which LSL streams are seen and what each would be used for",
    "simulate": "only the simulated patient's LSL outlets, for other software and training",
    "replay": "re-run a recording through the engine; says what differs",
    "check": "safety audit of a recording, with arithmetic of its own",
    "verify": "integrity of a recording: torn tail, damage, gaps, clock resets",
    "evaluate": "accuracy of the estimate on people with labelled phases",
    "scenes": "the scene library",
    "serve": "the console without a session: scenes and past recordings",
    "doctor": "what is missing on this machine and how to get it",
}

_FORMATS = """\
A folder of one of these kinds:
  any       NAME.npz, NAME.csv or NAME.xdf per person, and phases.csv with the columns subject
            (= NAME), phase, start_s, end_s, stress (1 or 0); seconds from the first sample on.
            npz: any of ecg_uV, ecg_mV, bvp, ppg, rr_s, eda_uS, eeg_uV, acc_g, breath, each (n,)
            or (n, channels), with X_fs (Hz, or one fs for all; not for rr_s), and if need be
            X_t_s (stamps), X_offset_s (of the first sample), X_scale, eeg_channels (names).
            hr_bpm with hr_fs: the device's own heart rate, only compared with.
            csv: a column time_s and columns of the same names (eeg_uV:O1, acc_g:x ... for
            several channels); empty cells where a signal has no sample.
            xdf: streams as an LSL recorder leaves them; 0 s is the first sample of the file.
            ratings.csv beside it (subject, time_s, rating 0-100, or another top in a column
            max): how often the stated 90 % interval holds what people say.
  stress-predict   the same as npz, acceleration as acc_g64 (1/64 g).
  eegmat    SubjectNN.npz with eeg_rest, eeg_task, ecg_rest, ecg_task, fs and their scales.
Sets that must be asked for from their owners (WESAD; PhysioNet drivedb and spider clips;
CEAP-360VR) fit the first kind: docs/evaluation.md says which signal goes where."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}; see `{self.prog} --help`.\n")


def _number(words: str, least: float, above: bool = False) -> Callable[[str], float]:
    """A reader of numbers of at least (or above) `least`; words say what is expected."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (value > least if above else value >= least):  # NaN fails both
            raise argparse.ArgumentTypeError(f"expected {words}, but got {text!r}")
        return value

    return read


def _whole(words: str, least: int, most: float = math.inf) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        digits = text.lstrip("-").isdecimal()
        if not digits or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected {words}, but got {text!r}")
        return int(text)

    return read


_SECONDS = _number("seconds above 0, as 60", 0.0, above=True)
_SEED = _whole("a whole number of 0 or more", 0)
_PORT = _whole("a port from 0 to 65535", 0, 65535)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="adaptivevr",
        description="Biofeedback-driven adaptive VR. Research software, no medical device: "
        "it estimates an arousal index, not anxiety.",
    )
    parser.add_argument("--version", action="version", version=f"adaptivevr {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text) for name, text in _COMMANDS.items()}
    _demo_options(made["demo"])
    _run_options(made["run"])
    made["streams"].add_argument("--lan", action="store_true", help="look on the local network too")
    made["streams"].add_argument("--json", action="store_true")
    simulate = made["simulate"]
    simulate.add_argument("--patient", default="normal", help="type of patient")
    simulate.add_argument("--seed", type=_SEED, default=1)
    simulate.add_argument("--duration", type=_SECONDS, metavar="S")
    simulate.add_argument("--session", help=argparse.SUPPRESS)
    simulate.add_argument(
        "--scene-url", help="a scene channel to watch, as ws://localhost:8460/ws/scene"
    )
    replay = made["replay"]
    replay.add_argument("file", type=Path)
    replay.add_argument("--protocol", help="another protocol than the recorded one")
    replay.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="another limit"
    )
    replay.add_argument(
        "--live", action="store_true", help="show it in console and scene, in real time"
    )
    replay.add_argument("--plot", type=Path, metavar="FILE", help="draw the course into a picture")
    replay.add_argument("--json", action="store_true")
    for name in ("check", "verify"):
        made[name].add_argument("file", type=Path)
        made[name].add_argument("--json", action="store_true")
    _evaluate_options(made["evaluate"])
    _scenes_options(made["scenes"])
    made["serve"].add_argument("--port", type=_PORT)
    _lan_options(made["serve"])
    made["serve"].add_argument("--no-browser", action="store_true")
    made["doctor"].add_argument("--json", action="store_true")
    return parser


def _evaluate_options(evaluate: argparse.ArgumentParser) -> None:
    evaluate.formatter_class = argparse.RawDescriptionHelpFormatter
    evaluate.description = _FORMATS
    evaluate.add_argument("folder", type=Path, metavar="DIR")
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--report", type=Path, metavar="FILE.html", help="a page with figures")
    evaluate.add_argument(
        "--train",
        type=Path,
        metavar="DIR",
        help="fit the regression on this set instead (transfer)",
    )
    evaluate.add_argument(
        "--jobs", type=_whole("a number of processes from 1 to 64", 1, 64), default=2
    )


def _scenes_options(scenes: argparse.ArgumentParser) -> None:
    scenes.add_argument(
        "action", choices=["list", "check", "preview", "new"], nargs="?", default="list",
        help="check: whether the rules are kept; preview: pictures at five intensities; "
        "new: a folder to begin with",
    )  # fmt: skip
    scenes.add_argument("name", nargs="*", help="of the library, or a folder; all if left out")
    scenes.add_argument("--json", action="store_true")
    scenes.add_argument("--rendered", action="store_true", help="check: judge pictures too")
    scenes.add_argument(
        "--out", type=Path, default=Path("."), metavar="DIR", help="preview: where pictures go"
    )
    scenes.add_argument("--format", choices=["png", "jpeg"], default="png", help="of the sheet")
    scenes.add_argument("--sheet-only", action="store_true", help="preview: no page to scrub")
    scenes.add_argument(
        "--at", type=_number("seconds of 0 or more", 0.0), default=12.0, metavar="S",
        help="preview: the moment of what moves by itself",
    )  # fmt: skip
    scenes.add_argument(
        "--eye", default="", metavar="YAW,PITCH", help="preview: where to look, in degrees"
    )


def _demo_options(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--protocol", default="demo", help="a protocol's name or file")
    demo.add_argument("--scene", help="another scene than the protocol's")
    demo.add_argument("--patient", default="normal", help="type of simulated patient")
    demo.add_argument(
        "--speed", type=_number("a number above 0, as 20", 0.0, above=True), default=1.0,
        help="times real time; above 1 no LSL",
    )  # fmt: skip
    demo.add_argument(
        "--calibrate", action="store_true",
        help="begin with the guided calibration, as a new patient would",
    )  # fmt: skip
    demo.add_argument("--duration", type=_SECONDS, metavar="S", help="end after this many seconds")
    demo.add_argument("--seed", type=_SEED, default=1)
    demo.add_argument("--record", type=Path, metavar="FILE")
    demo.add_argument(
        "--plot", type=Path, metavar="FILE", help="with --speed: draw the course into a picture"
    )
    demo.add_argument("--port", type=_PORT)
    demo.add_argument("--config", type=Path, metavar="FILE")
    _renderer_option(demo)
    _lan_options(demo)
    demo.add_argument("--no-browser", action="store_true")
    demo.add_argument("--json", action="store_true")


def _renderer_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--renderer", choices=["web", "openxr", "window"], default="web",
        help="what shows the scene: a browser, a PC headset, or a window of this desktop",
    )  # fmt: skip


def _lan_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lan", action="store_true",
        help="let a headset in this network open the scene: https, after a code (docs/headsets.md)",
    )  # fmt: skip
    command.add_argument(
        "--cert", type=Path, metavar="FILE",
        help="with --lan: the clinic's own certificate (PEM) instead of one made here",
    )  # fmt: skip
    command.add_argument("--key", type=Path, metavar="FILE", help="with --cert: its private key")


def _run_options(run: argparse.ArgumentParser) -> None:
    run.add_argument("protocol", nargs="?", default="graded_exposure")
    run.add_argument("--patient", help="whose session this is (a pseudonym)")
    run.add_argument("--scene", help="another scene than the protocol's")
    run.add_argument("--use", action="append", default=[], metavar="KIND=NAME[:CHANNEL]")
    run.add_argument(
        "--calibrate", choices=["auto", "full", "no"], default="auto",
        help="guided calibration first: a full one when none is stored, else the short refresh",
    )  # fmt: skip
    run.add_argument(
        "--resonance", action="store_true",
        help="also find the breathing rate that swings the heart most (10 minutes)",
    )  # fmt: skip
    _renderer_option(run)
    _lan_options(run)
    run.add_argument("--duration", type=_SECONDS, metavar="S")
    run.add_argument(
        "--wait", type=_number("seconds of 0 or more", 0.0), default=10.0, metavar="S",
        help="how long to look for sensors",
    )  # fmt: skip
    run.add_argument("--record", type=Path, metavar="FILE")
    run.add_argument("--port", type=_PORT)
    run.add_argument("--config", type=Path, metavar="FILE")
    run.add_argument("--session", help=argparse.SUPPRESS)
    run.add_argument("--no-browser", action="store_true")
    run.add_argument("--json", action="store_true")


def _commands() -> dict[str, Callable[[argparse.Namespace], int]]:
    # Imported late: `--help` must not wait for numpy.
    from adaptivevr import desk

    return {name: getattr(desk, name) for name in _COMMANDS}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; a user's mistake is one sentence on stderr and exit status 2."""
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if rest and options.command == "scenes" and not any(r.startswith("-") for r in rest):
        options.name = [*options.name, *rest]  # names may also follow an option
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.command is None:
        parser.print_help()
        return 0
    from adaptivevr.errors import Broken, Refused

    try:
        return _commands()[options.command](options)
    except Refused as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def say(document: object) -> None:
    """The command's one JSON document."""
    print(json.dumps(document, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
