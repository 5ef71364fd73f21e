// Fewer pixels where the machine is slow: a picture that comes in time matters more than a sharp one.

const SLOW_MS = 28; // with some rest for everything else, thirty pictures a second
const LEAST = 0.4;
const HURRIED = 0.5;
const PICTURES = 7; // looked at before a change
const HELPS = 0.85; // fewer pixels do, when pictures take no more than this share of the time

/** Whether pictures are drawn by the processor: then edges are not smoothed, it would cost most of the time. */
export function drawnInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? String(gl!.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}

/** Pixels per CSS pixel, from how long pictures take. */
export class Sharpness {
  hurried = false; // on the way to rest: no time for a sharp picture where the processor draws
  private own: number;
  private last_s = 0;
  private took_ms: number[] = [];
  private first: { ratio: number; ms: number } | null = null; // before any change
  private doubted = false; // fewer pixels seemed to be of no help
  private settled = false;
  private readonly found = new WeakMap<object, number>(); // what was settled on, for each scene
  private shown: object = this;

  constructor(private readonly most: number, private readonly software: boolean) {
    this.own = most;
  }

  get ratio(): number {
    return this.hurried && this.software ? Math.min(this.own, HURRIED) : this.own;
  }

  /** Another scene is shown: as sharp as it was before, or else how long its pictures take is not known yet. */
  change(scene: object): void {
    const known = this.found.get(scene);
    this.shown = scene;
    this.own = known ?? this.most;
    this.settled = known !== undefined;
    this.first = null;
    this.doubted = false;
    this.pause();
  }

  /** Nothing was drawn for a while; the time until the next picture tells nothing. */
  pause(): void {
    this.last_s = 0;
    this.took_ms = [];
  }

  /** A picture begins. */
  update(now_s: number): void {
    if (this.settled) return;
    if (this.last_s > 0) this.took_ms.push((now_s - this.last_s) * 1000);
    this.last_s = now_s;
    if (this.took_ms.length < PICTURES) return;
    const ms = this.took_ms.sort((a, b) => a - b)[PICTURES >> 1]!;
    this.took_ms = [];
    const ratio = this.wanted(ms);
    this.settled ||= Math.abs(ratio - this.own) < 0.02;
    this.own = ratio;
    if (this.settled) this.found.set(this.shown, this.own); // a picture that keeps changing size would be seen
  }

  // A picture takes some time whatever its size, and some for every pixel: two sizes tell how much of each.
  private wanted(ms: number): number {
    const { own, first } = this;
    if (!first) {
      this.first = { ratio: own, ms };
      return ms > SLOW_MS ? Math.max(LEAST, own * Math.max(0.6, Math.sqrt(SLOW_MS / ms))) : own;
    }
    if (ms > HELPS * first.ms) {
      this.settled = this.doubted; // it is not the pixels, unless something else took its time just then
      this.doubted = true;
      this.first = null;
      return first.ratio;
    }
    if (ms <= SLOW_MS) return own;
    const each = (first.ms - ms) / (first.ratio ** 2 - own ** 2);
    const always = ms - each * own ** 2;
    return Math.min(own, Math.sqrt(Math.max(LEAST ** 2, (SLOW_MS - always) / each)));
  }
}
