// Flashes as people see them, counted; the same cases as scenes/flash.py (tests/scenes/flash_cases.json).

export const STEP = 0.1; // of full luminance: a smaller change is no part of a flash
export const BRIGHT = 0.8; // changes above this are none either (WCAG 2, general flash)
export const WINDOW_S = 1.0;
export const MOST = 1; // flashes within any second

/** Counts flashes, pairs of opposing changes, in the last second of one luminance. */
export class FlashCounter {
  private turned = 0; // the way of the last change: +1 brighter, -1 darker
  private low = Infinity;
  private high = -Infinity;
  private changes_s: number[] = [];

  update(time_s: number, luminance: number): number {
    this.low = Math.min(this.low, luminance);
    this.high = Math.max(this.high, luminance);
    if (this.turned >= 0 && this.high - luminance >= STEP && luminance < BRIGHT) this.turn(-1, time_s, luminance);
    else if (this.turned <= 0 && luminance - this.low >= STEP && this.low < BRIGHT) this.turn(1, time_s, luminance);
    while (this.changes_s.length && time_s - this.changes_s[0]! >= WINDOW_S) this.changes_s.shift();
    return this.changes_s.length >> 1;
  }

  private turn(way: number, time_s: number, luminance: number): void {
    this.turned = way;
    this.low = this.high = luminance;
    this.changes_s.push(time_s);
  }
}

/** Watches what is commanded: each parameter that shines, and all of them together. */
export class FlashWatch {
  private counters = new Map<string, FlashCounter>();

  /** shares: how far each parameter has travelled, times its photometric bound; true on a breach. */
  update(time_s: number, shares: ReadonlyMap<string, number>): boolean {
    let sum = 0;
    let breach = false;
    for (const [name, share] of shares) {
      sum += share;
      breach = this.count(name, time_s, share) > MOST || breach;
    }
    return this.count('', time_s, sum) > MOST || breach;
  }

  forget(): void {
    this.counters.clear();
  }

  private count(name: string, time_s: number, luminance: number): number {
    const counter = this.counters.get(name) ?? new FlashCounter();
    this.counters.set(name, counter);
    return counter.update(time_s, luminance);
  }
}
