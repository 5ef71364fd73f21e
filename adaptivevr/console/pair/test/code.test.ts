import { expect, test, vi } from 'vitest';

vi.stubGlobal('document', { documentElement: { lang: '' } }); // `speak` tells the page its language
const { LANGUAGES, speak } = await import('../../../../scenes/web/words');
const { answered, digits } = await import('../code');

test('what is typed or pasted becomes six digits', () => {
  expect(digits('483 920')).toBe('483920');
  expect(digits('code: 12-34 567')).toBe('123456');
  expect(digits('none')).toBe('');
});

test('every answer is a sentence in every language, with the seconds to wait', () => {
  for (const code of Object.keys(LANGUAGES)) {
    speak(code);
    const all = (['paired', 'wrong', 'changed', 'closed'] as const).map((outcome) => answered({ outcome, wait_s: 37 }));
    expect(new Set(all).size).toBe(4);
    for (const sentence of all) expect(sentence).toMatch(/^[^{}_]{10,}\.$/);
    expect(all[2]).toContain('37');
  }
});
