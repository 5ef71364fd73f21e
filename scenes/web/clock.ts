// Maps the engine's clock onto this page's own monotonic one, from questions and answers.

const KEPT = 16;

/** A bracket around the difference of the two clocks: the answer was made between asking and hearing. */
interface Sighting {
  low_s: number;
  high_s: number;
}

export class EngineClock {
  private sightings: Sighting[] = [];

  get known(): boolean {
    return this.sightings.length > 0;
  }

  /** An answer: asked and heard on this page's clock, told on the engine's. */
  update(asked_s: number, engine_s: number, heard_s: number): void {
    if (!(heard_s >= asked_s)) return;
    const one = { low_s: engine_s - heard_s, high_s: engine_s - asked_s };
    const best = this.best();
    // Brackets that do not meet: one machine slept or the engine is another one. Begin anew.
    if (best && (one.low_s > best.high_s + 0.05 || one.high_s < best.low_s - 0.05)) this.sightings = [];
    this.sightings.push(one);
    if (this.sightings.length > KEPT) this.sightings.shift();
  }

  /** After a new connection nothing is known about the engine's clock. */
  forget(): void {
    this.sightings = [];
  }

  /** A moment of the engine's clock on this page's clock; NaN before the first answer. */
  here_s(engine_s: number): number {
    const best = this.best();
    return best ? engine_s - (best.low_s + best.high_s) / 2 : NaN;
  }

  /** How far off the mapping may be, half the fastest question and answer. */
  get error_s(): number {
    const best = this.best();
    return best ? (best.high_s - best.low_s) / 2 : Infinity;
  }

  private best(): Sighting | undefined {
    return this.sightings.reduce<Sighting | undefined>(
      (a, b) => (a && a.high_s - a.low_s <= b.high_s - b.low_s ? a : b),
      undefined,
    );
  }
}
