// Locomotion stops where pictures come too slowly, and the view narrows with speed.
import { expect, test } from 'vitest';
import { Locomotion, narrowing } from '../comfort';

function run(moving: Locomotion, from_s: number, seconds: number, hz: number, worn = true): number {
  let t = from_s;
  for (; t < from_s + seconds; t += 1 / hz) moving.update(t, 1 / hz, worn, 72);
  return t;
}

test('a rate that sinks below 60 for more than a second stops the moving, and it comes back', () => {
  const moving = new Locomotion();
  let t = run(moving, 0, 3, 72);
  expect(moving.share).toBe(1);
  t = run(moving, t, 0.5, 40);
  expect(moving.frozen).toBe(false);
  t = run(moving, t, 3, 40);
  expect(moving.frozen).toBe(true);
  expect(moving.share).toBe(0);
  run(moving, t, 5, 72);
  expect(moving.share).toBe(1);
});

test('on a flat screen nothing is stopped', () => {
  const moving = new Locomotion();
  run(moving, 0, 4, 10, false);
  expect(moving.share).toBe(1);
});

test('nobody who stands still has a narrowed view', () => {
  expect([narrowing(0), narrowing(0.3), narrowing(1.5), narrowing(9)]).toEqual([0, 0, 1, 1]);
  expect(narrowing(0.9)).toBeGreaterThan(narrowing(0.6));
});
