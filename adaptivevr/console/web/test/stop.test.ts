import { describe, expect, test } from 'vitest';
import { isStopKey, Stop } from '../stop';

function stopper(online = true) {
  const sent: string[] = [];
  const wire = { online };
  const stop = new Stop((by) => {
    if (wire.online) sent.push(by);
    return wire.online;
  });
  return { stop, sent, wire };
}

describe('stop', () => {
  test('is sent at once and shown at once, before any answer', () => {
    const { stop, sent } = stopper();
    stop.press('key', 0);
    expect(sent).toEqual(['key']);
    expect(stop.state(0)).toBe('sent');
  });

  test('a state that was under way when it was pressed does not take it back', () => {
    const { stop } = stopper();
    stop.press('button', 0);
    stop.heard(false);
    expect(stop.state(50)).toBe('sent');
    stop.heard(true);
    expect(stop.state(60)).toBe('stopped');
  });

  test('is said again until it is confirmed, and then no more', () => {
    const { stop, sent } = stopper();
    stop.press('button', 0);
    for (let t = 100; t <= 1000; t += 100) stop.tick(t);
    expect(sent.length).toBeGreaterThanOrEqual(4);
    stop.heard(true);
    const so_far = sent.length;
    stop.tick(5000);
    expect(sent).toHaveLength(so_far);
  });

  test('without an answer in a second the page says so', () => {
    const { stop } = stopper();
    stop.press('button', 0);
    expect(stop.state(1001)).toBe('unconfirmed');
  });

  test('pressed while the engine is away, it leaves when the engine is back', () => {
    const { stop, sent, wire } = stopper(false);
    stop.press('key', 0);
    stop.tick(400);
    expect(sent).toEqual([]);
    wire.online = true;
    stop.tick(700);
    expect(sent).toEqual(['key']);
  });

  test('after a resume it can be pressed again', () => {
    const { stop, sent } = stopper();
    stop.press('button', 0);
    stop.heard(true);
    stop.heard(false);
    expect(stop.state(10)).toBe('running');
    stop.press('button', 20);
    expect(sent).toHaveLength(2);
    expect(stop.state(20)).toBe('sent');
  });

  test('a stop by somebody else is shown too', () => {
    const { stop } = stopper();
    stop.heard(true);
    expect(stop.state(0)).toBe('stopped');
  });
});

test.each([['Escape', true], ['F8', true], ['s', false], ['Enter', false]])('%s: %s', (key, is) => {
  expect(isStopKey({ key })).toBe(is);
});
