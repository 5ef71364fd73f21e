import { describe, expect, test } from 'vitest';
import { interval, type Row, segments, SPAN_S, Story } from '../story';
import type { Entry } from '../wire';

const row = (time_s: number, level: number | null = 0.4, intensity = 0.2): Row => ({
  time_s, level, sd: 0.1, intensity, mode: 'auto',
});
const rating = (at_s: number, value: number | null): Entry => ({
  type: 'log', at_s, who: 'patient', text: '', what: 'rating', name: 'suds', value, of: 100,
});

describe('the story', () => {
  test('keeps five minutes and no more', () => {
    const story = new Story();
    for (let t = 0; t < 400; t += 0.25) story.add(row(t));
    expect(story.rows[0]!.time_s).toBeGreaterThan(399 - SPAN_S - 6);
    expect(story.rows.length).toBeLessThan(4.1 * (SPAN_S + 6));
  });

  test('a state ten times a second is thinned, but not the moment when arousal is lost', () => {
    const story = new Story();
    story.add(row(0));
    story.add(row(0.1));
    expect(story.rows).toHaveLength(1);
    story.add(row(0.15, null));
    story.add(row(0.2, 0.5));
    expect(story.rows.map((r) => r.level)).toEqual([0.4, null, 0.5]);
  });

  test('while the engine stood still nothing is drawn', () => {
    const story = new Story();
    story.add(row(0));
    story.add(row(4));
    expect(story.rows.map((r) => r.intensity)).toEqual([0.2, null, 0.2]);
    expect(segments(story.rows)).toHaveLength(2);
  });

  test('time that runs backward is ignored', () => {
    const story = new Story();
    story.add(row(5));
    story.add(row(3));
    expect(story.rows).toHaveLength(1);
  });

  test('what happened before the page came is put in front, once', () => {
    const story = new Story();
    story.add(row(10));
    const rows: [number, number | null, number, number, string][] = [[1, 0.1, 0.2, 0, 'auto'], [1.5, null, 0.2, 0, 'auto']];
    story.past({ type: 'past', rows });
    story.past({ type: 'past', rows });
    expect(story.rows.map((r) => r.time_s).filter((t) => Number.isInteger(2 * t))).toEqual([1, 1.5, 10]);
  });

  test('a rating is a dot; no answer is none; history told again adds none', () => {
    const story = new Story();
    for (const entry of [rating(1, 40), rating(1, 40), rating(2, null)]) story.rated(entry);
    story.rated({ type: 'log', at_s: 3, who: 'clinician', text: 'Mark: x' });
    expect(story.ratings).toEqual([{ time_s: 1, value: 0.4 }]);
  });
});

test('segments never bridge what is not known', () => {
  const rows = [row(0), row(1), row(2, null), row(3), row(4, null), row(5, null), row(6)];
  expect(segments(rows).map((piece) => piece.map((r) => r.time_s))).toEqual([[0, 1], [3], [6]]);
});

test('the interval holds 90 % of a normal and does not go below zero', () => {
  expect(interval(0.5, 0.1)[0]).toBeCloseTo(0.3355, 4);
  expect(interval(0.5, 0.1)[1]).toBeCloseTo(0.6645, 4);
  expect(interval(0.1, 0.2)[0]).toBe(0);
});
