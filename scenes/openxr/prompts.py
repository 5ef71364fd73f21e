"""Texts and ratings on the board: one stands at a time, and is answered, closed or runs out."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from scenes.openxr.message import Prompt
from scenes.openxr.panel import Button, Panel

INFO_S = 12.0  # a text without an end of its own


@dataclass(frozen=True, slots=True)
class _Standing:
    prompt: Prompt
    shown_s: float
    until_s: float


class Prompts:
    """`send(kind, **fields)` carries answers to the engine; times are of our own clock."""

    def __init__(self, panel: Panel, send: Callable[..., None], now_s: Callable[[], float]) -> None:
        self._panel, self._send, self._now_s = panel, send, now_s
        self._standing: _Standing | None = None
        self.words = {"yes": "Yes", "no": "No", "ok": "OK"}

    @property
    def id(self) -> str | None:
        """Which prompt stands."""
        return self._standing.prompt.id if self._standing else None

    def show(self, prompt: Prompt, now_s: float, until_s: float | None) -> bool:
        """Shows a prompt; False when its time is over already."""
        self.close()
        lasting = prompt.kind in ("rating", "confirm")
        end_s = until_s if until_s is not None else (inf if lasting else now_s + INFO_S)
        if end_s <= now_s:
            return False
        self._standing = _Standing(prompt, now_s, end_s)
        ends = (prompt.scale.low, prompt.scale.high) if prompt.scale else ("", "")
        self._panel.show(prompt.text, self._buttons(prompt), ends)
        return True

    def update(self, now_s: float) -> None:
        """Takes away what has run out; a rating that nobody gave is told as none."""
        if self._standing is None or now_s < self._standing.until_s:
            return
        if self._standing.prompt.kind == "rating":
            self._answer(None)
        else:
            self.close()

    def close(self) -> None:
        """Takes the prompt away unanswered."""
        self._standing = None
        self._panel.hide()

    def key(self, name: str) -> bool:
        """A digit means the digit-th step of a scale; return closes a text. True when used."""
        if self._standing is None:
            return False
        scale = self._standing.prompt.scale
        if scale is not None and name.isdecimal() and int(name) < len(scale.steps()):
            self._answer(scale.steps()[int(name)])
            return True
        if self._standing.prompt.kind == "info" and name == "enter":
            self.close()
            return True
        return False

    def _buttons(self, prompt: Prompt) -> tuple[Button, ...]:
        def answer(value: float) -> Callable[[], None]:
            return lambda: self._answer(value)

        if prompt.kind == "rating" and prompt.scale is not None:
            return tuple(Button(f"{v:g}", answer(v)) for v in prompt.scale.steps())
        if prompt.kind == "confirm":
            return Button(self.words["no"], answer(0)), Button(self.words["yes"], answer(1))
        return (Button(self.words["ok"], self.close),) if prompt.kind == "info" else ()

    def _answer(self, value: float | None) -> None:
        s = self._standing
        if s is None:
            return
        scale = s.prompt.scale.name if s.prompt.scale else "confirm"
        self._send(
            "rating", prompt=s.prompt.id, scale=scale, value=value, shown_s=s.shown_s,
            answered_s=self._now_s(),
        )  # fmt: skip
        self.close()
