// The clinician's console: what comes from the engine goes to its place, what is pressed goes back.

import { Alarms } from './alarms';
import { Cues } from './cues';
import { Demo } from './demo';
import { find } from './element';
import { keys } from './keys';
import { Lead } from './lead';
import { Limits } from './limits';
import { type Contact, Link } from './link';
import { mirror } from './mirror';
import { enterings, Log, scaled } from './notes';
import { Pairing } from './pairing';
import { CoursePlots } from './plots';
import { Screening } from './screening';
import { Sensors } from './sensors';
import { Sound } from './sound';
import { Stop } from './stop';
import { Story } from './story';
import { Top } from './top';
import { type Message, running, type Running } from './wire';

const TRACES_MS = 45; // 20 pictures a second are smooth for a trace that scrolls
const COURSE_MS = 330;

const sound = new Sound();
const alarms = new Alarms();
const story = new Story();
let state: Running | null = null;
let ahead_s = 0; // the engine's clock less this page's

const link = new Link(new URL('../ws/console', location.href).href.replace(/^http/, 'ws'), {
  message: hear,
  signals: (signals) => sensors.take(signals),
  contact: (contact) => met(contact),
});
const send = (message: object): void => {
  if (!link.send(message)) alarms.notice('Not sent: the console has no connection to the engine.');
};
const stop = new Stop((by) => link.send({ type: 'stop', by }));
const sensors = new Sensors(find('sensors'), find('no-sensors'));
const plots = new CoursePlots(find('arousal-plot'), find('intensity-plot'), story);
const top = new Top(send, stop, alarms, sound);
const lead = new Lead(send, (text) => {
  top.speak(text);
  sound.play('ask');
});
const limits = new Limits(send);
const cues = new Cues(send);
const screening = new Screening(send, () => press('button'));
const log = new Log();
const demo = new Demo(send);
const pairing = new Pairing(send, (text) => top.speak(text));

function hear(message: Message): void {
  if (message.type === 'refused') alarms.notice(message.text);
  else if (message.type === 'past') story.past(message);
  else if (message.type === 'log') {
    log.add(message);
    story.rated(message);
    if (state) cues.heard(message);
    if (state) limits.heard(message); // not what was said before this page came
  } else {
    ahead_s = message.now_s - performance.now() / 1e3;
    pairing.update(message.pairing);
    if (running(message)) see(message);
    else top.idle(message);
  }
}

function see(next: Running): void {
  state = next;
  story.update(next);
  log.began(next.tick_s - next.session_s);
  top.update(next);
  const stopped = stop.state(performance.now()) !== 'running';
  lead.update(next, stopped);
  cues.update(next, stopped);
  screening.update(next);
  limits.update(next);
  scaled(next);
  sensors.update(next.sensors, next.traces);
  demo.update(next);
  top.watch(next);
}

function met(contact: Contact): void {
  top.contact(contact);
}

function press(by: string): void {
  stop.press(by, performance.now());
  top.pressed();
}

let traces_ms = 0;
let course_ms = 0;

function paint(now_ms: number): void {
  requestAnimationFrame(paint);
  const now_s = performance.now() / 1e3 + ahead_s;
  if (now_ms - traces_ms >= TRACES_MS) {
    traces_ms = now_ms;
    sensors.draw(now_s, now_ms);
    link.drawn();
  }
  if (state && now_ms - course_ms >= COURSE_MS) {
    course_ms = now_ms;
    plots.draw(state, now_s);
    plots.speak(state, now_ms);
  }
}

const pulse = new Worker(new URL('./pulse.ts', import.meta.url), { type: 'module' });
pulse.onmessage = () => {
  link.watch();
  stop.tick(performance.now());
  top.pressed();
};
find('stop').addEventListener('pointerdown', () => press('button'));
find('stop').addEventListener('click', () => press('button')); // the keyboard and assistive tools
find<HTMLInputElement>('sound').addEventListener('change', (event) => {
  sound.on = (event.target as HTMLInputElement).checked;
});
keys(() => press('key'));
mirror(() => press('key'));
enterings(send, () => state);
link.open();
requestAnimationFrame(paint);

// For tests and for a curious look from the browser's own console; nothing here acts.
Object.assign(window, { __console: { link, sensors, story, state: () => state } });
