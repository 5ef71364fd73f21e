"""What a simulated patient sees and is asked, and on which scale it answers."""

import json
import threading

from adaptivevr.therapy.intent import Ask, Pacer, Scale
from scenes.frame import SceneFrame
from sensors.patient import Seen

_EFFORT = 0.5  # how much a countdown in sevens adds to arousal
_INSTRUCTION = "calibration-"


def scale_of(prompt: Ask) -> str:
    """The scale on which the simulated patient answers; a yes or no is about going on, or symptoms.

    >>> scale_of(Ask("symptom-1", "confirm", "Dizzy?")), scale_of(Ask("more-1", "confirm", "More?"))
    ('symptom', 'confirm')
    """
    if prompt.scale is not None:
        return prompt.scale.name
    return "symptom" if prompt.id.startswith(("symptom", "flare")) else "confirm"


class Watcher:
    """What a patient sees and is asked, from messages of the scene channel.

    Instructions of a guided calibration are followed: eyes closed, counting, a sigh, blinks,
    clenched teeth; each until the next words or question come.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = Seen()
        self._pacer: tuple[float, float, float, float, float] | None = None
        self._cues: list[str] = []
        self._played: list[str] = []  # ids of cues, to be told to the engine
        self._asked: list[tuple[str, str]] = []
        self._tasks: list[tuple[str, float, int]] = []
        self._shown: str | None = None  # the words, question or task that were shown last
        self._task = ""
        self._deeds: list[str] = []
        self.seq = -1

    def take(self, text: str) -> bool:
        """Takes one message; True when it is a frame newer than any before."""
        message = json.loads(text)
        kind = message.get("type")
        with self._lock:
            if kind == "frame" and message["seq"] > self.seq:
                self.seq = message["seq"]
                rest = bool(message["rest"])
                intensity = 0.0 if rest else float(message["intensity"])
                self._seen = Seen(intensity=intensity, rest=rest, pacer=self._pacer)
                return True
            if kind == "pacer":
                names = ("start_s", "in_s", "hold_s", "out_s", "rest_s")
                self._pacer = tuple(message[n] for n in names) if "start_s" in message else None
            elif kind == "cue" and not self._seen.rest:  # as a renderer: at rest nothing happens
                self._cues.append(message["name"])
                self._played.append(message["id"])
        if kind == "prompt":
            scale = message.get("scale")
            self.ask(
                Ask(
                    message["id"], message["kind"], message["text"],
                    Scale(**scale) if scale else None,
                    choices=tuple(message.get("choices") or ()),
                    difficulty=message.get("difficulty"),
                )
            )  # fmt: skip
        return False

    def _follow(self, prompt: str) -> None:
        """Does what the words with this id ask for; other words end what was being done."""
        task = prompt.removeprefix(_INSTRUCTION) if prompt.startswith(_INSTRUCTION) else ""
        task = task.removesuffix("-more")
        if task in ("sigh", "blink", "clench"):
            self._deeds.append(task)
        self._task = task

    def show(self, frame: SceneFrame, pacer: Pacer | None) -> None:
        """A frame seen directly, by a patient in the engine's own process."""
        beat = (
            (pacer.start_s, pacer.in_s, pacer.hold_s, pacer.out_s, pacer.rest_s) if pacer else None
        )
        intensity = 0.0 if frame.rest else frame.intensity
        with self._lock:
            self._pacer = beat
            self._seen = Seen(intensity=intensity, rest=frame.rest, pacer=beat)

    def hear(self, cue: str) -> None:
        """A cue seen or heard directly."""
        with self._lock:
            self._cues.append(cue)

    def ask(self, prompt: Ask) -> None:
        """Words, a question or a task, as long as they stand; each is taken in once."""
        with self._lock:
            if prompt.id == self._shown:
                return
            self._shown = prompt.id
            if prompt.kind == "task":
                self._tasks.append((prompt.id, prompt.difficulty or 0.0, len(prompt.choices)))
            elif prompt.kind in ("rating", "confirm"):
                self._asked.append((prompt.id, scale_of(prompt)))
            self._follow(prompt.id)

    def tasks(self) -> tuple[tuple[str, float, int], ...]:
        """The tasks set since the last look: id, difficulty, how many choices."""
        with self._lock:
            tasks, self._tasks = tuple(self._tasks), []
        return tasks

    def told(self, prompt: str) -> None:
        """Other words seen directly, by their id."""
        with self._lock:
            self._follow(prompt)

    def played(self) -> tuple[str, ...]:
        """The cues of the channel that came since the last look, by their id."""
        with self._lock:
            played, self._played = tuple(self._played), []
        return played

    @property
    def rest(self) -> bool:
        """Whether the scene rests."""
        return self._seen.rest

    def look(self) -> tuple[Seen, tuple[tuple[str, str], ...]]:
        """What is seen now, and what has been asked since the last look."""
        with self._lock:
            cues, self._cues = tuple(self._cues), []
            asked, self._asked = tuple(self._asked), []
            deeds, self._deeds = tuple(self._deeds), []
            seen = Seen(
                self._seen.intensity, self._seen.rest, self._pacer, cues,
                effort=_EFFORT if self._task == "induced" else 0.0,
                eyes_closed=self._task == "closed", deeds=deeds,
            )  # fmt: skip
        return seen, asked
