import { describe, expect, test } from 'vitest';
import { minmax, Range, Ring } from '../ring';

const frame = (...values: number[]): Float32Array[] => [Float32Array.from(values)];

describe('a ring', () => {
  test('keeps the newest samples in order, whatever the pieces', () => {
    const ring = new Ring(5, 1);
    for (let i = 0; i < 13; i++) ring.push(i, 1, frame(i));
    expect([...ring.channel(0)]).toEqual([8, 9, 10, 11, 12]);
    expect([...ring.time()]).toEqual([8, 9, 10, 11, 12]);
    ring.push(13, 1, frame(13, 14, 15));
    expect([...ring.channel(0)]).toEqual([11, 12, 13, 14, 15]);
  });

  test('a hole in time is kept as a hole', () => {
    const ring = new Ring(10, 1);
    ring.push(0, 10, frame(1, 2));
    ring.push(5, 10, frame(3, 4));
    expect([...ring.channel(0)]).toEqual([1, 2, NaN, 3, 4]);
    expect(ring.time()[3]).toBe(5);
  });

  test('stamps that wander by milliseconds make no holes and no steps back', () => {
    const ring = new Ring(100, 1);
    for (let i = 0; i < 40; i++) ring.push(i * 0.04 + 0.006 * (i % 2 ? 1 : -1), 100, frame(1, 1, 1, 1));
    expect([...ring.channel(0)]).not.toContain(NaN);
    const times = [...ring.time()];
    for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!);
  });

  test('a sender that is slower than it says is followed', () => {
    const ring = new Ring(4000, 1);
    for (let i = 0; i < 1000; i++) ring.push(i * 0.0404, 100, frame(1, 1, 1, 1));
    expect(ring.newest_s).toBeCloseTo(999 * 0.0404 + 0.03, 1);
  });

  test('irregular samples keep their own times', () => {
    const ring = new Ring(8, 1);
    ring.push(1, 0, frame(0.8));
    ring.push(1.9, 0, frame(0.9));
    expect([...ring.time()]).toEqual([1, 1.9]);
  });

  test('a frame of another shape, or of no time, changes nothing', () => {
    const ring = new Ring(8, 2);
    ring.push(0, 10, frame(1));
    ring.push(NaN, 10, [Float32Array.of(1), Float32Array.of(2)]);
    expect(ring.length).toBe(0);
  });
});

describe('min and max of each column', () => {
  const times = Float64Array.from({ length: 1000 }, (_, i) => i / 100);

  test('a spike of one sample is never lost', () => {
    const values = new Float32Array(1000);
    values[517] = 9;
    values[518] = -7;
    const { y, low, high } = minmax(times, [values], 10, 10, 50);
    expect(Math.max(...y[0]!.map((v) => v ?? -99))).toBe(9);
    expect([low[0], high[0]]).toEqual([-7, 9]);
  });

  test('keeps the order within a column: up before down stays so', () => {
    const values = new Float32Array(1000);
    values[502] = 5;
    values[508] = -5;
    const line = minmax(times, [values], 10, 10, 10).y[0]!.filter((v) => v !== undefined);
    expect(line.indexOf(5)).toBeLessThan(line.indexOf(-5));
  });

  test('a hole is null and is not bridged', () => {
    const values = new Float32Array(1000).fill(1);
    values[400] = NaN;
    const line = minmax(times, [values], 10, 10, 20).y[0]!;
    expect(line.filter((v) => v === null)).toHaveLength(1);
  });

  test('many channels share one x, two places a column', () => {
    const { x, y } = minmax(times, [new Float32Array(1000), new Float32Array(1000)], 8, 6, 30);
    expect(y.map((one) => one.length)).toEqual([x.length, x.length]);
    expect(x.length).toBeLessThanOrEqual(2 * 31);
    expect(x[0]).toBeGreaterThan(-6.2);
    expect(x[x.length - 1]).toBeLessThan(0.2);
  });

  test('columns stay with their samples while the picture scrolls', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i / 7));
    const seen = (to_s: number) => {
      const { x, y } = minmax(times, [values], to_s, 5, 50);
      const points = x.map((at, i) => [(at + to_s).toFixed(3), y[0]![i]] as const);
      return points.filter(([at]) => Number(at) > 4.5 && Number(at) < 8.5);
    };
    expect(seen(9.13)).toEqual(seen(9.0));
    expect(seen(9.02).length).toBeGreaterThan(70);
  });

  test('with nothing to show it has no range', () => {
    const { low, high } = minmax(new Float64Array(0), [new Float32Array(0)], 10, 10, 10);
    expect([low[0], high[0]]).toEqual([Infinity, -Infinity]);
  });
});

describe('a range', () => {
  test('widens at once and narrows slowly', () => {
    const range = new Range();
    range.update(-1, 1);
    expect(range.update(-10, 10)[1]).toBeGreaterThan(10);
    const [, high] = range.update(-1, 1);
    expect(high).toBeGreaterThan(9);
    for (let i = 0; i < 300; i++) range.update(-1, 1);
    expect(range.high).toBeLessThan(1.2);
  });
  test('a flat line stays flat', () => {
    const [low, high] = new Range().update(2, 2, 1);
    expect(high - low).toBeGreaterThanOrEqual(1);
  });
  test('nothing to show leaves it alone', () => {
    const range = new Range();
    range.update(0, 1);
    const before = [range.low, range.high];
    expect(range.update(Infinity, -Infinity)).toEqual(before);
  });
});
