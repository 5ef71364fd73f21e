// The socket to the engine: hello, clock questions, frames in order, reconnects with backoff.

import { EngineClock } from './clock';
import { type ClientMessage, decode, encode, type EngineMessage, type SceneFrame } from './contract';

const FIRST_QUESTIONS = 8;
const QUESTION_EVERY_S = 10;
const BACKOFF_S = [0.25, 0.5, 1, 2, 4];
const OPEN = 1; // readyState of a WebSocket
const SILENCE_S = 5; // a link that stays open and says nothing is given up and tried anew

export interface Listener {
  frame(frame: SceneFrame, here_s: number): boolean; // whether it was taken
  event(message: Exclude<EngineMessage, SceneFrame>): void;
  link(state: Link): void;
}

export type Link = 'connecting' | 'open' | 'lost';

export interface Surroundings {
  now_s: () => number;
  open: (url: string) => WebSocket;
  later: (call: () => void, delay_s: number) => unknown;
}

const PAGE: Surroundings = {
  now_s: () => performance.now() / 1000,
  open: (url) => new WebSocket(url),
  later: (call, delay_s) => setTimeout(call, delay_s * 1000),
};

export class Channel {
  readonly clock = new EngineClock();
  link: Link = 'connecting';
  dropped = 0; // frames not taken: expired, out of order, or before the clock was known
  private socket: WebSocket | null = null;
  private unsent: ClientMessage[] = []; // a stop or a rating made while the link is down must still arrive
  private tries = 0;
  private asked = 0;
  private heard_s = 0;

  constructor(
    private readonly url: string,
    private readonly hello: () => ClientMessage,
    private readonly listener: Listener,
    private readonly at: Surroundings = PAGE,
  ) {}

  start(): void {
    this.setLink('connecting');
    const socket = this.at.open(this.url);
    this.socket = socket;
    this.heard_s = this.at.now_s();
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(String(event.data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lost();
    };
    this.at.later(() => this.watch(socket), SILENCE_S);
  }

  /** Sends now, or after the next connection when it must not be lost. */
  send(message: ClientMessage): void {
    // A socket may be closing before it has said so; what it is given then would be lost.
    if (this.link === 'open' && this.socket?.readyState === OPEN) this.socket.send(encode(message));
    else if (message.type !== 'clock' && message.type !== 'ack' && message.type !== 'pose') this.unsent.push(message);
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.tries = this.asked = 0;
    this.clock.forget();
    this.setLink('open');
    // A stop that waited goes first of all.
    const waiting = this.unsent.splice(0);
    for (const m of waiting.filter((w) => w.type === 'stop')) this.send(m);
    this.send(this.hello());
    this.ask();
    for (const m of waiting.filter((w) => w.type !== 'stop')) this.send(m);
    this.askAgain(socket);
  }

  private ask(): void {
    this.asked += 1;
    this.send({ type: 'clock', client_s: this.at.now_s() });
  }

  private askAgain(socket: WebSocket): void {
    this.at.later(() => {
      if (socket !== this.socket || this.link !== 'open') return;
      if (this.asked >= FIRST_QUESTIONS) this.ask();
      this.askAgain(socket);
    }, QUESTION_EVERY_S);
  }

  private hear(data: string): void {
    const now_s = (this.heard_s = this.at.now_s());
    let message: EngineMessage | null;
    try {
      message = decode(data);
    } catch (error) {
      this.send({ type: 'problem', text: String(error) });
      return;
    }
    if (!message) return;
    if (message.type === 'clock') {
      this.clock.update(message.client_s, message.engine_s, now_s);
      if (this.asked < FIRST_QUESTIONS) this.ask();
    } else if (message.type === 'frame') {
      const here_s = this.clock.here_s(message.time_s);
      if (!this.listener.frame(message, here_s)) this.dropped += 1;
    } else this.listener.event(message);
  }

  private watch(socket: WebSocket): void {
    if (socket !== this.socket) return;
    if (this.at.now_s() - this.heard_s >= SILENCE_S) {
      this.lost();
      socket.close();
    } else this.at.later(() => this.watch(socket), 1);
  }

  private lost(): void {
    this.socket = null;
    this.setLink('lost');
    const wait_s = BACKOFF_S[Math.min(this.tries, BACKOFF_S.length - 1)]!;
    this.tries += 1;
    this.at.later(() => this.start(), wait_s);
  }

  private setLink(link: Link): void {
    if (link === this.link && link !== 'connecting') return;
    this.link = link;
    this.listener.link(link);
  }
}
