// Stopping as a small machine of its own: it knows nothing of the page.

export type Stopping = 'running' | 'sent' | 'unconfirmed' | 'stopped';

const CONFIRM_MS = 1000;
const AGAIN_MS = 250;

/**
 * From a press until the engine says it is at rest. `send` answers whether the message left.
 * It is repeated until it is confirmed, also over a connection that comes back later.
 */
export class Stop {
  private pressed_ms: number | null = null;
  private sent_ms = -Infinity;
  private by = 'button';
  private latched = false;

  constructor(private readonly send: (by: string) => boolean) {}

  press(by: string, now_ms: number): void {
    this.by = by;
    this.pressed_ms ??= now_ms;
    this.attempt(now_ms);
  }

  /** A state has come from the engine: whether it stands stopped, and whether it has been up. */
  heard(stopped: boolean): void {
    this.latched = stopped;
    if (stopped) this.pressed_ms = null;
  }

  /** To be called often; sends again what was not confirmed. */
  tick(now_ms: number): void {
    if (this.pressed_ms !== null && now_ms - this.sent_ms >= AGAIN_MS) this.attempt(now_ms);
  }

  state(now_ms: number): Stopping {
    if (this.pressed_ms !== null) {
      return now_ms - this.pressed_ms > CONFIRM_MS ? 'unconfirmed' : 'sent';
    }
    return this.latched ? 'stopped' : 'running';
  }

  private attempt(now_ms: number): void {
    this.send(this.by);
    this.sent_ms = now_ms;
  }
}

/** Escape, and F8 for browsers that keep Escape to themselves; from anywhere in the page. */
export function isStopKey(event: { key: string }): boolean {
  return event.key === 'Escape' || event.key === 'F8';
}
