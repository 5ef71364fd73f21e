import { describe, expect, test, vi } from 'vitest';
import type { Running } from '../wire';
import { arousalWords, clock, measured, proposalWords, restsWords, standsStill } from '../words';

vi.stubGlobal('document', {});

const state = (level: number | null, more: Partial<Running> = {}): Running =>
  ({
    now_s: 10, tick_s: 10,
    arousal: { level, sd: 0.1, parts: [], age_s: 0, relative: false, prior_only: false },
    limits: { window_low: 0.4, window_high: 0.7, ceiling: 1 },
    ...more,
  }) as Running;

test.each([[0, '0:00'], [65.9, '1:05'], [3725, '1:02:05'], [-3, '0:00']])('%s s is %s', (s, text) => {
  expect(clock(s)).toBe(text);
});

test.each([
  [4.123, 'uS', '4.12 µS'], [1430, 'uV', '1.43 mV'], [95.84, 'uV', '95.8 µV'], [312.4, 'uV', '312 µV'],
  [2, 'relative', '2.00'], [NaN, 'uS', ''],
])('%s %s is %s', (value, unit, text) => {
  expect(measured(value, unit)).toBe(text);
});

describe('arousal in words', () => {
  test.each([[0.2, 'below the window'], [0.5, 'inside the window'], [0.9, 'above the window']])('%s is %s', (level, where) => {
    expect(arousalWords(state(level))).toContain(where);
  });
  test('what is not known is no number', () => {
    expect(arousalWords(state(null))).not.toMatch(/\d/);
  });
});

test('what the estimate rests on, the weightiest first', () => {
  const part = (name: string, weight: number) => ({ name, pull: 0, weight, quality: 1, age_s: 0, state: 'used' });
  const parts = [part('ln_scl', 0.1), part('heart_rate', 0.3), part('ln_new', 0)];
  const arousal = { ...state(0.4).arousal, parts };
  expect(restsWords(state(0.4, { arousal }))).toBe('Arousal rests on heart rate 75 %, skin level 25 %.');
  expect(restsWords(state(null))).toContain('nothing');
});

test('proposals name the level', () => {
  const levels = ['garden', '2nd floor'];
  expect(proposalWords('advance:1', levels)).toBe('Go on to level 1, “2nd floor”?');
  expect(proposalWords('vet:1', levels)).toBe('May level 1, “2nd floor”, be shown today?');
  expect(proposalWords('stage:imagery', levels)).toContain('imagery');
  expect(proposalWords('move', levels)).toContain('move again');
  expect(proposalWords('advance:9', levels)).toBe('Go on to level 9?');
  expect(proposalWords('resume', levels)).toContain('automation');
  expect(proposalWords('end_early', levels)).toBe('End early?');
});

test('an engine whose ticks stay away for half a second stands still', () => {
  expect(standsStill(state(0.4, { now_s: 10.4 }))).toBe(false);
  expect(standsStill(state(0.4, { now_s: 10.6 }))).toBe(true);
});
