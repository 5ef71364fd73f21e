import { expect, test } from 'vitest';
import { Sharpness } from '../sharpness';

const scene = {};

/** Pictures of a machine: so long each, and so much more for every pixel of a ratio of 1. */
function settle(sharpness: Sharpness, always_ms: number, each_ms: number, shown = scene, busy: [number, number] = [0, 0]): number {
  sharpness.change(shown);
  let t = 100;
  for (let i = 0; i < 60; i++) {
    sharpness.update(t);
    const more_ms = i >= busy[0] && i < busy[1] ? 60 : 0;
    t += (always_ms + each_ms * sharpness.ratio ** 2 + more_ms) / 1000;
  }
  return sharpness.ratio;
}

test('a machine that is fast enough draws every pixel', () => {
  expect(settle(new Sharpness(2, false), 4, 5)).toBe(2);
});

test('a slow one draws as many as it has time for', () => {
  const ratio = settle(new Sharpness(1, true), 5, 60);
  expect(5 + 60 * ratio ** 2).toBeGreaterThan(24);
  expect(5 + 60 * ratio ** 2).toBeLessThan(29);
});

test('never too few to tell what is seen', () => {
  expect(settle(new Sharpness(1, true), 20, 400)).toBe(0.4);
});

test('where it is not the pixels, the picture stays sharp', () => {
  expect(settle(new Sharpness(1, true), 90, 8)).toBe(1);
});

test('something else that took its time just then does not settle it', () => {
  expect(settle(new Sharpness(1, true), 5, 80, scene, [7, 14])).toBeLessThan(0.6);
});

test('a light scene after a heavy one is sharp, and the heavy one is not measured again', () => {
  const sharpness = new Sharpness(1, true);
  const heavy = {};
  const had = settle(sharpness, 5, 100, heavy);
  expect(had).toBeLessThan(0.6);
  expect(settle(sharpness, 5, 10, {})).toBe(1);
  sharpness.change(heavy);
  expect(sharpness.ratio).toBe(had);
});

test('on the way to rest the processor does not draw the most', () => {
  for (const [software, ratio] of [[true, 0.5], [false, 1]] as const) {
    const sharpness = new Sharpness(1, software);
    sharpness.hurried = true;
    expect(sharpness.ratio).toBe(ratio);
  }
});
