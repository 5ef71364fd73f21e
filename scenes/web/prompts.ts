// Texts, ratings and tasks: as real buttons on a flat screen, as a board in the headset; one of them answers.

import { card, drawCard } from './card';
import type { ClientMessage, Prompt } from './contract';
import type { Board, Button, Panel } from './panel';
import { say } from './words';

const INFO_S = 12; // a text without an end of its own
const TASK_S = 10; // a task without one
const CARD_PX = 220;

interface Standing {
  prompt: Prompt;
  shown_s: number;
  until_s: number;
}

/** What tasks without answers to choose from ask of the scene: something to collect. */
export interface Collectable {
  any: boolean;
  begin(): boolean;
  end(): void;
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
    private readonly things: Collectable,
  ) {
    window.addEventListener('keydown', (event) => this.key(event));
  }

  get id(): string | null {
    return this.standing?.prompt.id ?? null;
  }

  /** Shows a prompt; `until_s` on this page's clock. */
  show(prompt: Prompt, now_s: number, until_s: number | null): void {
    this.close();
    const endless = prompt.kind === 'rating' || prompt.kind === 'confirm';
    const end_s = until_s ?? (endless ? Infinity : now_s + (prompt.kind === 'task' ? TASK_S : INFO_S));
    if (end_s <= now_s) return;
    this.standing = { prompt, shown_s: now_s, until_s: end_s };
    const board = this.board(prompt);
    this.hang();
    this.panel.show(board);
    this.overlay(board);
  }

  update(now_s: number): void {
    const s = this.standing;
    if (!s || now_s < s.until_s) return;
    if (s.prompt.kind === 'rating') this.answer(null, now_s);
    else if (s.prompt.kind === 'task') this.finish(false, null);
    else this.close();
  }

  /** The thing of this task was found or pointed at. */
  found(now_s: number): void {
    const s = this.standing;
    if (s?.prompt.kind === 'task') this.finish(true, now_s - s.shown_s);
  }

  close(): void {
    this.standing = null;
    this.things.end();
    this.panel.hide();
    this.box.replaceChildren();
    this.box.hidden = true;
  }

  private board(prompt: Prompt): Board {
    const ends: [string, string] = prompt.scale ? [prompt.scale.low, prompt.scale.high] : ['', ''];
    const picture = card(prompt.picture ?? '');
    const text = prompt.text || (picture ? say('which_hand') : '');
    return { text, ends, card: picture, buttons: this.buttons(prompt) };
  }

  private buttons(prompt: Prompt): Button[] {
    const now = () => performance.now() / 1000;
    const answer = (value: number) => () => this.answer(value, now());
    if (prompt.kind === 'rating') return steps(prompt.scale!).map((v) => ({ label: String(v), press: answer(v) }));
    if (prompt.kind === 'confirm') return [{ label: say('no'), press: answer(0) }, { label: say('yes'), press: answer(1) }];
    if (prompt.kind === 'info') return [{ label: say('ok'), press: () => this.close() }];
    const choose = (i: number) => () => this.choose(i, now());
    if (prompt.choices?.length) return prompt.choices.map((label, i) => ({ label, press: choose(i) }));
    // Something to find in the scene; where there is nothing, it is done when the patient says so.
    return this.things.any && this.things.begin() ? [] : [{ label: say('done'), press: choose(-1) }];
  }

  private choose(i: number, now_s: number): void {
    const s = this.standing;
    if (!s) return;
    const right = s.prompt.right ?? null;
    this.finish(i < 0 || right === null || i === right, now_s - s.shown_s);
  }

  private finish(correct: boolean, reaction_s: number | null): void {
    const s = this.standing;
    if (!s) return;
    this.send({ type: 'task', id: s.prompt.id, correct, reaction_s });
    this.close();
  }

  private answer(value: number | null, now_s: number): void {
    const s = this.standing;
    if (!s) return;
    const scale = s.prompt.scale?.name ?? 'confirm';
    this.send({ type: 'rating', prompt: s.prompt.id, scale, value, shown_s: s.shown_s, answered_s: now_s });
    this.close();
  }

  private key(event: KeyboardEvent): void {
    const prompt = this.standing?.prompt;
    if (!prompt || event.ctrlKey || event.metaKey || event.altKey) return;
    const now_s = performance.now() / 1000;
    const choice = Number(event.key) - 1;
    if (prompt.kind === 'task' && prompt.choices && choice >= 0 && choice < prompt.choices.length) this.choose(choice, now_s);
    const value = prompt.scale && stepOfKey(event.key, steps(prompt.scale));
    if (value !== undefined) this.answer(value, now_s);
  }

  private overlay(board: Board): void {
    const text = Object.assign(document.createElement('p'), { textContent: board.text, id: 'prompt-text' });
    const row = document.createElement('div');
    row.className = 'answers';
    row.setAttribute('role', 'group');
    row.setAttribute('aria-labelledby', 'prompt-text');
    const mark = (words: string) => Object.assign(document.createElement('span'), { textContent: words });
    if (board.ends?.[0]) row.append(mark(board.ends[0]));
    for (const b of board.buttons ?? []) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: b.label });
      button.addEventListener('click', b.press);
      row.append(button);
    }
    if (board.ends?.[1]) row.append(mark(board.ends[1]));
    this.box.replaceChildren(text, ...(board.card ? [picture(board.card)] : []), row);
    this.box.hidden = false;
  }
}

function picture(hand: NonNullable<Board['card']>): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width: CARD_PX, height: CARD_PX, className: 'card' });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', say('which_hand'));
  drawCard(canvas.getContext('2d')!, hand, 0, 0, CARD_PX);
  return canvas;
}
