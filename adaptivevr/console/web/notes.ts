// What a clinician enters: ratings, marks, notes, words to the patient; and the log of it all.

import { element, find } from './element';
import type { Entry, Running } from './wire';
import { clock } from './words';

const KEPT = 300;

/** What this therapy rates; until it is known, fear in SUDS. */
export function asked(state: Running | null): Running['question'] {
  return state?.question ?? { scale: 'suds', text: '', low: '', high: '', max: 100, step: 10 };
}

/** Shows the therapy's own scale beside the field. */
export function scaled(state: Running): void {
  const { max, low, high } = state.question;
  const input = find<HTMLInputElement>('rating');
  if (input.max === String(max)) return;
  input.max = String(max);
  input.title = `0 ${low}, ${max} ${high}`;
  find('rating-scale').textContent = `0–${max}`;
}

export function enterings(send: (message: object) => void, state: () => Running | null): void {
  const form = (id: string, field: string, make: (text: string) => object): void => {
    const input = find<HTMLInputElement>(field);
    find<HTMLFormElement>(id).addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (id === 'mark-form' || text) send(make(text));
      input.value = '';
    });
  };
  form('rating-form', 'rating', (t) => ({ command: 'Rate', scale: asked(state()).scale, value: Number(t) }));
  form('mark-form', 'mark', (text) => ({ command: 'Mark', text: text || 'mark' }));
  form('note-form', 'note', (text) => ({ command: 'Note', text }));
  form('tell-form', 'tell', (text) => ({ command: 'Prompt', kind: 'info', text }));
  find('ask-rating').addEventListener('click', () => {
    const { scale, text } = asked(state());
    send({ command: 'Prompt', kind: 'rating', text, scale });
  });
}

/** The log, newest first. */
export class Log {
  private readonly list = find('log');
  private readonly known = new Set<string>();
  private start_s: number | null = null;
  private readonly waiting: Entry[] = [];

  /** The session's beginning on the engine's clock; entries wait for it to be told their time. */
  began(start_s: number): void {
    if (this.start_s === start_s) return;
    this.start_s = start_s;
    for (const entry of this.waiting.splice(0)) this.add(entry);
  }

  add(entry: Entry): void {
    if (this.start_s === null) {
      this.waiting.push(entry);
      return;
    }
    const key = `${entry.at_s} ${entry.who} ${entry.text}`;
    if (this.known.has(key)) return; // the history is told again after every connection
    this.known.add(key);
    const item = element(
      'li',
      { 'data-who': entry.who.split(':')[0]!, 'data-what': entry.what ?? '' },
      element('time', {}, clock(entry.at_s - this.start_s)),
      element('span', { class: 'by' }, entry.who),
      element('span', { class: 'text' }, entry.text),
    );
    this.list.prepend(item);
    while (this.list.children.length > KEPT) this.list.lastElementChild!.remove();
  }
}
