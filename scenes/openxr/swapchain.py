"""The pictures that an OpenXR runtime lends us for one eye, drawn on in place."""

from typing import Any

from scenes.openxr.runtime import xr

SRGB8_ALPHA8 = 0x8C43


class Eye:
    """The pictures of one eye that the runtime lends us, in turn."""

    def __init__(self, ctx: Any, session: Any, size: tuple[int, int], samples: int) -> None:
        self.size = size
        self.chain = xr.create_swapchain(
            session,
            xr.SwapchainCreateInfo(
                usage_flags=xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT
                | xr.SwapchainUsageFlags.SAMPLED_BIT,
                format=SRGB8_ALPHA8, sample_count=1, width=size[0], height=size[1], face_count=1,
                array_size=1, mip_count=1,
            ),
        )  # fmt: skip
        self._ctx = ctx
        images = xr.enumerate_swapchain_images(self.chain, xr.SwapchainImageOpenGLKHR)
        self._depth = ctx.depth_renderbuffer(size, samples=samples)
        # Drawn straight onto the lent picture, or smoothed from one of our own.
        single = ctx.depth_renderbuffer(size) if samples else self._depth
        self._lent = [
            ctx.framebuffer([ctx.external_texture(i.image, size, 4, 0, "f1")], single)
            for i in images
        ]
        self._smooth: Any = None
        if samples:
            colour = ctx.texture(size, 4, samples=samples, internal_format=SRGB8_ALPHA8)
            self._smooth = ctx.framebuffer([colour], self._depth)
        self._current = 0
        self._wait = xr.SwapchainImageWaitInfo(timeout=xr.INFINITE_DURATION)

    def begin(self) -> None:
        """Takes the next picture; everything drawn from now on lands on it."""
        self._current = xr.acquire_swapchain_image(self.chain, xr.SwapchainImageAcquireInfo())
        xr.wait_swapchain_image(self.chain, self._wait)
        target = self._smooth or self._lent[self._current]
        target.use()
        target.depth_mask = True
        target.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)

    def finish(self) -> None:
        """Hands the picture back."""
        if self._smooth is not None:
            self._ctx.copy_framebuffer(self._lent[self._current], self._smooth)
        xr.release_swapchain_image(self.chain, xr.SwapchainImageReleaseInfo())

    def picture(self) -> Any:
        """The framebuffer that was handed over last, for tests."""
        return self._lent[self._current]

    def release(self) -> None:
        """Gives back what is ours; the pictures are the runtime's."""
        self._ctx.detect_framebuffer(0).use()
        for lent in self._lent:
            lent.release()
        if self._smooth is not None:
            self._smooth.release()
        self._depth.release()
