import { expect, test, vi } from 'vitest';
import { standing } from '../cues';
import type { CueRow } from '../wire';

vi.stubGlobal('document', {});

const row = (more: Partial<CueRow>): CueRow => ({
  name: 'bang', title: 'A bang', how: 'heard', must: true, clinician: true, patient: true, too_late: true,
  open: false, why: 'wait 18 s', wait_s: 18, ...more,
});

test.each([
  [row({ open: true, why: '' }), false, 'ready'],
  [row({}), false, 'wait 18 s'],
  [row({ open: true, why: '' }), true, 'stopped'],
])('what stands beside a cue', (one, stopped, words) => {
  expect(standing(one, stopped)).toBe(words);
});
