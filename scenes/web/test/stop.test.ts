import { expect, test } from 'vitest';
import { stepOfKey, steps } from '../prompts';
import { Sharpness } from '../sharpness';
import { HeldStop, stopsByKey } from '../stop';

const key = (k: string, inside = '', more = {}) =>
  stopsByKey({ key: k, repeat: false, target: { closest: (s: string) => (inside && s.includes(inside) ? {} : null) } as unknown as Element, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('Escape, space and S stop; space on a button presses it', () => {
  expect([key('Escape'), key(' '), key('s'), key('S')]).toEqual([true, true, true, true]);
  expect(key(' ', 'button')).toBe(false);
  expect(key('Escape', 'button')).toBe(true);
  expect(key('s', '', { ctrlKey: true })).toBe(false);
  expect(key('a')).toBe(false);
});

test('a button held for 0.6 s stops once', () => {
  const held = new HeldStop();
  const press = (t: number, pressed = true) => held.update({ pressed, head_m: 1.6, hands_m: [1, 1] }, t);
  expect([press(0), press(0.5)]).toEqual([null, null]);
  expect(press(0.6)).toBe('controller');
  expect(press(0.9)).toBeNull();
  press(1, false);
  expect([press(1.1), press(1.5, false), press(1.8)]).toEqual([null, null, null]);
});

test('both hands above the head for 0.5 s stop; one hand does not', () => {
  const held = new HeldStop();
  const hands = (t: number, ...hands_m: number[]) => held.update({ pressed: false, head_m: 1.6, hands_m }, t);
  expect([hands(0, 1.9), hands(1, 1.9), hands(2, 1.9, 1.2)]).toEqual([null, null, null]);
  hands(3, 1.8, 1.9);
  expect(hands(3.5, 1.8, 1.9)).toBe('gesture');
});

test('the steps of a scale and the keys that mean them', () => {
  const values = steps({ min: 0, max: 100, step: 10 });
  expect(values).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect([stepOfKey('4', values), stepOfKey('x', values), stepOfKey('9', [1, 2])]).toEqual([40, undefined, undefined]);
});

test('a slow machine draws fewer pixels, unless that does not help', () => {
  const run = (cost: (ratio: number) => number) => {
    const sharp = new Sharpness(1, true);
    for (let t = 0, i = 0; i < 60; i++) sharp.update((t += cost(sharp.ratio)));
    return sharp.ratio;
  };
  expect(run(() => 0.016)).toBe(1);
  expect(run((r) => 0.2 * r * r)).toBeLessThan(0.6);
  expect(run(() => 0.15)).toBe(1);
});
