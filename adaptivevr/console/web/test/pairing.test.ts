import { expect, test } from 'vitest';

import { pairingWords, spaced } from '../pairing';
import type { Pairing } from '../wire';

const closed: Pairing = {
  url: 'https://192.168.1.20:8443/', code: null, left_s: 0, wait_s: 0, paired: false, connected: 0, authority: true,
};

test('a code is read out in two halves', () => {
  expect(spaced('004820')).toBe('004 820');
});

test('how pairing stands is one sentence, and wrong codes are another', () => {
  expect(pairingWords(closed)).toBe('No headset is paired.');
  expect(pairingWords({ ...closed, paired: true, connected: 1 })).toBe('A headset has been paired and is connected.');
  expect(pairingWords({ ...closed, paired: true })).toContain('not connected now');
  expect(pairingWords({ ...closed, wait_s: 58 })).toMatch(/No headset is paired\. Five wrong codes .* 58 s\.$/);
});
