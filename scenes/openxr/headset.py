"""A headset over OpenXR: session states, one swapchain an eye, inputs, loss and recovery."""

from collections.abc import Callable
from contextlib import suppress
from ctypes import byref, cast
from math import cos, pi, sin, tan
from typing import Any

from scenes.openxr.actions import Actions, as_pose, event_as, located
from scenes.openxr.clock import wait_until
from scenes.openxr.graphics import NoGraphics, View, draws_in_software
from scenes.openxr.host import EYE_M, Lost, Moment, Ray
from scenes.openxr.pose import Pose, turned
from scenes.openxr.runtime import INSTALL, Graphics, xr
from scenes.openxr.swapchain import SRGB8_ALPHA8, Eye

STEREO = xr.ViewConfigurationType.PRIMARY_STEREO
SITTING_M, STANDING_M = 1.4, 1.6  # eyes lower than the first: the person sits
PULSE_S = 0.05  # pictures may stop; the dead-man must not
RETRY_S = 1.0
_STATE = xr.SessionState
_POSED = xr.ViewStateFlags.ORIENTATION_VALID_BIT | xr.ViewStateFlags.POSITION_VALID_BIT


class XrHost:
    """The headset of this machine's active runtime.

    Raises NoGraphics at the start where there is none; lost later, it says so in `trouble`,
    shows nothing, and tries once a second. size: of one eye's picture, None as recommended.
    """

    name = "openxr"
    comfort = True
    hands = False

    def __init__(
        self,
        now_s: Callable[[], float],
        way: str | None = None,
        size: tuple[int, int] | None = None,
        samples: int | None = None,
    ) -> None:
        self.seated = True
        self.trouble = ""
        self.ended = False
        self.refresh_hz = 60.0
        self.runtime = self.system = ""
        self.state: Any = _STATE.UNKNOWN
        self.states: list[str] = []
        self._now_s = now_s
        self._graphics = Graphics(way)
        self.ctx = self._graphics.ctx
        self._size = size
        self._samples = (0 if draws_in_software(self.ctx) else 4) if samples is None else samples
        self._centre = Pose()
        self._head: Pose | None = None
        self._worn = False
        self._told: bool | None = None  # a change of `worn` that waits to be told
        self._again_s = 0.0
        self._clear()
        try:
            self._connect()
        except xr.exception.XrException as error:
            self._graphics.close()
            raise NoGraphics(
                f"Expected a headset, but OpenXR said: {_named(error)}. {INSTALL}"
            ) from None

    def _clear(self) -> None:
        self.eyes: list[Eye] = []
        self._instance: Any = None
        self._session: Any = None
        self._running = False
        self._begun = False
        self._actions: Any = None
        self._views: list[Any] = []
        self._finished = 0  # eyes whose pictures are complete

    # ---- coming and going ------------------------------------------------------------

    def _connect(self) -> None:
        graphics = self._graphics
        graphics.current()
        self._instance = xr.create_instance(
            xr.InstanceCreateInfo(
                application_info=xr.ApplicationInfo(
                    "adaptivevr", 1, "adaptivevr", 1, xr.Version(1, 0, 34)
                ),
                enabled_extension_names=graphics.extensions,
            )
        )
        properties = xr.get_instance_properties(self._instance)
        self.runtime = _text(properties.runtime_name)
        wanted = xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY)
        system = xr.get_system(self._instance, wanted)
        self.system = _text(xr.get_system_properties(self._instance, system).system_name)
        _require_opengl(self._instance, system)
        binding = graphics.binding()
        self._session = xr.create_session(
            self._instance, xr.SessionCreateInfo(system_id=system, next=binding)
        )
        formats = list(xr.enumerate_swapchain_formats(self._session))
        if SRGB8_ALPHA8 not in formats:
            raise NoGraphics(
                f"Expected a headset that takes sRGB pictures, came formats {formats}. {INSTALL}"
            )
        self._floor, self._base = self._ground()
        self._eyes_space = self._space(xr.ReferenceSpaceType.VIEW)
        rows = xr.enumerate_view_configuration_views(self._instance, system, STEREO)
        self.eyes = [
            Eye(
                self.ctx, self._session,
                self._size or (v.recommended_image_rect_width, v.recommended_image_rect_height),
                self._samples,
            )
            for v in rows
        ]  # fmt: skip
        self._actions = Actions(self._instance, self._session)

    def _space(self, kind: Any) -> Any:
        return xr.create_reference_space(
            self._session, xr.ReferenceSpaceCreateInfo(reference_space_type=kind)
        )

    def _ground(self) -> tuple[float, Any]:
        """How far below the space's origin the floor lies, and the space."""
        offered = list(xr.enumerate_reference_spaces(self._session))
        if xr.ReferenceSpaceType.STAGE in offered:
            return 0.0, self._space(xr.ReferenceSpaceType.STAGE)
        return EYE_M, self._space(xr.ReferenceSpaceType.LOCAL)

    def _lose(self, why: object) -> None:
        """Something of the runtime has gone: everything is let go of, to be made anew."""
        self.trouble = (
            f"The headset's runtime has gone ({_named(why)}). The patient sees nothing of the "
            "session; it is tried again each second."
        )
        self._wear(False)
        for eye in self.eyes:
            eye.release()
        for end, thing in (
            (xr.destroy_session, self._session),
            (xr.destroy_instance, self._instance),
        ):
            if thing is not None:
                with suppress(xr.exception.XrException):
                    end(thing)
        self._clear()
        self.state = _STATE.UNKNOWN
        self._again_s = self._now_s() + RETRY_S

    def _try_again(self) -> None:
        if self._now_s() < self._again_s:
            return
        try:
            self._connect()
            self.trouble = ""
        except (xr.exception.XrException, NoGraphics) as error:
            trouble = self.trouble
            self._lose(error)
            self.trouble = trouble  # told once

    def _wear(self, worn: bool) -> None:
        if worn != self._worn:
            self._worn = self._told = worn

    def _events(self) -> None:
        while True:
            try:
                event = xr.poll_event(self._instance)
            except xr.exception.EventUnavailable:
                return
            kind = event.type
            if kind == xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING:
                raise xr.exception.InstanceLostError("it says that it is ending")
            if kind == xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                self._change(_STATE(event_as(event, xr.EventDataSessionStateChanged).state))
                if self.ended:
                    return

    def _change(self, state: Any) -> None:
        self.state = state
        self.states.append(state.name)
        if state == _STATE.READY:
            xr.begin_session(self._session, xr.SessionBeginInfo(STEREO))
            self._running = True
        elif state == _STATE.STOPPING:
            self._running = False
            xr.end_session(self._session)
        elif state == _STATE.EXITING:
            self.ended = True
        elif state == _STATE.LOSS_PENDING:
            raise xr.exception.SessionLostError("the session is about to be lost")
        # Visible behind a menu of the runtime: neither taken off nor put on.
        if state == _STATE.FOCUSED:
            self._wear(True)
        elif state != _STATE.VISIBLE:
            self._wear(False)

    # ---- one picture -----------------------------------------------------------------

    def begin(self) -> Moment:
        """Waits for the runtime's next picture; without one it comes back every 50 ms."""
        if self._session is None:
            self._try_again()
        try:
            if self._session is not None:
                self._events()
            if not self._running or self.ended:
                wait_until(self._now_s() + PULSE_S)
                return Moment(worn=self._take_told())
            return self._next()
        except xr.exception.XrException as error:
            self._lose(error)
            return Moment(worn=self._take_told())

    def _take_told(self) -> bool | None:
        told, self._told = self._told, None
        return told

    def _next(self) -> Moment:
        frame = xr.wait_frame(self._session, xr.FrameWaitInfo())
        with suppress(xr.exception.FrameDiscarded):
            xr.begin_frame(self._session, xr.FrameBeginInfo())
        self._begun, self._time = True, frame.predicted_display_time
        if frame.predicted_display_period > 0:
            # A runtime that waits for us tells longer periods: the headset's own is the shortest.
            self.refresh_hz = max(self.refresh_hz, 1e9 / frame.predicted_display_period)
        self._actions.update()
        self._head = self._seen(located(self._eyes_space, self._base, self._time))
        hands = [self._seen(self._actions.pose("grip", k, self._base, self._time)) for k in (0, 1)]
        views: tuple[View, ...] = ()
        self._views, self._finished = [], 0
        if frame.should_render:
            state, rows = xr.locate_views(
                self._session, xr.ViewLocateInfo(STEREO, self._time, self._base)
            )
            if state.view_state_flags & _POSED == _POSED:
                self._views = list(rows)
                views = tuple(self._view(row) for row in rows)
        down = self._actions.went_down
        return Moment(
            views=views, head=self._head, hands=(hands[0], hands[1]),
            presses=self._rays(down),
            gaze=None if self._head is None else Ray(self._head.at, self._head.forward()),
            held=self._actions.held,
            keys=tuple(name for name in ("too_much", "recenter") if name in down),
            worn=self._take_told(),
        )  # fmt: skip

    def _seen(self, pose: Pose | None) -> Pose | None:
        """From the runtime's space to the scene's: on the floor, and as it was recentered."""
        if pose is None:
            return None
        x, y, z = pose.at
        return Pose((x, y + self._floor, z), pose.turn).after(self._centre)

    def _view(self, row: Any) -> View:
        pose, fov = self._seen(as_pose(row.pose)), row.fov
        assert pose is not None
        angles = (fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down)
        return View(pose, *(tan(a) for a in angles))

    def _rays(self, down: tuple[str, ...]) -> tuple[Ray, ...]:
        rays = []
        for hand in (0, 1):
            if f"press:{hand}" not in down:
                continue
            aim = self._seen(self._actions.pose("aim", hand, self._base, self._time))
            if aim is not None:
                rays.append(Ray(aim.at, aim.forward()))
        return tuple(rays)

    def target(self, eye: int) -> None:
        """Takes the next picture of one eye."""
        try:
            self.eyes[eye].begin()
        except (xr.exception.XrException, IndexError) as error:
            self._lose(error)
            raise Lost from None

    def finish(self, eye: int) -> None:
        """Hands it back."""
        try:
            self.eyes[eye].finish()
            self._finished += 1
        except xr.exception.XrException as error:
            self._lose(error)
            raise Lost from None

    def end(self) -> None:
        """Shows both eyes' pictures at the time they were drawn for."""
        if not self._begun or self._session is None:
            return
        self._begun = False
        layers = []
        if self._views and self._finished == len(self.eyes):
            rows = [
                xr.CompositionLayerProjectionView(
                    pose=v.pose, fov=v.fov,
                    sub_image=xr.SwapchainSubImage(
                        e.chain, xr.Rect2Di(xr.Offset2Di(0, 0), xr.Extent2Di(*e.size)), 0
                    ),
                )
                for v, e in zip(self._views, self.eyes, strict=True)
            ]  # fmt: skip
            layers = [byref(xr.CompositionLayerProjection(space=self._base, views=rows))]
        try:
            xr.end_frame(
                self._session,
                xr.FrameEndInfo(
                    display_time=self._time,
                    environment_blend_mode=xr.EnvironmentBlendMode.OPAQUE,
                    layers=layers,
                ),
            )
        except xr.exception.XrException as error:
            self._lose(error)
            return
        self._graphics.current()

    def recenter(self) -> None:
        """Makes where the patient is and looks now the place and direction of the scene.

        Somebody who sits is raised to the height of eyes that scenes are made for.
        """
        if self._head is None:
            return
        back = -self._head.yaw
        x, y, z = self._head.at
        up = STANDING_M - y if self.seated and 0.3 < y < SITTING_M else 0.0
        # Turned about the vertical first, then moved: the head comes to stand over the origin.
        at = (-(x * cos(back) + z * sin(back)), up, -(-x * sin(back) + z * cos(back)))
        self._centre = self._centre.after(Pose(at, turned(back % (2 * pi))))

    def close(self) -> None:
        """Ends the session as it should be ended, and lets go of everything."""
        if self._session is not None and self._running:
            with suppress(xr.exception.XrException):
                self._leave()
        if self._session is not None:
            self._lose("closed")
        self._graphics.close()

    def _leave(self) -> None:
        xr.request_exit_session(self._session)
        until_s = self._now_s() + 2.0
        while not self.ended and self._now_s() < until_s:
            self._events()
            if self._running:
                self._next()
                self.end()


def _named(why: object) -> str:
    return type(why).__name__ if isinstance(why, Exception) else str(why)


def _require_opengl(instance: Any, system: Any) -> None:
    """The call that must come before a session, whatever it answers."""
    address = xr.get_instance_proc_addr(instance, "xrGetOpenGLGraphicsRequirementsKHR")
    call = cast(address, xr.PFN_xrGetOpenGLGraphicsRequirementsKHR)
    needs = xr.GraphicsRequirementsOpenGLKHR()
    xr.check_result(xr.Result(call(instance, system, byref(needs))))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
