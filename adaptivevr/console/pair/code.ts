// What the server says about a code, in words.

import { say } from '../../../scenes/web/words';

export interface Answer {
  outcome: 'paired' | 'wrong' | 'changed' | 'paused' | 'closed';
  wait_s: number;
}

export const LENGTH = 6;

/** Whatever was typed or pasted, as digits only. */
export const digits = (text: string): string => text.replace(/\D/g, '').slice(0, LENGTH);

/** The sentence for a person who has just entered a code. */
export function answered({ outcome, wait_s }: Answer): string {
  const key = { paired: 'pair_done', wrong: 'pair_wrong', changed: 'pair_wait', paused: 'pair_wait', closed: 'pair_closed' };
  return say(key[outcome]).replace('{n}', String(wait_s));
}
