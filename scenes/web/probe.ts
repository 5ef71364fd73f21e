// What tests may read of the page (`window.__adaptivevr.state()`); nothing here changes anything.

import type { Channel } from './channel';
import type { Collecting } from './collect';
import type { Drawing } from './drawing';
import type { Picture, Playback } from './playback';
import type { Sound } from './sound';
import type { Stage } from './stage';
import { language } from './words';
import type { Headset } from './xr';

/** What came from the engine, and what is made of it. */
export const linked = (channel: Channel, playback: Playback, picture: Picture) => ({
  link: channel.link,
  dropped: channel.dropped,
  clock_error_s: channel.clock.error_s,
  ready: playback.ready,
  rest: picture.rest,
  fade: picture.fade,
  why: picture.why,
  values: Object.fromEntries(picture.values),
});

/** What is seen and heard, and what it costs. */
export const drawn = (drawing: Drawing, stage: Stage, sound: Sound, collecting: Collecting, headset: Headset) => ({
  scene: stage.player?.manifest.name ?? null,
  restReady: stage.restReady,
  showsRest: stage.showsRest,
  drawn: drawing.drawn,
  presenting: headset.presenting,
  eyes: drawing.renderer.xr.isPresenting ? drawing.renderer.xr.getCamera().cameras.length : 1,
  sharpness: drawing.sharpness.ratio,
  score: collecting.score,
  target: collecting.ring.visible ? collecting.ring.position.toArray() : null,
  sounds: sound.heard,
  cueing: (stage.player?.cueing.size ?? 0) + sound.shots,
  language: language(),
  calls: drawing.renderer.info.render.calls,
  triangles: drawing.renderer.info.render.triangles,
  draw_ms: [...drawing.draw_ms],
  between_ms: [...drawing.between_ms],
});
