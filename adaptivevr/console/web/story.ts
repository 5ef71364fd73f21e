// The last five minutes of arousal and intensity, with the holes left in.

import type { Entry, Past, Running } from './wire';

export const SPAN_S = 300;
const APART_S = 0.2; // closer rows cannot be told apart on a screen
const HOLE_S = 1.5; // a longer silence of the engine is a hole, not a line
export const Z90 = 1.645; // 90 % of a normal lies within so many sd

export interface Row {
  time_s: number;
  level: number | null;
  sd: number;
  intensity: number | null;
  mode: string;
}

export class Story {
  readonly rows: Row[] = [];
  readonly ratings: { time_s: number; value: number }[] = [];

  update(state: Running): void {
    this.add({
      time_s: state.tick_s,
      level: state.arousal.level,
      sd: state.arousal.sd,
      intensity: state.intensity,
      mode: state.mode,
    });
  }

  add(row: Row): void {
    const last = this.rows[this.rows.length - 1];
    if (last && row.time_s < last.time_s) return;
    const since_s = last ? row.time_s - last.time_s : Infinity;
    // What just became unknown, or known again, is never smoothed over.
    const turned = last !== undefined && (last.level === null) !== (row.level === null);
    if (since_s < APART_S && !turned) return;
    if (last && since_s > HOLE_S) {
      this.rows.push({ time_s: last.time_s + 1e-3, level: null, sd: 0, intensity: null, mode: '' });
    }
    this.rows.push(row);
    while (this.rows.length && this.rows[0]!.time_s < row.time_s - SPAN_S - 5) this.rows.shift();
  }

  /** What had happened before this page came; ignored where the page was there itself. */
  past(past: Past): void {
    const rows = past.rows.map(([time_s, level, sd, intensity, mode]) => ({
      time_s, level, sd, intensity, mode,
    }));
    const first = rows[0];
    if (!first) return;
    const before = this.rows.filter((row) => row.time_s < first.time_s);
    const newest_s = rows[rows.length - 1]!.time_s;
    const after = this.rows.filter((row) => row.time_s > newest_s);
    this.rows.splice(0, this.rows.length);
    for (const row of [...before, ...rows, ...after]) this.add(row);
  }

  rated(entry: Entry): void {
    if (entry.what !== 'rating' || typeof entry.value !== 'number' || !entry.of) return;
    if (this.ratings.some((r) => r.time_s === entry.at_s)) return; // told again after a new connection
    this.ratings.push({ time_s: entry.at_s, value: entry.value / entry.of });
    while (this.ratings[0] && this.ratings[0].time_s < entry.at_s - SPAN_S) this.ratings.shift();
  }
}

/** Runs of rows whose arousal is known: the pieces of the band. Nothing bridges a hole. */
export function segments(rows: readonly Row[]): Row[][] {
  const found: Row[][] = [];
  let open: Row[] | null = null;
  for (const row of rows) {
    if (row.level === null) open = null;
    else if (open) open.push(row);
    else found.push((open = [row]));
  }
  return found;
}

/** The interval that holds arousal with 90 %, as it is drawn and said. */
export function interval(level: number, sd: number): [number, number] {
  return [Math.max(0, level - Z90 * sd), level + Z90 * sd];
}
