"""The two scenes a patient may be in: the engine's, and the dim rest; and the way between."""

from typing import Any

from scenes.openxr.player import Player
from scenes.openxr.pose import Array
from scenes.openxr.shader import Programs
from scenes.openxr.shelf import Parts, plain_rest
from scenes.playback import Picture

REST_DIM = 0.5  # the rest picture is dimmer than anything a scene shows
VEIL = (0.075, 0.07, 0.085)  # on screen: dim, never white
_LONGEST_S = 0.1


class Stage:
    """Holds both scenes on the graphics card; the rest scene is there before any other."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        self._programs = Programs(ctx)
        self.rest = Player(ctx, self._programs, (parts := plain_rest()).model, parts.manifest)
        self.player: Player | None = None
        self.rest_ready = False
        self.shown = self.rest
        self._veil = 0.0
        self._last_s: float | None = None
        self._time_s = 0.0

    def take_rest(self, parts: Parts) -> None:
        """The real rest scene has come."""
        before, self.rest = self.rest, self._made(parts, REST_DIM)
        if self.shown is before:
            self.shown = self.rest
        before.release()
        self.rest_ready = True

    def take_scene(self, parts: Parts) -> None:
        """A scene has come; the one before it is let go."""
        made = self._made(parts, 1.0)
        before, self.player = self.player, made
        if before is not None:
            if self.shown is before:
                self.shown = self.rest
            before.release()

    def _made(self, parts: Parts, dim: float) -> Player:
        return Player(self._ctx, self._programs, parts.model, parts.manifest, dim)

    @property
    def shows_rest(self) -> bool:
        """Whether the rest scene is what is seen."""
        return self.shown is self.rest

    @property
    def viewer(self) -> Array:
        """The matrix of where the patient stands, in the scene that is shown."""
        return self.shown.viewer

    def update(self, picture: Picture, now_s: float, moving: float = 1.0) -> None:
        """Puts up the picture; half of a fade dims the one scene, half brings up the other.

        moving: the share of the commanded speed along a path that is shown.
        """
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s, self._time_s = now_s, now_s
        wanted = self.player if self.player is not None and picture.fade < 0.5 else self.rest
        self.shown = wanted
        if self.player is None:
            self._veil = 0.0
        else:
            self._veil = picture.fade * 2 if picture.fade < 0.5 else (1 - picture.fade) * 2
        values = {} if wanted is self.rest else dict(picture.values)
        if picture.fade == 1.0 and self.player is not None:
            self.player.hush()
        wanted.apply(values, now_s, min(dt_s, _LONGEST_S) * moving)

    def light(self) -> None:
        """Hands the light of the shown scene to the graphics card, once for all eyes."""
        self.shown.light.send(self._time_s, (*VEIL, self._veil))

    def draw(self) -> int:
        """Draws the shown scene for the eye whose view is bound; returns the number of calls."""
        return self.shown.draw()
