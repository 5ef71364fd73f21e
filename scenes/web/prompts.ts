// Texts and ratings: as real buttons on a flat screen, as a board in the headset; one of them answers.

import type { ClientMessage, Prompt } from './contract';
import type { Button, Panel } from './panel';
import { WORDS } from './words';

const INFO_S = 12; // a text without an end of its own

interface Standing {
  prompt: Prompt;
  shown_s: number;
  until_s: number;
}

/** The values a scale offers, lowest first. */
export function steps(scale: { min: number; max: number; step: number }): number[] {
  const n = Math.min(100, Math.round((scale.max - scale.min) / scale.step));
  return Array.from({ length: n + 1 }, (_, i) => scale.min + i * scale.step);
}

/** The value a digit key means: the digit-th step; on a scale of eleven or more, 0 to 9 of them. */
export function stepOfKey(key: string, values: number[]): number | undefined {
  return /^[0-9]$/.test(key) ? values[Number(key)] : undefined;
}

export class Prompts {
  private standing: Standing | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly panel: Panel,
    private readonly send: (message: ClientMessage) => void,
    private readonly hang: () => void,
  ) {
    window.addEventListener('keydown', (event) => this.key(event));
  }

  get id(): string | null {
    return this.standing?.prompt.id ?? null;
  }

  /** Shows a prompt; `until_s` on this page's clock. */
  show(prompt: Prompt, now_s: number, until_s: number | null): void {
    this.close();
    const end_s = until_s ?? (prompt.kind === 'rating' || prompt.kind === 'confirm' ? Infinity : now_s + INFO_S);
    if (end_s <= now_s) return;
    this.standing = { prompt, shown_s: now_s, until_s: end_s };
    const buttons = this.buttons(prompt);
    const ends: [string, string] = prompt.scale ? [prompt.scale.low, prompt.scale.high] : ['', ''];
    this.hang();
    this.panel.show(prompt.text, buttons, ends);
    this.overlay(prompt, buttons, ends);
  }

  update(now_s: number): void {
    if (!this.standing || now_s < this.standing.until_s) return;
    if (this.standing.prompt.kind === 'rating') this.answer(null, now_s);
    else this.close();
  }

  close(): void {
    this.standing = null;
    this.panel.hide();
    this.box.replaceChildren();
    this.box.hidden = true;
  }

  private buttons(prompt: Prompt): Button[] {
    const answer = (value: number) => () => this.answer(value, performance.now() / 1000);
    if (prompt.kind === 'rating') return steps(prompt.scale!).map((v) => ({ label: String(v), press: answer(v) }));
    if (prompt.kind === 'confirm') return [{ label: WORDS.no, press: answer(0) }, { label: WORDS.yes, press: answer(1) }];
    return prompt.kind === 'info' ? [{ label: WORDS.ok, press: () => this.close() }] : [];
  }

  private answer(value: number | null, now_s: number): void {
    const s = this.standing;
    if (!s) return;
    const scale = s.prompt.scale?.name ?? 'confirm';
    this.send({ type: 'rating', prompt: s.prompt.id, scale, value, shown_s: s.shown_s, answered_s: now_s });
    this.close();
  }

  private key(event: KeyboardEvent): void {
    const scale = this.standing?.prompt.scale;
    if (!scale || event.ctrlKey || event.metaKey || event.altKey) return;
    const value = stepOfKey(event.key, steps(scale));
    if (value !== undefined) this.answer(value, performance.now() / 1000);
  }

  private overlay(prompt: Prompt, buttons: Button[], ends: [string, string]): void {
    const text = document.createElement('p');
    text.textContent = prompt.text;
    text.id = 'prompt-text';
    const row = document.createElement('div');
    row.className = 'answers';
    row.setAttribute('role', 'group');
    row.setAttribute('aria-labelledby', 'prompt-text');
    const mark = (words: string) => Object.assign(document.createElement('span'), { textContent: words });
    if (ends[0]) row.append(mark(ends[0]));
    for (const b of buttons) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: b.label });
      button.addEventListener('click', b.press);
      row.append(button);
    }
    if (ends[1]) row.append(mark(ends[1]));
    this.box.replaceChildren(text, row);
    this.box.hidden = false;
  }
}
