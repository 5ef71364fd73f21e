// What the page itself says, in the languages of scenes/languages. The texts of a therapy come over the
// channel as its protocol has them.

import de from '../languages/de.toml?raw';
import en from '../languages/en.toml?raw';
import es from '../languages/es.toml?raw';
import fr from '../languages/fr.toml?raw';
import tr from '../languages/tr.toml?raw';
import type { Why } from './playback';

export type Words = Record<string, string>;

/** The texts of a language file: flat TOML, one `key = "text"` a line. */
export function read(toml: string): Words {
  const words: Words = {};
  for (const line of toml.split(/\r?\n/)) {
    const found = /^(\w+)\s*=\s*("(?:[^"\\]|\\.)*")\s*$/.exec(line);
    if (found) words[found[1]!] = JSON.parse(found[2]!) as string;
  }
  return words;
}

export const LANGUAGES: Record<string, Words> = Object.fromEntries(
  Object.entries({ en, de, es, fr, tr }).map(([code, toml]) => [code, read(toml)]),
);

/** The first of the wished languages that there is; English otherwise. */
export function choose(wished: readonly string[]): string {
  return wished.map((w) => w.toLowerCase().split('-')[0]!).find((code) => code in LANGUAGES) ?? 'en';
}

let spoken = 'en';

export function speak(code: string): void {
  spoken = choose([code]);
  document.documentElement.lang = spoken;
}

export const language = (): string => spoken;

/** Languages of this browser, the one spoken here first. */
export function wishes(): string[] {
  const same = (code: string) => code.toLowerCase().split('-')[0] === spoken;
  const all = [...navigator.languages.filter(same), ...navigator.languages.filter((code) => !same(code))];
  return all.some(same) ? all : [spoken, ...all];
}

/** A text of the page in the language spoken now. */
export const say = (key: string): string => LANGUAGES[spoken]![key] ?? LANGUAGES.en![key] ?? key;

/** Why the rest scene is shown, in a sentence for the person who looks at it. */
export const sayWhy = (why: Why): string => (why === '' ? '' : say(`why_${why}`));
