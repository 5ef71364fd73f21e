// The socket: reads, reconnects, acknowledges what was drawn, and notices silence.

import { decodeSignals, decodeText, type Message, type Signals } from './wire';

export const SILENT_MS = 1000; // states come ten times a second
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2000;
const ACKNOWLEDGE_EVERY = 3;

export type Contact = 'connecting' | 'up' | 'silent' | 'down';

export interface Ear {
  message(message: Message): void;
  signals(signals: Signals): void;
  contact(contact: Contact): void;
}

/** One connection to the engine that is renewed for as long as the page lives. */
export class Link {
  contact: Contact = 'connecting';
  /** Signal frames that never came: the server leaves some out when the page is slow. */
  missed = 0;
  received = 0;
  private socket: WebSocket | null = null;
  private heard_ms = 0;
  private retry_ms = FIRST_RETRY_MS;
  private seq = -1;
  private taken = 0;
  private told = 0;

  constructor(
    private readonly address: string,
    private readonly ear: Ear,
    private readonly now_ms: () => number = () => performance.now(),
  ) {}

  open(): void {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.seq = -1;
      this.taken = this.told = 0;
      this.retry_ms = FIRST_RETRY_MS;
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.hear(event.data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.become('down');
      setTimeout(() => this.open(), this.retry_ms);
      this.retry_ms = Math.min(2 * this.retry_ms, LAST_RETRY_MS);
    };
  }

  private hear(data: string | ArrayBuffer): void {
    this.heard_ms = this.now_ms();
    if (this.contact !== 'up') this.become('up');
    try {
      if (typeof data === 'string') {
        const message = decodeText(data);
        if (message) this.ear.message(message);
      } else {
        this.take(decodeSignals(data));
      }
    } catch (error) {
      this.ear.message({ type: 'refused', text: `A message could not be read: ${String(error)}` });
    }
  }

  private take(signals: Signals): void {
    if (this.seq >= 0 && signals.seq > this.seq + 1) this.missed += signals.seq - this.seq - 1;
    this.seq = signals.seq;
    this.received++;
    this.taken++;
    this.ear.signals(signals);
    // A hidden page paints nothing, so taking a frame in is all that it can promise.
    if (document.hidden) this.drawn();
  }

  /** Everything taken so far is on the screen; the server may send more. */
  drawn(): void {
    if (this.taken - this.told < ACKNOWLEDGE_EVERY) return;
    if (this.send({ type: 'drawn', count: this.taken })) this.told = this.taken;
  }

  /** True when the message left. */
  send(message: object): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** To be called often, and not by the paint loop, which rests while the page is hidden. */
  watch(): void {
    if (this.contact === 'up' && this.now_ms() - this.heard_ms > SILENT_MS) this.become('silent');
  }

  private become(contact: Contact): void {
    if (contact === this.contact) return;
    this.contact = contact;
    this.ear.contact(contact);
  }
}
