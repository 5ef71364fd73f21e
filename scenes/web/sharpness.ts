// Fewer pixels where the machine is slow: a picture that comes in time matters more than a sharp one.

const SLOW_MS = 36;
const LEAST = 0.4;
const HURRIED = 0.5;
const PICTURES = 5; // looked at before a change

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
  private before: { ratio: number; ms: number } | null = null;
  private settled = false;

  constructor(most: number, private readonly software: boolean) {
    this.own = most;
  }

  get ratio(): number {
    return this.hurried && this.software ? Math.min(this.own, HURRIED) : this.own;
  }

  /** Another scene: how long its pictures take is not known yet. */
  again(): void {
    this.settled = false;
    this.before = null;
    this.pause();
  }

  /** Nothing was drawn for a while; the time until the next picture tells nothing. */
  pause(): void {
    this.last_s = 0;
    this.took_ms = [];
  }

  /** A picture begins; true when the ratio has changed. */
  update(now_s: number): boolean {
    if (this.last_s > 0) this.took_ms.push((now_s - this.last_s) * 1000);
    this.last_s = now_s;
    if (this.settled || this.took_ms.length < PICTURES) return false;
    const ms = this.took_ms.sort((a, b) => a - b)[this.took_ms.length >> 1]!;
    this.took_ms = [];
    return this.put(this.wanted(ms), ms);
  }

  private wanted(ms: number): number {
    if (this.before && ms > this.before.ms * 0.85) {
      this.settled = true; // fewer pixels did not help: it is not the pixels
      return this.before.ratio;
    }
    if (ms > SLOW_MS) return Math.max(LEAST, this.own * Math.max(0.6, Math.sqrt(SLOW_MS / ms)));
    this.settled = true; // it is fast enough: a picture that keeps changing size would be seen
    return this.own;
  }

  private put(ratio: number, ms: number): boolean {
    if (Math.abs(ratio - this.own) < 0.02) return false;
    this.before = { ratio: this.own, ms };
    this.own = ratio;
    return true;
  }
}
