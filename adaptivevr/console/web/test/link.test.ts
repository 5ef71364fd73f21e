import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import golden from './signal_frame.json';
import { type Contact, Link } from '../link';
import type { Message, Signals } from '../wire';

class Wire {
  static made: Wire[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  binaryType = '';
  sent: { type: string; count?: number }[] = [];
  onopen = () => {};
  onmessage = (_: { data: string | ArrayBuffer }) => {};
  onclose = () => {};
  constructor(readonly address: string) {
    Wire.made.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  opens() {
    this.readyState = Wire.OPEN;
    this.onopen();
  }
  closes() {
    this.readyState = 3;
    this.onclose();
  }
  says(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  signals(seq: number) {
    const frame = Uint8Array.from(golden.hex.match(/../g)!, (pair) => parseInt(pair, 16)).buffer;
    new DataView(frame).setUint32(8, seq, true);
    this.onmessage({ data: frame });
  }
}

const page = { hidden: false };
let now_ms = 0;
const heard: { messages: Message[]; signals: Signals[]; contacts: Contact[] } = {
  messages: [], signals: [], contacts: [],
};
const state = { type: 'state', now_s: 1, latched: false };

function connected(): [Link, Wire] {
  const link = new Link('ws://here/', {
    message: (m) => heard.messages.push(m),
    signals: (s) => heard.signals.push(s),
    contact: (c) => heard.contacts.push(c),
  }, () => now_ms);
  link.open();
  const wire = Wire.made[Wire.made.length - 1]!;
  wire.opens();
  return [link, wire];
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', Wire);
  vi.stubGlobal('document', page);
  vi.useFakeTimers();
  Wire.made = [];
  now_ms = 0;
  page.hidden = false;
  for (const list of Object.values(heard)) list.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('contact', () => {
  test('is up with the first message and silent after a second without any', () => {
    const [link, wire] = connected();
    wire.says(state);
    now_ms = 900;
    link.watch();
    expect(heard.contacts).toEqual(['up']);
    now_ms = 1101;
    link.watch();
    link.watch();
    expect(heard.contacts).toEqual(['up', 'silent']);
    wire.says(state);
    expect(link.contact).toBe('up');
  });

  test('a closed socket is opened again, sooner at first and at least every two seconds', () => {
    const [link, wire] = connected();
    wire.says(state);
    wire.closes();
    expect(link.contact).toBe('down');
    expect(link.send({ type: 'stop' })).toBe(false);
    for (let i = 0; i < 8; i++) {
      const before = Wire.made.length;
      vi.advanceTimersByTime(2000);
      expect(Wire.made.length).toBeGreaterThan(before);
      Wire.made[Wire.made.length - 1]!.closes();
    }
  });
});

describe('credit', () => {
  test('is given when frames were drawn, not when they came', () => {
    const [link, wire] = connected();
    for (let i = 1; i <= 4; i++) wire.signals(i);
    expect(wire.sent).toEqual([]);
    link.drawn();
    expect(wire.sent).toEqual([{ type: 'drawn', count: 4 }]);
    link.drawn();
    expect(wire.sent).toHaveLength(1);
  });

  test('a hidden page paints nothing and gives it when they come', () => {
    page.hidden = true;
    const [, wire] = connected();
    for (let i = 1; i <= 6; i++) wire.signals(i);
    expect(wire.sent.map((m) => m.count)).toEqual([3, 6]);
  });

  test('begins anew with a new connection', () => {
    const [link, wire] = connected();
    for (let i = 1; i <= 5; i++) wire.signals(i);
    link.drawn();
    wire.closes();
    vi.advanceTimersByTime(300);
    const again = Wire.made[Wire.made.length - 1]!;
    again.opens();
    for (let i = 1; i <= 3; i++) again.signals(i);
    link.drawn();
    expect(again.sent).toEqual([{ type: 'drawn', count: 3 }]);
    expect(link.missed).toBe(0);
  });
});

test('frames that were left out are counted', () => {
  const [link, wire] = connected();
  for (const seq of [1, 2, 5, 6]) wire.signals(seq);
  expect(link.missed).toBe(2);
});

test('a message that cannot be read is said and does not end the link', () => {
  const [link, wire] = connected();
  wire.onmessage({ data: '{torn' });
  expect(heard.messages[0]).toMatchObject({ type: 'refused' });
  wire.says(state);
  expect(heard.messages).toHaveLength(2);
  expect(link.contact).toBe('up');
});
