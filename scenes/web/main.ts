// The scene page: engine's frames in, pictures out, and the patient's own stop.

import { Session } from './session';
import { WORDS } from './words';
import { listenForKeys } from './stop';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

const session = new Session(byId<HTMLCanvasElement>('scene'), {
  status: byId('status'),
  prompt: byId('prompt'),
  loading: byId('loading'),
  loadingText: byId('loading-text'),
  bar: byId<HTMLProgressElement>('loading-bar'),
});

const button = (id: string, words: string, press: () => void) => {
  const b = byId<HTMLButtonElement>(id);
  b.textContent = words;
  b.addEventListener('click', press);
  return b;
};

button('stop', WORDS.stop, () => session.stop('button')).title = WORDS.keys;
button('too-much', WORDS.tooMuch, () => session.send({ type: 'too_much' }));
button('recenter', WORDS.recenter, () => session.recenter());
const sound = button('sound', WORDS.sound, () => {
  session.sound.begin();
  sound.hidden = true;
});
const enter = button('enter', WORDS.enter, () => {
  session.sound.begin();
  if (session.headset.presenting) void session.headset.leave();
  else session.headset.enter().catch((e) => session.problem(`The headset could not be entered (${e}).`));
});
session.onWorn = (worn) => (enter.textContent = worn ? WORDS.leave : WORDS.enter);
void session.headset.supported().then((yes) => (enter.hidden = !yes));

listenForKeys((by) => session.stop(by));
session.start();

/** For tests and for the curious, in the browser's console: what the page does, in plain numbers. */
declare global {
  interface Window {
    __adaptivevr: Session['hook'];
  }
}
window.__adaptivevr = session.hook;
