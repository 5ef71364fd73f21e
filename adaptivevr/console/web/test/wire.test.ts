import { describe, expect, test } from 'vitest';
import golden from './signal_frame.json';
import { decodeSignals, decodeText, running } from '../wire';

/** The same file is made again by the Python side's encoder, in tests/adaptivevr/console. */
const bytes = (hex: string): ArrayBuffer =>
  Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16)).buffer;

describe('signal frames', () => {
  test('are read as the engine writes them', () => {
    const frame = decodeSignals(bytes(golden.hex));
    expect(frame).toMatchObject({
      trace: golden.trace, seq: golden.seq, rate_hz: golden.rate_hz,
      sent_s: golden.sent_s, t0_s: golden.t0_s,
    });
    expect(frame.channels.map((c) => [...c])).toEqual(golden.channels);
  });

  test.each([
    ['no header', golden.hex.slice(0, 20), /header of 32/],
    ['a version to come', `0302${golden.hex.slice(4)}`, /version 1, got 2/],
    ['a torn end', golden.hex.slice(0, -2), /expected 56 bytes, got 55/],
  ])('%s is refused in a sentence', (_, hex, words) => {
    expect(() => decodeSignals(bytes(hex))).toThrow(words);
  });
});

describe('texts', () => {
  test('a state before the first tick is not a running one', () => {
    const state = decodeText('{"type":"state","now_s":1,"latched":false}');
    expect(state?.type === 'state' && running(state)).toBe(false);
  });
  test('a type nobody knows yet is passed over', () => {
    expect(decodeText('{"type":"smell"}')).toBeNull();
  });
  test('what is no object is refused', () => {
    expect(() => decodeText('7')).toThrow(/object/);
  });
});
