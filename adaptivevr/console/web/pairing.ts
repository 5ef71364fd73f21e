// A headset in this network is let in: its address, a code for five minutes, and the way to end it.

import { element, find, say, set, show } from './element';
import type { Pairing as Standing } from './wire';
import { clock } from './words';

/** "483 920": easier to read out than six digits in a row. */
export const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

/** How pairing stands, in a sentence. */
export function pairingWords(now: Standing): string {
  const has = now.connected ? 'A headset has been paired and is connected.' : 'A headset has been paired, but it is not connected now.';
  const paired = now.paired ? has : 'No headset is paired.';
  if (now.wait_s > 0) return `${paired} Five wrong codes were entered: the code was changed, and nobody may try for ${now.wait_s} s.`;
  return paired;
}

export class Pairing {
  private open = false;
  private last = '';

  constructor(
    private readonly send: (message: object) => void,
    private readonly speak: (text: string) => void,
  ) {
    find('pairing-toggle').addEventListener('click', () => this.unfold(!this.open));
    find('pairing-new').addEventListener('click', () => this.say('open'));
    find('pairing-close').addEventListener('click', () => this.say('close'));
    find('pairing-end').addEventListener('click', () => this.say('end'));
  }

  private say(what: string): void {
    this.send({ type: 'pairing', do: what });
  }

  private unfold(open: boolean): void {
    this.open = open;
    set(find('pairing-toggle'), 'aria-expanded', String(open));
    show(find('pairing'), open);
  }

  /** Without `--lan` there is nothing to show. */
  update(now: Standing | undefined): void {
    show(find('pairing-toggle'), now !== undefined);
    if (!now) return;
    if (!find('pairing-picture').firstChild) this.told(now);
    const code = find('pairing-code');
    show(find('pairing-shown'), now.code !== null);
    show(find('pairing-close'), now.code !== null);
    say(code, now.code === null ? '' : spaced(now.code));
    say(find('pairing-left'), now.code === null ? '' : `good for ${clock(now.left_s)}`);
    say(find('pairing-new'), now.code === null ? 'Show a code' : 'Another code');
    show(find('pairing-end'), now.paired);
    const words = pairingWords(now);
    say(find('pairing-said'), words);
    const heard = words.replace(/\d+ s\.$/, ''); // not again with every second
    if (this.last && heard !== this.last) this.speak(words);
    this.last = heard;
  }

  /** The address and its picture stay the same for the whole session. */
  private told(now: Standing): void {
    const picture = element('img', { src: '../pairing/qr.svg', alt: `QR code of ${now.url}`, width: '132', height: '132' });
    find('pairing-picture').append(picture);
    say(find('pairing-url'), now.url);
    show(find('pairing-authority'), now.authority);
  }
}
