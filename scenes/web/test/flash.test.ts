// The same cases as tests/scenes/test_flash.py, and the watch over commanded luminance.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FlashCounter, FlashWatch } from '../flash';

const { cases } = JSON.parse(readFileSync(new URL('../../../tests/scenes/flash_cases.json', import.meta.url), 'utf8'));

test.each(cases as { name: string; times_s: number[]; luminance: number[]; flashes: number[] }[])('$name', (c) => {
  const counter = new FlashCounter();
  expect(c.times_s.map((t, i) => counter.update(t, c.luminance[i]!))).toEqual(c.flashes);
});

test('one parameter that flashes is seen, also where another hides it in the sum', () => {
  const watch = new FlashWatch();
  const seen = Array.from({ length: 12 }, (_, k) => watch.update(k / 10, new Map([['a', (k % 2) * 0.3], ['b', ((k + 1) % 2) * 0.3]])));
  expect(seen.slice(0, 4)).toEqual([false, false, false, false]);
  expect(seen[6]).toBe(true);
});

test('a slow change of everything is no breach', () => {
  const watch = new FlashWatch();
  for (let t = 0; t < 20; t += 1 / 60) expect(watch.update(t, new Map([['a', 0.5 + 0.5 * Math.sin(t / 2)]]))).toBe(false);
});
