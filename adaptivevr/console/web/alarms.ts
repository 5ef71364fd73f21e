// What must not be overlooked: banners that stay as long as their cause, and passing notices.

import { element, find } from './element';

const NOTICE_MS = 8000;

export class Alarms {
  private readonly host = find('alarms');
  private readonly shown = new Map<string, HTMLElement>();

  /** Shows one banner for as long as `text` is not null. True when it has just appeared. */
  set(name: string, text: string | null, kind: 'bad' | 'warn' = 'bad'): boolean {
    const old = this.shown.get(name);
    if (text === null) {
      old?.remove();
      this.shown.delete(name);
      return false;
    }
    if (old) {
      if (old.textContent !== text) old.textContent = text;
      return false;
    }
    const banner = element('p', { class: `alarm ${kind}` }, text);
    this.shown.set(name, banner);
    this.host.append(banner);
    return true;
  }

  /** Something that was refused, for a while. */
  notice(text: string): void {
    const name = `notice ${text}`;
    this.set(name, text, 'warn');
    setTimeout(() => this.set(name, null), NOTICE_MS);
  }
}
