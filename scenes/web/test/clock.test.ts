import { expect, test } from 'vitest';
import { EngineClock } from '../clock';

test('nothing is known before the first answer', () => {
  const clock = new EngineClock();
  expect(clock.known).toBe(false);
  expect(clock.here_s(5)).toBeNaN();
  expect(clock.error_s).toBe(Infinity);
});

test('the middle of the fastest question and answer', () => {
  const clock = new EngineClock();
  clock.update(10, 910.9, 11); // slow: answered late
  clock.update(20, 920.001, 20.002);
  clock.update(30, 930.3, 30.4);
  expect(clock.here_s(950.001)).toBeCloseTo(50.001, 3);
  expect(clock.error_s).toBeCloseTo(0.001, 6);
});

test('a machine that slept is seen and the old brackets are forgotten', () => {
  const clock = new EngineClock();
  clock.update(10, 910.001, 10.002);
  clock.update(20, 860.001, 20.002); // the engine slept for 60 s
  expect(clock.here_s(860.001)).toBeCloseTo(20.001, 3);
});

test('an answer heard before it was asked is no answer', () => {
  const clock = new EngineClock();
  clock.update(10, 900, 9);
  expect(clock.known).toBe(false);
});

test('after a new connection nothing is known', () => {
  const clock = new EngineClock();
  clock.update(10, 910, 10.01);
  clock.forget();
  expect(clock.known).toBe(false);
});
