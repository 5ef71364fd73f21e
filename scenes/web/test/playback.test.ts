// The same cases as tests/scenes/test_playback.py.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { breathAt } from '../pacer';
import { clipTime_s, EASE_S, FADE_IN_S, FADE_OUT_S, fraction, HOLD_S, Playback } from '../playback';

const file = new URL('../../../tests/scenes/playback_cases.json', import.meta.url);
const all = JSON.parse(readFileSync(file, 'utf8'));
type Case = { name: string; kind: string; input: any; expected: any };
const of = (kind: string): Case[] => all.cases.filter((c: Case) => c.kind === kind);

test('the constants are those of the cases', () => {
  expect([EASE_S, FADE_OUT_S, FADE_IN_S, HOLD_S]).toEqual([all.ease_s, all.fade_out_s, all.fade_in_s, all.hold_s]);
});

test.each(of('fraction'))('$name', ({ input, expected }) => {
  expect(fraction(input.value, input.rest, input.full)).toBeCloseTo(expected, 6);
});

test.each(of('clip_time'))('$name', ({ input, expected }) => {
  expect(clipTime_s(input.first_s, input.last_s, input.fraction)).toBeCloseTo(expected, 6);
});

test.each(of('pacer'))('$name', ({ input, expected }) => {
  const { part, fullness } = breathAt(input.pacer, input.now_s);
  expect(part).toBe(expected.part);
  expect(fullness).toBeCloseTo(expected.fullness, 6);
});

test.each(of('expiry'))('$name', ({ input, expected }) => {
  const playback = new Playback();
  playback.receive({ seq: 1, values: {}, rest: false, ...input }, input.time_s);
  expect(playback.why(input.now_s)).toBe(expected ? 'expired' : '');
});

describe('playback', () => {
  test.each(of('playback'))('$name', ({ input, expected }) => {
    const playback = new Playback();
    const told: unknown[] = [];
    for (const step of input) {
      if (step.do === 'draw') {
        const { fade, rest, why, values } = playback.update(step.now_s);
        told.push({ fade, rest, why, values: Object.fromEntries(values) });
      } else if (step.do === 'frame') {
        const frame = { seq: step.seq, time_s: step.time_s, values: { height: step.height ?? 0 }, rest: step.rest ?? false, valid_for_s: 2 };
        told.push({ taken: playback.receive(frame, step.now_s) });
      } else {
        if (step.do === 'stop') playback.stop();
        else playback.forget();
        told.push({});
      }
    }
    expect(told.length).toBe(expected.length);
    told.forEach((one, i) => close(one, expected[i], `step ${i}`));
  });
});

function close(a: any, b: any, where: string) {
  if (typeof b === 'number') expect(Math.abs(a - b), where).toBeLessThanOrEqual(all.tolerance);
  else if (typeof b === 'object') {
    expect(Object.keys(a).sort(), where).toEqual(Object.keys(b).sort());
    for (const key of Object.keys(b)) close(a[key], b[key], `${where} ${key}`);
  } else expect(a, where).toBe(b);
}

test('a frame whose moment is not known is not taken', () => {
  expect(new Playback().receive({ seq: 1, time_s: NaN, values: {}, rest: false, valid_for_s: 2 }, 0)).toBe(false);
});

test('a queue of old frames after a stall does not revive the scene', () => {
  const playback = new Playback();
  playback.receive({ seq: 1, time_s: 0, values: {}, rest: false, valid_for_s: 2 }, 0);
  expect(playback.update(3).rest).toBe(true);
  for (let seq = 2; seq < 60; seq++) {
    const old = { seq, time_s: seq / 60, values: {}, rest: false, valid_for_s: 2 };
    expect(playback.receive(old, 3.1)).toBe(false);
  }
  expect(playback.update(3.1).why).toBe('expired');
});
