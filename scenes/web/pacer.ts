// The breathing pace: which part of the breath it is and how full the lungs are.

import type { Pace } from './contract';

export type Part = 'wait' | 'in' | 'hold' | 'out' | 'rest';

/** The part and the fullness 0..1 at `now_s`, on the clock of `start_s`. */
export function breathAt(pace: Pace, now_s: number): { part: Part; fullness: number } {
  if (now_s < pace.start_s) return { part: 'wait', fullness: 0 };
  const parts: [Part, number][] = [
    ['in', pace.in_s], ['hold', pace.hold_s], ['out', pace.out_s], ['rest', pace.rest_s],
  ];
  const cycle_s = parts.reduce((sum, [, s]) => sum + s, 0);
  if (!(cycle_s > 0)) return { part: 'wait', fullness: 0 };
  let t = (now_s - pace.start_s) % cycle_s;
  for (const [part, length_s] of parts) {
    if (t < length_s) {
      const x = t / length_s;
      return { part, fullness: part === 'in' ? x : part === 'hold' ? 1 : part === 'out' ? 1 - x : 0 };
    }
    t -= length_s;
  }
  return { part: 'rest', fullness: 0 };
}
