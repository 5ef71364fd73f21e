// What every renderer does between frames; the same cases as scenes/playback.py
// (tests/scenes/playback_cases.json). Times are seconds of one clock, given from outside.

export const EASE_S = 0.08; // towards the latest frame: hides the gaps between frames, no more
export const FADE_OUT_S = 0.5; // to the rest picture: once and one way
export const FADE_IN_S = 1.5; // back again
export const HOLD_S = 5.0; // a fade to rest cannot repeat sooner than this

export type Why = '' | 'stop' | 'waiting' | 'expired' | 'rest';

/** What a frame must tell to be played; `time_s` on the same clock as `now_s`. */
export interface Played {
  seq: number;
  time_s: number;
  values: Record<string, number>;
  rest: boolean;
  valid_for_s: number;
}

/** fade: 0 the scene, 1 the rest scene alone; why: empty, or why it rests. */
export interface Picture {
  values: ReadonlyMap<string, number>;
  fade: number;
  rest: boolean;
  why: Why;
}

export class Playback {
  private frame: Played | null = null;
  private values = new Map<string, number>();
  private last_s: number | null = null;
  private fade = 1;
  private fading = false; // on the way to rest: one way until done
  private out: { at_s: number; from: number } | null = null;
  private back: { at_s: number; from: number } | null = null;
  private stopped = false;
  private stopKnown = false;
  private isReady = true;

  /** False while the scene itself is not there to be shown: the rest scene is. */
  get ready(): boolean {
    return this.isReady;
  }

  set ready(ready: boolean) {
    // A change of scene is no fade to rest that must be held.
    if (ready && !this.isReady && !this.fading) this.out = null;
    this.isReady = ready;
  }

  /** Takes a frame unless it has expired or is not newer than the last; says which. */
  receive(frame: Played, now_s: number): boolean {
    if (!(now_s - frame.time_s <= frame.valid_for_s)) return false; // also when the time is not known
    if (this.frame && frame.seq <= this.frame.seq) return false;
    this.frame = frame;
    if (frame.rest) this.stopKnown = this.stopped;
    else if (this.stopped && this.stopKnown) this.stopped = this.stopKnown = false;
    return true;
  }

  /** After a new connection: the engine may count from 0 again; a local stop stays. */
  forget(): void {
    this.frame = null;
  }

  /** The renderer's own stop: acts at once, whatever frames say, until the engine rested and went on. */
  stop(): void {
    this.stopped = true;
    this.stopKnown = false;
  }

  why(now_s: number): Why {
    if (this.stopped) return 'stop';
    if (!this.frame || !this.isReady) return 'waiting';
    if (now_s - this.frame.time_s > this.frame.valid_for_s) return 'expired';
    return this.frame.rest ? 'rest' : '';
  }

  /** The picture at `now_s`; call it for every picture drawn, time never backward. */
  update(now_s: number): Picture {
    const dt_s = this.last_s === null ? 0 : Math.max(0, now_s - this.last_s);
    this.last_s = now_s;
    const why = this.why(now_s);
    this.updateFade(now_s, why);
    if (this.frame && !why) {
      const share = 1 - Math.exp(-dt_s / EASE_S);
      for (const [name, goal] of Object.entries(this.frame.values)) {
        const value = this.values.get(name) ?? goal;
        this.values.set(name, value + share * (goal - value));
      }
    }
    return { values: this.values, fade: this.fade, rest: why !== '' || this.fade === 1, why };
  }

  private updateFade(now_s: number, why: Why): void {
    if (why && this.fade < 1 && !this.fading) {
      this.fading = true;
      this.out = { at_s: now_s, from: this.fade };
    }
    if (this.fading && this.out) {
      this.fade = Math.min(1, this.out.from + (now_s - this.out.at_s) / FADE_OUT_S);
      this.fading = this.fade < 1;
      this.back = null;
      return;
    }
    const held = this.out !== null && now_s - this.out.at_s < HOLD_S;
    if (why || held || this.fade === 0) {
      this.back = null;
      return;
    }
    if (!this.back) {
      // Seen again, the scene is where the engine says, not on its way there.
      this.back = { at_s: now_s, from: this.fade };
      this.values = new Map();
    }
    this.fade = Math.max(0, this.back.from - (now_s - this.back.at_s) / FADE_IN_S);
  }
}

/** Where a value lies between rest (0) and full (1), clamped; rest for what is no number. */
export function fraction(value: number, rest: number, full: number): number {
  const f = (value - rest) / (full - rest);
  return Number.isFinite(f) ? Math.min(1, Math.max(0, f)) : 0;
}

/** Where to hold a clip; its first key need not be at 0. */
export function clipTime_s(first_s: number, last_s: number, f: number): number {
  return first_s + Math.min(1, Math.max(0, f)) * (last_s - first_s);
}
