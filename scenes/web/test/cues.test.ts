import { expect, test } from 'vitest';
import type { ClientMessage } from '../contract';
import { Cues, LATE_S } from '../cues';

function stage(resting = false) {
  const waiting = new Map<number, () => void>();
  const played: string[] = [];
  const said: ClientMessage[] = [];
  let count = 0;
  const cues = new Cues(
    (name) => !resting && played.push(name) > 0,
    (message) => said.push(message),
    {
      now_s: () => 100,
      later: (call) => (waiting.set(++count, call), count),
      never: (one) => void waiting.delete(one),
    },
  );
  const answers = () => said.map((m) => (m.type === 'heard' ? [m.cue, m.played] : m));
  return { cues, waiting, played, answers };
}

test('a cue comes when it is due, and that is said', () => {
  const { cues, waiting, played, answers } = stage();
  cues.take('c1', 'bang', 99.9);
  cues.take('c2', 'bell', 100.5);
  expect(played).toEqual(['bang']);
  waiting.forEach((call) => call());
  expect(played).toEqual(['bang', 'bell']);
  expect(answers()).toEqual([['c1', true], ['c2', true]]);
});

test.each([99.9 - LATE_S, null, NaN])('one that is too old or of an unknown time (%s) is left out', (due_s) => {
  const { cues, played, answers } = stage();
  cues.take('c1', 'bang', due_s);
  expect(played).toEqual([]);
  expect(answers()).toEqual([['c1', false]]);
});

test('at rest none comes, and rest ends those that wait for good', () => {
  const resting = stage(true);
  resting.cues.take('c1', 'bang', 100);
  expect(resting.answers()).toEqual([['c1', false]]);
  const { cues, waiting, played, answers } = stage();
  cues.take('c2', 'bell', 100.5);
  cues.hush();
  cues.hush();
  expect(waiting.size).toBe(0);
  expect(played).toEqual([]);
  expect(answers()).toEqual([['c2', false]]);
});
