import { expect, test } from 'vitest';
import { changeWords, trimmed } from '../limits';
import type { Entry } from '../wire';

const change = (old: number, now: number, asked: number): Entry => ({
  type: 'log', at_s: 0, who: 'clinician', text: '', what: 'limit', name: 'window_high',
  old, new: now, asked, bounded: now !== asked,
});

test('a change in force', () => {
  expect(changeWords(change(0.65, 0.7, 0.7))).toBe('Window, high: 0.65 → 0.7, in force.');
});
test('a change that was bounded says what was asked', () => {
  expect(changeWords(change(0.65, 0.79, 0.95))).toBe('Window, high: 0.65 → 0.79; 0.95 is outside its bounds.');
});
test('a change that was refused says what stays', () => {
  expect(changeWords(change(0.79, 0.79, 0.95))).toBe('Window, high stays 0.79: 0.95 is outside its bounds.');
});
test('numbers are written as people write them', () => {
  expect([trimmed(0.30000000000000004), trimmed(22), trimmed(0.005)]).toEqual(['0.3', '22', '0.005']);
});
