"""Reading scene.toml: everything that is wrong with it is told at once, in sentences."""

import hashlib
from math import isfinite
from pathlib import Path
from typing import Any

from scenes import curve
from scenes.look import look, mistakes
from scenes.parameter import ROLES, Channel, Parameter, channel_range
from scenes.scene import Cue, Level, Scene, SceneMistake


class Reader:
    """Reads one table and collects every mistake in it instead of stopping at the first."""

    def __init__(self, name: str, folder: Path, table: dict[str, Any]) -> None:
        self.name, self.folder, self.table = name, folder, table
        self.mistakes: list[str] = []

    def scene(self, text: bytes) -> Scene:
        self._known(
            "scene.toml", self.table, "title conditions asset parameters levels cues sounds look"
        )
        asset = self._text("scene.toml", self.table, "asset", "scene.glb")
        sounds = self._sounds()
        scene = Scene(
            name=self.name,
            title=self._text("scene.toml", self.table, "title"),
            conditions=tuple(str(c) for c in self._list(self.table.get("conditions", []))),
            levels=self._levels(),
            parameters=tuple(self._parameter(n, t) for n, t in self._tables("parameters")),
            cues=tuple(self._cue(n, t) for n, t in self._tables("cues")),
            asset=asset,
            hash=_hash(text, self.folder / asset),
            sounds=tuple((n, loudness) for n, loudness, _ in sounds),
            places=tuple((n, at) for n, _, at in sounds if at),
            look=self._look(),
            folder=self.folder,
        )
        self._one_driver_each(scene)
        if self.mistakes:
            raise SceneMistake(tuple(self.mistakes))
        return scene

    def _say(self, where: str, expected: str, came: object, do: str) -> None:
        self.mistakes.append(
            f"Scene '{self.name}', {where}: expected {expected}, came {came}. {do}."
        )

    def _known(self, where: str, table: dict[str, Any], names: str) -> None:
        for key in table:
            if key not in names.split():
                self._say(where, f"one of {', '.join(names.split())}", f"'{key}'", "Remove it")

    def _list(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value]

    def _tables(self, key: str) -> list[tuple[str, dict[str, Any]]]:
        found = self.table.get(key, {})
        if not isinstance(found, dict) or not all(isinstance(t, dict) for t in found.values()):
            self._say(key, f"tables [{key}.NAME]", repr(found), "Write one table for each")
            return []
        return list(found.items())

    def _text(self, where: str, table: dict[str, Any], key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value.strip():
            self._say(where, f"a text for '{key}'", repr(value), f'Write {key} = "..."')
            return ""
        return value

    def _number(
        self, where: str, value: object, key: str, low: float | None = None, high: float = 1e9
    ) -> float:
        low = -1e9 if low is None else low
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not isfinite(value) or not low <= value <= high:  # type: ignore[arg-type, operator]
            span = "a number" if low <= -1e9 else f"a number from {low:g} to {high:g}"
            came = "nothing" if value is None else repr(value)
            self._say(where, f"{span} for '{key}'", came, "Mend the number")
            return low if low > -1e9 else 0.0
        return float(value)  # type: ignore[arg-type]

    def _parameter(self, name: str, t: dict[str, Any]) -> Parameter:
        where = f"parameter '{name}'"
        self._known(where, t, "title role unit rest full curve max_rate_per_s photometric channels")
        role = self._text(where, t, "role")
        if role and role not in ROLES:
            self._say(where, "role 'load' or 'ambient'", f"'{role}'", "Choose one")
        rest = self._number(where, t.get("rest"), "rest")
        full = self._number(where, t.get("full"), "full")
        if rest == full:
            self._say(where, "rest and full that differ", f"{rest:g} twice", "Change one")
        shape = t.get("curve", "linear")
        if wrong := curve.mistake(shape):
            expected, _, came = wrong.partition(", not ")
            self._say(where, f"for 'curve' {expected}", came, "Mend the curve")
            shape = "linear"
        rate = t.get("max_rate_per_s")
        if rate is not None:
            rate = self._number(where, rate, "max_rate_per_s", 1e-6)
        return Parameter(
            name=name,
            role=role,
            unit=self._text(where, t, "unit"),
            rest=rest,
            full=full,
            curve=shape
            if isinstance(shape, str)
            else tuple((float(x), float(y)) for x, y in shape),
            max_rate_per_s=rate,
            photometric=self._number(where, t.get("photometric", 0.0), "photometric", 0.0, 1.0),
            title=self._text(where, t, "title", name),
            channels=self._channels(where, t.get("channels", {})),
        )

    def _channels(self, where: str, table: Any) -> tuple[Channel, ...]:
        if not isinstance(table, dict):
            self._say(where, "channels = {name = [at rest, at full]}", repr(table), "Mend it")
            return ()
        channels = []
        for name, ends in table.items():
            span = channel_range(name)
            if span is None:
                self._say(where, "a channel of the closed list", f"'{name}'", "See parameter.py")
            elif not isinstance(ends, list) or len(ends) != 2:
                self._say(where, f"[at rest, at full] for '{name}'", repr(ends), "Give two numbers")
            else:
                channels.append(Channel(name, *(self._number(where, e, name, *span) for e in ends)))
        return tuple(channels)

    def _levels(self) -> tuple[Level, ...]:
        levels: list[Level] = []
        for i, t in enumerate(self._list(self.table.get("levels", []))):
            where = f"level {i + 1}"
            if not isinstance(t, dict):
                self._say(where, "a table [[levels]]", repr(t), "Write name and intensity")
                continue
            self._known(where, t, "name intensity")
            at = self._number(where, t.get("intensity"), "intensity", 0.0, 1.0)
            if levels and at <= levels[-1].intensity:
                before = levels[-1].intensity
                self._say(where, f"an intensity above {before:g}", f"{at:g}", "Order the levels")
            levels.append(Level(self._text(where, t, "name"), at))
        if not levels:
            self._say("levels", "at least one [[levels]]", "none", "Name what a clinician sees")
        return tuple(levels)

    def _cue(self, name: str, t: dict[str, Any]) -> Cue:
        where = f"cue '{name}'"
        self._known(where, t, "title sound loudness at gate pause_s vet")
        vet = t.get("vet", False)
        if not isinstance(vet, bool):
            self._say(where, "true or false for 'vet'", repr(vet), "Write one of them")
        return Cue(
            name=name,
            title=self._text(where, t, "title"),
            sound=self._text(where, t, "sound", None) if "sound" in t else "",
            loudness=self._number(where, t.get("loudness", 1.0), "loudness", 0.0, 1.0),
            at=self._text(where, t, "at", None) if "at" in t else "",
            gate=self._number(where, t.get("gate", 0.0), "gate", 0.0, 1.0),
            pause_s=self._number(where, t.get("pause_s", 5.0), "pause_s", 0.0, 3600.0),
            vet=vet is True,
        )

    def _sounds(self) -> list[tuple[str, float, str]]:
        """Name, loudness, and the node it comes from ('' is all around)."""
        table = self.table.get("sounds", {})
        if not isinstance(table, dict):
            self._say("sounds", "a table name = loudness", repr(table), "Mend it")
            return []
        found = []
        for name, told in table.items():
            where = f"sound '{name}'"
            t = told if isinstance(told, dict) else {"loudness": told}
            self._known(where, t, "loudness at")
            loudness = self._number(where, t.get("loudness"), "loudness", 0.0, 1.0)
            found.append((name, loudness, self._text(where, t, "at", None) if "at" in t else ""))
        return found

    def _look(self) -> dict[str, Any]:
        table = self.table.get("look", {})
        wrong = tuple(mistakes(table))
        for expected, came, do in wrong:
            self._say("look", expected, came, do)
        return {} if wrong else look(table)

    def _one_driver_each(self, scene: Scene) -> None:
        owner: dict[str, str] = {}
        for p in scene.parameters:
            for c in p.channels:
                if c.name in owner:
                    other = owner[c.name]
                    came = f"'{other}' and '{p.name}'"
                    self._say(f"channel '{c.name}'", "one parameter", came, "Keep one of them")
                owner[c.name] = p.name


def _hash(text: bytes, asset: Path) -> str:
    digest = hashlib.blake2b(text, digest_size=16)
    if asset.is_file():
        digest.update(asset.read_bytes())
    return digest.hexdigest()
