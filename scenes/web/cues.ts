// Cues come when they are due or not at all: rest ends those that wait and those that run, and a
// link that stalled brings none later.

import type { ClientMessage } from './contract';

export const LATE_S = 2; // as long as a frame is good for

export interface Surroundings {
  now_s: () => number;
  later: (call: () => void, delay_s: number) => number;
  never: (waiting: number) => void;
}

const PAGE: Surroundings = {
  now_s: () => performance.now() / 1000,
  later: (call, delay_s) => setTimeout(call, delay_s * 1000) as unknown as number,
  never: (waiting) => clearTimeout(waiting),
};

export class Cues {
  private readonly waiting = new Map<number, string>();

  /** play: begins a cue unless the scene rests, and answers whether it did. */
  constructor(
    private readonly play: (name: string) => boolean,
    private readonly say: (message: ClientMessage) => void,
    private readonly at: Surroundings = PAGE,
  ) {}

  /** due_s: on the page's own clock; null where the engine's clock is not known: it is left out. */
  take(id: string, name: string, due_s: number | null): void {
    const wait_s = due_s === null ? NaN : due_s - this.at.now_s();
    if (!(wait_s >= -LATE_S)) this.tell(id, false);
    else if (wait_s <= 0) this.tell(id, this.play(name));
    else {
      const waiting = this.at.later(() => {
        this.waiting.delete(waiting);
        this.tell(id, this.play(name));
      }, wait_s);
      this.waiting.set(waiting, id);
    }
  }

  /** The scene rests: nothing that waits comes any more. */
  hush(): void {
    for (const [waiting, id] of this.waiting) {
      this.at.never(waiting);
      this.tell(id, false);
    }
    this.waiting.clear();
  }

  private tell(cue: string, played: boolean): void {
    this.say({ type: 'heard', cue, played, shown_s: this.at.now_s() });
  }
}
