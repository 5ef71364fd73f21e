// The first page a headset sees: the code of the clinician's screen is entered, then the scene opens.

import { settings } from '../../../scenes/web/settings';
import { say, speak } from '../../../scenes/web/words';
import { type Answer, answered, digits, LENGTH } from './code';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const code = byId<HTMLInputElement>('code');
const said = byId('said');
const SCENE = './scene/';

speak(settings(location.search, navigator.languages).language);
byId('title').textContent = say('pair_title');
byId('how').textContent = say('pair_how');
byId('label').textContent = say('pair_code');
byId('connect').textContent = say('pair_connect');

for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'back', '0', 'clear']) {
  const word = key.length > 1;
  const button = Object.assign(document.createElement('button'), {
    type: 'button', textContent: word ? say(`pair_${key}`) : key, className: word ? 'word' : '',
  });
  button.addEventListener('click', () => press(key));
  byId('pad').append(button);
}

function press(key: string): void {
  const now = key === 'back' ? code.value.slice(0, -1) : key === 'clear' ? '' : digits(code.value + key);
  code.value = now;
  said.textContent = '';
  if (key.length === 1 && now.length === LENGTH) void enter();
}

code.addEventListener('input', () => {
  code.value = digits(code.value);
  said.textContent = '';
  if (code.value.length === LENGTH) void enter();
});
// A keyboard types from anywhere on the page, as it would in any field.
document.addEventListener('keydown', (event) => {
  if (event.target === code || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^[0-9]$/.test(event.key)) press(event.key);
  else if (event.key === 'Backspace') press('back');
});
byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void enter();
});

let asking = false;

async function enter(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const answer = await ask('POST');
    said.textContent = answered(answer);
    if (answer.outcome === 'paired') location.replace(SCENE);
    else code.value = '';
  } catch {
    said.textContent = say('pair_lost');
  } finally {
    asking = false;
  }
}

async function ask(method: 'GET' | 'POST'): Promise<Answer & { paired?: boolean }> {
  const body = method === 'POST' ? { body: JSON.stringify({ code: code.value }) } : {};
  const response = await fetch('./pair', { method, ...body });
  return (await response.json()) as Answer & { paired?: boolean };
}

// Opened from a scanned code or a link, a browser does not send the strict cookie along; now it does.
ask('GET').then(
  (answer) => {
    if (answer.paired) location.replace(SCENE);
  },
  () => (said.textContent = say('pair_lost')),
);
