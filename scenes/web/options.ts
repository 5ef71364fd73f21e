// The options on the page: language and comfort, as plain controls that a keyboard reaches.

import { keep, type Settings } from './settings';
import { LANGUAGES, say, speak } from './words';

type Switch = 'vignette' | 'seated' | 'dwell' | 'intactLeft';
const SWITCHES: [Switch, string][] = [
  ['seated', 'seated'], ['vignette', 'vignette'], ['dwell', 'dwell'], ['intactLeft', 'intact_left'],
];

export class Options {
  constructor(
    private readonly box: HTMLElement,
    private readonly button: HTMLButtonElement,
    private readonly settings: Settings,
    private readonly changed: () => void,
  ) {
    button.addEventListener('click', () => this.open(box.hidden !== false));
    this.draw();
  }

  private open(open: boolean): void {
    this.box.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
  }

  private draw(): void {
    const choice = document.createElement('select');
    for (const [code, words] of Object.entries(LANGUAGES)) choice.add(new Option(words.name, code, false, code === this.settings.language));
    choice.addEventListener('change', () => this.put('language', choice.value));
    const rows = [labelled(say('language'), choice)];
    for (const [key, word] of SWITCHES) {
      const tick = Object.assign(document.createElement('input'), { type: 'checkbox', checked: this.settings[key] });
      tick.addEventListener('change', () => this.put(key, tick.checked));
      rows.push(labelled(say(word), tick));
    }
    this.box.replaceChildren(...rows);
  }

  private put<K extends keyof Settings>(key: K, value: Settings[K]): void {
    this.settings[key] = value;
    keep(this.settings);
    if (key === 'language') {
      speak(this.settings.language);
      this.draw();
      this.box.querySelector('select')?.focus();
    }
    this.changed();
  }
}

function labelled(words: string, control: HTMLElement): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(control, Object.assign(document.createElement('span'), { textContent: words }));
  return label;
}
