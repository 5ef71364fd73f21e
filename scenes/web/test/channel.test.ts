import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Channel, type Link } from '../channel';
import { type ClientMessage, decode, encode, type EngineMessage, type SceneFrame } from '../contract';

const folder = new URL('../../../tests/scenes/channel/', import.meta.url);
const golden = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { sender: string; messages: any[] }),
}));
const one = (name: string) => golden.find((g) => g.name === `${name}.json`)!.messages;

describe('golden files', () => {
  test.each(golden.filter((g) => g.sender === "engine").map((g) => [g.name, g.messages] as const))("%s is understood", (_, messages) => {
    for (const m of messages) expect(decode(JSON.stringify(m))?.type).toBe(m.type);
  });

  test.each(golden.filter((g) => g.sender === "client").map((g) => [g.name, g.messages] as const))("%s is what we write", (_, messages) => {
    for (const m of messages) {
      const { v: _, ...rest } = m;
      expect(JSON.parse(encode(rest as ClientMessage))).toEqual(m);
    }
  });

  test('no pacer any more', () => {
    expect(decode(JSON.stringify(one('pacer')[1]))).toEqual({ type: 'pacer', pace: null });
  });
});

test.each([
  ['not JSON', 'hello'],
  ['another version', '{"v":2,"type":"stop"}'],
  ['a number as text', JSON.stringify({ ...one('frame')[0], seq: '41' })],
  ['a value that is no number', JSON.stringify({ ...one('frame')[0], values: { height: null } })],
  ['a rating without a scale', '{"v":1,"type":"prompt","id":"1","kind":"rating","text":"?"}'],
])('%s is refused', (_, text) => {
  expect(() => decode(text)).toThrow();
});

test('a type nobody knows yet is passed over', () => {
  expect(decode('{"v":1,"type":"smell"}')).toBeNull();
});

class Wire {
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = () => {};
  sent: any[] = [];
  readyState = 1;
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  says(m: object) {
    this.onmessage({ data: JSON.stringify({ v: 1, ...m }) });
  }
  types() {
    return this.sent.map((m) => m.type);
  }
}

describe('the link', () => {
  let now = 0;
  let wires: Wire[] = [];
  let timers: { at: number; call: () => void }[] = [];
  let links: Link[] = [];
  let frames: [number, number][] = [];
  let events: EngineMessage[] = [];
  let channel: Channel;
  const pass = (seconds: number) => {
    const end = now + seconds;
    for (;;) {
      timers.sort((a, b) => a.at - b.at);
      const next = timers[0];
      if (!next || next.at > end) break;
      timers.shift();
      now = next.at;
      next.call();
    }
    now = end;
  };
  const last = () => wires[wires.length - 1]!;
  const frame = (seq: number, time_s: number) => ({ ...one('frame')[0], seq, time_s });

  beforeEach(() => {
    now = 100;
    wires = []; timers = []; links = []; frames = []; events = [];
    channel = new Channel(
      'ws://here/ws/scene',
      () => ({ type: 'hello', renderer: 'webxr', version: '1', languages: [], hands: false, refresh_hz: 60 }),
      {
        frame: (f: SceneFrame, here_s) => (frames.push([f.seq, here_s]), Number.isFinite(here_s)),
        event: (m) => void events.push(m),
        link: (l) => void links.push(l),
      },
      {
        now_s: () => now,
        open: () => (wires.push(new Wire()), last() as unknown as WebSocket),
        later: (call, delay_s) => timers.push({ at: now + delay_s, call }),
      },
    );
    channel.start();
  });

  test('hello first, then eight questions, each after the answer', () => {
    last().onopen();
    expect(last().types()).toEqual(['hello', 'clock']);
    for (let i = 0; i < 20; i++) last().says({ type: 'clock', client_s: now, engine_s: now + 800 });
    expect(last().types().filter((t) => t === 'clock').length).toBe(8);
    for (let i = 0; i < 3; i++) { pass(4); last().says({ type: 'stop', id: '1' }); }
    expect(last().types().filter((t) => t === 'clock').length).toBe(9);
  });

  test('frames come with their moment on this clock, none before it is known', () => {
    last().onopen();
    last().says(frame(1, 900));
    expect(channel.dropped).toBe(1);
    last().says({ type: 'clock', client_s: 99.99, engine_s: 900 });
    last().says(frame(2, 900.1));
    expect(frames[1]![0]).toBe(2);
    expect(frames[1]![1]).toBeCloseTo(100.095, 2);
  });

  test('a stop pressed while the link is down goes first when it is back', () => {
    last().onopen();
    last().onclose();
    expect(links.at(-1)).toBe('lost');
    channel.send({ type: 'too_much' });
    channel.send({ type: 'stop', by: 'key' });
    channel.send({ type: 'ack', seq: 1, shown_s: 1, rest: true });
    pass(0.3);
    expect(wires.length).toBe(2);
    last().onopen();
    expect(last().types()).toEqual(['stop', 'hello', 'clock', 'too_much']);
  });

  test('a stop pressed on a link that is closing, and has not said so, is not lost', () => {
    last().onopen();
    last().readyState = 2;
    channel.send({ type: 'stop', by: 'key' });
    last().onclose();
    pass(0.3);
    last().onopen();
    expect(wires.map((wire) => wire.types().includes('stop'))).toEqual([false, true]);
  });

  test('waits longer each time, up to four seconds', () => {
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const before = now;
      const had = wires.length;
      last().onclose();
      while (wires.length === had) pass(0.05);
      waits.push(now - before);
    }
    expect(waits.map((w) => Math.round(w * 4) / 4)).toEqual([0.25, 0.5, 1, 2, 4, 4, 4]);
  });

  test('a link that stays open and says nothing for five seconds is tried anew', () => {
    last().onopen();
    const silent = last();
    pass(6.5);
    expect(silent.closed).toBe(true);
    expect(wires.length).toBe(2);
    silent.says(frame(9, 1)); // whatever it still delivers is not heard
    expect(frames).toEqual([]);
  });

  test('a message that breaks the contract is reported, not played', () => {
    last().onopen();
    last().says({ type: 'frame', seq: 'x' });
    expect(last().types().at(-1)).toBe('problem');
    expect(frames).toEqual([]);
    expect(events).toEqual([]);
  });
});
