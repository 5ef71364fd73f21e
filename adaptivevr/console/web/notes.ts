// What a clinician enters: ratings, marks, notes, words to the patient; and the log of it all.

import { element, find } from './element';
import type { Entry } from './wire';
import { clock } from './words';

const KEPT = 300;

export function enterings(send: (message: object) => void): void {
  const form = (id: string, field: string, make: (text: string) => object): void => {
    const input = find<HTMLInputElement>(field);
    find<HTMLFormElement>(id).addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (id === 'mark-form' || text) send(make(text));
      input.value = '';
    });
  };
  form('rating-form', 'rating', (t) => ({ command: 'Rate', scale: 'suds', value: Number(t) }));
  form('mark-form', 'mark', (text) => ({ command: 'Mark', text: text || 'mark' }));
  form('note-form', 'note', (text) => ({ command: 'Note', text }));
  form('tell-form', 'tell', (text) => ({ command: 'Prompt', kind: 'info', text }));
  find('ask-rating').addEventListener('click', () => {
    send({ command: 'Prompt', kind: 'rating', text: 'How strong is your fear right now?', scale: 'suds' });
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
