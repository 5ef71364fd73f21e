// The scene page: engine's frames in, pictures out, and the patient's own stop.

import { Options } from './options';
import { Session } from './session';
import { settings } from './settings';
import { listenForKeys } from './stop';
import { say, speak } from './words';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

const liked = settings(location.search, navigator.languages);
speak(liked.language);

const places = {
  curtain: byId('curtain'), status: byId('status'), prompt: byId('prompt'), score: byId('score'), loading: byId('loading'),
  loadingText: byId('loading-text'), bar: byId<HTMLProgressElement>('loading-bar'),
};
const session = new Session(byId<HTMLCanvasElement>('scene'), places, liked);

const PRESSES: Record<string, () => void> = {
  stop: () => session.stop('button'),
  'too-much': () => session.send({ type: 'too_much' }),
  recenter: () => session.recenter(),
  sound: () => {
    session.sound.begin();
    byId('sound').hidden = true;
  },
  enter: () => {
    session.sound.begin();
    if (session.headset.presenting) void session.headset.leave();
    else session.headset.enter().catch((e) => session.problem(`The headset could not be entered (${e}).`));
  },
};
for (const [id, press] of Object.entries(PRESSES)) byId(id).addEventListener('click', press);

function label(): void {
  for (const id of ['stop', 'recenter', 'sound', 'options']) byId(id).textContent = say(id);
  byId('too-much').textContent = say('too_much');
  byId('enter').textContent = say(session.headset.presenting ? 'leave' : 'enter');
  byId('stop').title = say('keys');
}
label();
new Options(byId('choices'), byId<HTMLButtonElement>('options'), liked, label);
session.onWorn = label;
void session.headset.supported().then((yes) => (byId('enter').hidden = !yes));

listenForKeys((by) => session.stop(by));
window.__adaptivevr = session.hook;
// Pictures and measurements without an engine: other code, loaded only when it is asked for.
const asked = new URLSearchParams(location.search);
if (asked.has('preview')) void import('./preview').then(({ preview }) => preview(session, asked.get('preview')!));
else session.start();
if (asked.has('measure')) void import('./measure').then(({ measure }) => measure(session));

declare global {
  interface Window {
    __adaptivevr: Session['hook'] & Record<string, unknown>;
  }
}
