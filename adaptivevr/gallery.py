"""The scene library at the command line: list, check, preview, new."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adaptivevr.errors import BadScene
from scenes.check import check
from scenes.scene import SceneMistake, library, load


def gallery(options: Namespace) -> int:
    """`adaptivevr scenes ACTION [NAME ...]`; a name is one of the library or a folder."""
    actions: dict[str, Callable[[Namespace], int]] = {
        "list": _list, "check": _check, "preview": _preview, "new": _new,
    }  # fmt: skip
    try:
        return actions[options.action](options)
    except SceneMistake as mistake:
        raise BadScene(str(mistake)) from None


def _list(options: Namespace) -> int:
    rows: dict[str, dict[str, Any]] = {}
    for name in options.name or library():
        scene = load(name)
        rows[scene.name] = {
            "title": scene.title,
            "conditions": list(scene.conditions),
            "levels": [level.name for level in scene.levels],
            "cues": {cue.name: cue.title for cue in scene.cues},
        }
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for name, row in rows.items():
        print(f"{name}: {row['title']}")
        for number, level in enumerate(row["levels"]):
            print(f"  {number}  {level}")
    return 0


def _check(options: Namespace) -> int:
    names = options.name or list(library())
    rows = {Path(n).name: check(n) for n in names}
    if options.rendered:
        drawn = [n for n in names if rows[Path(n).name]["ok"]]
        for pictures in _pictures(drawn, options, 480, scrub=False) if drawn else []:
            report = pictures.report()
            row = rows[report.pop("name")]
            row["problems"] += report.pop("problems")
            row |= {**report, "ok": not row["problems"]}
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for name, row in rows.items():
            print(_words(name, row))
    return 0 if all(r["ok"] for r in rows.values()) else 1


def _words(name: str, row: dict[str, Any]) -> str:
    cost = f"{row['triangles']} triangles, {row['draws']} draws, {row['bytes'] / 1e6:.2f} MB"
    problems = "".join(f"\n  {p}" for p in row["problems"])
    return f"{'ok     ' if row['ok'] else 'PROBLEM'} {name}: {cost}{problems}"


def _preview(options: Namespace) -> int:
    names = options.name or list(library())
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    rows = {}
    for pictures in _pictures(names, options, 960, scrub=not options.sheet_only):
        name = pictures.scene.name
        sheet = out / f"{name}.{'jpg' if options.format == 'jpeg' else 'png'}"
        sheet.write_bytes(pictures.sheet)
        scrub = out / f"{name}.html"
        if not options.sheet_only:
            scrub.write_text(pictures.scrub(), encoding="utf-8")
        print(f"{sheet}" + ("" if options.sheet_only else f"\n{scrub}"), file=sys.stderr)
        rows[name] = {"sheet": str(sheet), **pictures.report()}
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    for name, row in rows.items():
        for problem in row["problems"]:
            print(f"{name}: {problem}", file=sys.stderr)
    return 0 if all(r["ok"] for r in rows.values()) else 1


def _pictures(names: list[str], options: Namespace, width: int, scrub: bool) -> list[Any]:
    from scenes.preview import PreviewMistake, preview

    try:
        return preview(names, width, options.format, options.eye, scrub, options.at)
    except PreviewMistake as mistake:
        raise BadScene(str(mistake)) from None


def _new(options: Namespace) -> int:
    from scenes.starter import write

    if len(options.name) != 1:
        raise BadScene(
            f"Expected one name for the new scene, came {len(options.name)}; "
            "write it as `adaptivevr scenes new my_place`."
        )
    folder = Path(options.name[0])
    try:
        write(folder)
    except (FileExistsError, OSError) as mistake:
        raise BadScene(str(mistake)) from None
    print(
        f"{folder}: begin with its scene.toml; `adaptivevr scenes preview {folder}` draws it.",
        file=sys.stderr,
    )
    if options.json:
        print(json.dumps({"folder": str(folder), **check(folder)}))
    return 0
