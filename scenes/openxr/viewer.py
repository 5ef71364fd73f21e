"""One patient's view of a session: ties the link, the playback, the stage and the ways to stop."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from math import isnan, nan
from typing import Any

from scenes.frame import SceneFrame
from scenes.openxr import message as said
from scenes.openxr import shelf
from scenes.openxr.channel import Channel
from scenes.openxr.comfort import FlashWatch, Locomotion, Narrowing
from scenes.openxr.host import EYE_M, Host, Lost, Moment, ViewBlock
from scenes.openxr.message import encode
from scenes.openxr.overlay import Overlay, breath_size
from scenes.openxr.panel import Panel
from scenes.openxr.pose import Pose
from scenes.openxr.prompts import Prompts
from scenes.openxr.sound import Sound
from scenes.openxr.stage import Stage
from scenes.openxr.stop import KEYS, HeldStop
from scenes.openxr.words import words
from scenes.playback import Pacer, Picture, Playback

POSE_EVERY_S = 1 / 30
POSES_A_MESSAGE = 15
CUE_LATE_S = 2.0  # an older cue is left out, as an older frame is
SETTLED_S = 0.3
_NOWHERE = [0.0] * 7


@dataclass(slots=True)
class Times:
    """Moments on our own clock, in seconds; NaN: not yet. frame_of: when the frame was told."""

    accepted: float = nan
    frame_of: float = nan
    stop: float = nan
    rest_frame: float = nan
    rest_picture: float = nan
    shown: float = nan


class Viewer:
    """Call `turn` for each picture; it never waits for anything but the host's next picture."""

    def __init__(
        self, host: Host, url: str, now_s: Callable[[], float], languages: tuple[str, ...] = ("en",)
    ) -> None:
        self.host = host
        self.playback = Playback()
        self.playback.ready = False
        self.stage = Stage(host.ctx)
        self.times = Times()
        self.drawn = self.dropped = 0
        self.frame: SceneFrame | None = None
        self.lost_since_s: float | None = None
        self.acked = (-1, False)
        self.channel = Channel(url, self._hello, now_s)
        self.panel = Panel()
        self.prompts = Prompts(self.panel, self.channel.send, now_s)
        self.sound = Sound(self.problem)
        self.pacer: Pacer | None = None
        self.scene = ""  # the one on the stage
        self.intact_left = False  # which hand a mirror shows twice
        self._url, self._now_s, self._languages = url, now_s, languages
        self._words = words(languages)
        self.prompts.words = self._words
        self._wanted = ""
        self._overlay = Overlay(host.ctx)
        self._view = ViewBlock(host.ctx)
        self._narrowing, self._locomotion = Narrowing(), Locomotion()
        self._flashes = FlashWatch()
        self._held = HeldStop()
        self._pool = ThreadPoolExecutor(1, "scene")
        self._loading: tuple[str, Future[shelf.Parts]] | None = None
        self._resting: Future[shelf.Parts] | None = None
        self._links = 0
        self._renewed = False
        self._unheard: str | None = None
        self._rows: list[list[Any]] = []
        self._posed_s = self._last_s = 0.0
        self._worn = False
        self._worn_s: float | None = None  # put on just now: it is recentered once it sits
        self._head = Pose((0.0, EYE_M, 0.0))
        self._trouble = ""
        self._told = ""
        self.picture: Picture = self.playback.update(now_s())

    # ---- from outside ----------------------------------------------------------------

    def start(self) -> None:
        """Connects, and has the rest scene loaded before any other."""
        self._resting = self._pool.submit(shelf.rest, self._url)
        self.channel.start()

    def turn(self) -> Picture:
        """One turn: waits for the next picture, draws it, and tells the engine what was shown."""
        moment = self.host.begin()
        now_s = self._now_s()
        dt_s, self._last_s = min(0.1, max(0.0, now_s - self._last_s)), now_s
        self._attend(moment, now_s)
        self._hear(now_s)
        self._take_loaded()
        picture = self._advance(now_s)
        drawn = bool(moment.views)
        try:
            if drawn:
                self._draw(moment, picture, now_s, dt_s)
            self.host.end()
        except Lost:
            drawn = False
        if drawn:
            self._shown(picture)
        self._say()
        return picture

    def stop(self, by: str) -> None:
        """The patient's stop: at rest at once, then reported until the engine rests."""
        self.playback.stop()
        self.sound.hush()
        self.times.stop = self._now_s()
        self._unheard = by
        self.channel.send("stop", by=by)

    def problem(self, text: str) -> None:
        """Something that the clinician should know."""
        print(text, file=sys.stderr)
        self.channel.send("problem", text=text)

    def close(self) -> None:
        """Says goodbye and lets go of everything."""
        self._flush()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.channel.close()
        self.sound.close()

    # ---- what people do --------------------------------------------------------------

    def _attend(self, moment: Moment, now_s: float) -> None:
        if moment.head is not None:
            self._head = moment.head
        if moment.worn is not None:
            self._worn = moment.worn
            self._worn_s = now_s if moment.worn else None
            if not moment.worn:
                self.stop("headset")
            elif self.prompts.id is not None:
                self.panel.hang(self._head)
            self.channel.send("headset", worn=moment.worn)
        if self._worn_s is not None and now_s - self._worn_s > SETTLED_S:
            self._worn_s = None
            self.host.recenter()
        for key in moment.keys:
            self._key(key)
        hands = tuple(hand.at[1] for hand in moment.hands if hand is not None)
        head_m = None if moment.head is None else moment.head.at[1]
        by = self._held.update(moment.held, head_m, hands, now_s)
        if by is not None:
            self.stop(by)
        for ray in moment.presses:
            self.panel.press(ray)
        if moment.gaze is not None and self.picture.fade == 0.0:
            self.panel.look(moment.gaze, now_s)
        if moment.head is not None:
            self._pose(moment, now_s)
        if self.host.trouble != self._trouble:
            self._trouble = self.host.trouble
            if self._trouble:
                self.problem(self._trouble)

    def _key(self, key: str) -> None:
        if key in KEYS:
            self.stop("key")
        elif key == "too_much":
            self.channel.send("too_much")
        elif key == "recenter":
            self.host.recenter()
        else:
            self.prompts.key(key)

    def _pose(self, moment: Moment, now_s: float) -> None:
        if now_s - self._posed_s < POSE_EVERY_S or moment.head is None:
            return
        self._posed_s = now_s
        rows = [_NOWHERE if hand is None else hand.row() for hand in moment.hands]
        self._rows.append([now_s, moment.head.row(), *rows])
        if len(self._rows) >= POSES_A_MESSAGE:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self.channel.send("pose", rows=self._rows)
            self._rows = []

    # ---- what the engine says --------------------------------------------------------

    def _hear(self, now_s: float) -> None:
        link = self.channel.link
        self.lost_since_s = None if link == "open" else (self.lost_since_s or now_s)
        if self.channel.opened != self._links:
            self._links, self._renewed = self.channel.opened, True
            if not self.playback.ready and self._loading is None:
                self._wanted = ""  # a scene that could not be loaded is tried again
            if self._unheard:
                self.channel.send("stop", by=self._unheard)
        for one in self.channel.heard():
            if isinstance(one, SceneFrame):
                self._receive(one, now_s)
            else:
                self._event(one, now_s)

    def _receive(self, frame: SceneFrame, now_s: float) -> None:
        # On a new link the engine may count from 0 again; what is shown stays until a good frame.
        if self._renewed and now_s - frame.time_s <= frame.valid_for_s:
            self.playback.forget()
            self._renewed = False
        if not self.playback.receive(frame, now_s):
            self.dropped += 1
            return
        self.frame = frame
        self.times.accepted, self.times.frame_of = now_s, frame.time_s
        if frame.rest:
            self._unheard = None
        if frame.scene != self._wanted:
            self._load(said.Play(frame.scene, f"/scenes/{frame.scene}/scene.glb", ""))

    def _event(self, one: said.Message, now_s: float) -> None:
        clock = self.channel.clock
        match one:
            case said.Stop():
                self.playback.stop()
                self.sound.hush()
            case said.Play():
                self._load(one)
            case said.Prompt():
                known = one.until_s is not None and clock.known
                until_s = clock.here_s(one.until_s) if known and one.until_s is not None else None
                if self.prompts.show(one, now_s, until_s):
                    self.panel.hang(self._head)
            case said.Pace(pacer):
                if pacer is not None:
                    start_s = clock.here_s(pacer.start_s) if clock.known else now_s
                    pacer = replace(pacer, start_s=start_s)
                self.pacer = pacer
            case said.Cue():
                due_s = clock.here_s(one.at_s) if clock.known else None
                late = due_s is None or now_s - due_s > CUE_LATE_S
                played = not late and self._cue(one.name, now_s)
                self.channel.send("heard", cue=one.id, played=played, shown_s=now_s)
            case said.Complaint(text):
                print(text, file=sys.stderr)
            case _:
                pass

    def _cue(self, name: str, now_s: float) -> bool:
        """A cue of the scene, unless it rests; whether it came."""
        player = self.stage.player
        known = player is not None and any(c.name == name for c in player.manifest.cues)
        if player is None or not known or self.picture.rest:
            return False
        player.cue(name, now_s)
        self.sound.cue(player, name)
        return True

    def _load(self, play: said.Play) -> None:
        if play.name == self._wanted:
            return
        self._wanted = play.name
        self.playback.ready = False
        job = self._pool.submit(shelf.fetch, play.name, play.asset, play.hash, self._url)
        self._loading = (play.name, job)

    def _take_loaded(self) -> None:
        """Brings onto the stage what has been loaded, while the rest scene is shown."""
        if self._resting is not None and self._resting.done():
            job, self._resting = self._resting, None
            try:
                self.stage.take_rest(job.result())
            except (OSError, ValueError) as error:
                self.problem(f"The rest scene could not be loaded ({error}); a plain one serves.")
        if self._loading is None or not self._loading[1].done() or self.picture.fade < 1.0:
            return
        (name, job), self._loading = self._loading, None
        if name != self._wanted:
            return
        try:
            parts = job.result()
        except (OSError, ValueError) as error:
            self.problem(f"The scene {name} could not be loaded ({error}).")
            return
        self.stage.take_scene(parts)
        self.sound.change(parts)
        self._flashes.forget()
        self.scene = name
        self.playback.ready = True

    # ---- pictures --------------------------------------------------------------------

    def _advance(self, now_s: float) -> Picture:
        """Everything that must go on without pictures: expiry, the fade, sound, prompts."""
        picture = self.picture = self.playback.update(now_s)
        self.prompts.update(now_s)
        if picture.rest:
            self.sound.hush()
        else:
            self.times.rest_frame = self.times.rest_picture = nan
        self.sound.update(self.stage.player, picture.fade, self._head, self.stage.viewer)
        return picture

    def _draw(self, moment: Moment, picture: Picture, now_s: float, dt_s: float) -> None:
        stage, host = self.stage, self.host
        worn = host.comfort and self._worn
        moving = self._locomotion.update(now_s, dt_s, worn, host.refresh_hz)
        stage.update(picture, now_s, moving)
        narrow = self._narrowing.update(stage.viewer, dt_s) if host.comfort else 0.0
        size = None
        if self.pacer is not None and picture.fade == 0.0:
            size = breath_size(self.pacer, now_s)
        panel = self.panel if self.prompts.id is not None else None
        rig, hands = stage.viewer, moment.hands
        if stage.shown.mirrors:
            hands = self._mirror(hands)
        stage.light()
        for k, view in enumerate(moment.views):
            host.target(k)
            self._view.send(view, rig)
            stage.draw()
            self._overlay.draw(rig, panel, size, narrow, hands, 1.0 - picture.fade)
            host.finish(k)
        self.drawn += 1
        player = stage.player
        if picture.rest or player is None:
            return
        if self._flashes.update(now_s, player.shine(dict(picture.values))):
            self.problem("More flashes were commanded than anybody may be shown; the scene rests.")
            self.stop("flash")

    def _mirror(self, hands: tuple[Pose | None, Pose | None]) -> tuple[Pose | None, Pose | None]:
        """The intact hand as it is, the other as its mirror image, in the same picture."""
        left, right = hands
        if self.intact_left:
            return (left, left.mirrored()) if left else (None, None)
        return (right.mirrored(), right) if right else (None, None)

    def _shown(self, picture: Picture) -> None:
        times = self.times
        times.shown = self._now_s()
        if picture.rest and isnan(times.rest_frame):
            times.rest_frame = times.shown
        if picture.fade == 1.0 and isnan(times.rest_picture):
            times.rest_picture = times.shown
        if self.frame is None or self.acked == (self.frame.seq, picture.rest):
            return
        self.acked = (self.frame.seq, picture.rest)
        self.channel.send("ack", seq=self.frame.seq, shown_s=times.shown, rest=picture.rest)

    def _say(self) -> None:
        why = self.picture.why
        if why != self._told:
            self._told = why
            if why:
                print(self._words[f"why_{why}"], file=sys.stderr)

    def _hello(self) -> str:
        try:
            ours = version("adaptivevr")
        except PackageNotFoundError:
            ours = "0"
        return encode(
            "hello", renderer=self.host.name, version=ours, languages=list(self._languages),
            hands=self.host.hands, refresh_hz=self.host.refresh_hz,
        )  # fmt: skip
