"""The agenda of a session: quiet until a baseline is there, a therapy's own phases, a cooldown."""

from adaptivevr.therapy.caption import Caption
from adaptivevr.therapy.intent import Ask, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.view import View

EXTENSION_S = 180.0  # sources: D: a quiet phase may be extended by so much
READ_S = 8.0
LAST_S = 60.0  # of the cooldown, at rest


class Agenda:
    """Which phase it is and for how long; a controller decides which of its own comes next.

    bodily: it waits for a baseline, a known arousal and automation in charge; a therapy that
    needs no body sign to go on waits three minutes more for a baseline, then begins without.
    phase: waiting, quiet, the therapy's own, cooldown or end. main_s: when the quiet phase ended.
    dt_s: between the last two updates. caption: the words that stand.
    """

    def __init__(self, protocol: Protocol, bodily: bool = True, least_quiet_s: float = 0.0) -> None:
        self._phases, self._prompts = protocol.phases, protocol.prompts
        self._quiet_s = max(protocol.phases.quiet_s, least_quiet_s)
        self._bodily = bodily
        self._since_s = self.dt_s = 0.0
        self._last_s: float | None = None
        self.main_s: float | None = None
        self.caption = Caption()
        self.phase = "waiting"

    @property
    def begins(self) -> bool:
        """Whether no phase of the therapy's own has come yet."""
        return self.phase in ("waiting", "quiet")

    @property
    def ends(self) -> bool:
        """Whether the therapy's own phases are over."""
        return self.phase in ("cooldown", "end")

    def update(self, now_s: float, view: View) -> tuple[Why, float | None] | None:
        """The reason to wait and its number; None once the quiet phase is over (and ever after)."""
        self.dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        if self.main_s is not None:
            return None
        waiting = self.phase == "waiting"
        if waiting and view.rest:
            return Why.WAITING, None
        left_s = self._quiet_s - (0.0 if waiting else self.past_s(now_s))
        known = view.ready and view.arousal is not None and view.automatic
        given_up = not self._bodily and left_s <= -EXTENSION_S
        if left_s <= 0.0 and not view.rest and (known or given_up):
            self.main_s = now_s
            return None
        if waiting:
            self.go(now_s, "quiet", self._prompts.quiet)
        return (Why.QUIET, left_s) if left_s > 0.0 else (Why.UNSURE, None)

    def go(self, now_s: float, phase: str, words: str = "") -> None:
        """On to a phase; without words those that stand go on standing."""
        self.phase, self._since_s = phase, now_s
        self.caption.say(now_s, words)

    def cool(self, now_s: float) -> None:
        """The cooldown, and the end once it is over."""
        if not self.ends:
            self.go(now_s, "cooldown", self._prompts.cooldown)
        if self.past_s(now_s) >= self._phases.cooldown_s:
            self.phase = "end"

    def pause(self) -> None:
        """The time since the last update does not count towards this phase."""
        self._since_s += self.dt_s

    def past_s(self, now_s: float) -> float:
        """How long this phase has lasted."""
        return now_s - self._since_s

    def late(self, now_s: float) -> bool:
        """Whether the time of the therapy's own phases is up."""
        return self.main_s is not None and now_s - self.main_s >= self._phases.main_s

    def settling(self, now_s: float) -> bool:
        """Whether the cooldown has come to its last minute, which is at rest."""
        return self.past_s(now_s) >= max(0.0, self._phases.cooldown_s - LAST_S)

    def first_words(self, now_s: float) -> Ask | None:
        """The words of a phase, while they are read before its first task is set."""
        return self.caption.at(now_s) if self.past_s(now_s) < READ_S else None
