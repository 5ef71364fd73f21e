// Every language says everything; what a browser wishes is found.
import { expect, test } from 'vitest';
import { choose, LANGUAGES, read, say } from '../words';

test('every language has the same keys as English, none empty, and they differ', () => {
  const keys = Object.keys(LANGUAGES.en!).sort();
  expect(keys.length).toBeGreaterThan(20);
  for (const [code, words] of Object.entries(LANGUAGES)) {
    expect(Object.keys(words).sort(), code).toEqual(keys);
    expect(Object.values(words).every((w) => w.trim().length > 0), code).toBe(true);
    if (code !== 'en') expect(words.stop, code).not.toBe(LANGUAGES.en!.stop);
  }
});

test('the first wished language that there is', () => {
  expect(choose(['pt-BR', 'fr-CA', 'en'])).toBe('fr');
  expect(choose(['tr'])).toBe('tr');
  expect(choose(['ja'])).toBe('en');
});

test('TOML lines are read, comments and escapes too', () => {
  expect(read('# a = "b"\nstop = "Stop \\"now\\""\r\n\nx = 3')).toEqual({ stop: 'Stop "now"' });
  expect(say('stop')).toBe('Stop');
});
