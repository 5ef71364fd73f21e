// Keys that work anywhere. All but the stop need Alt, so that nothing happens by mere typing.

import { toCues } from './cues';
import { element, find } from './element';
import { isStopKey } from './stop';

interface Key {
  code: string;
  shown: string;
  does: string;
  act: () => void;
}

const focus = (id: string) => (): void => find(id).focus();
const click = (id: string) => (): void => find(id).click();

export function keys(stop: () => void): void {
  const list: Key[] = [
    { code: 'KeyP', shown: 'Alt+P', does: 'Pause, or go on after a pause', act: click('pause') },
    { code: 'ArrowUp', shown: 'Alt+↑', does: 'One level harder', act: click('harder') },
    { code: 'ArrowDown', shown: 'Alt+↓', does: 'One level easier', act: click('easier') },
    { code: 'KeyY', shown: 'Alt+Y', does: 'To the question that waits for a yes or no', act: focus('proposal-yes') },
    { code: 'KeyI', shown: 'Alt+I', does: 'Intensity by hand', act: focus('manual') },
    { code: 'KeyC', shown: 'Alt+C', does: 'To the cues of the scene', act: toCues },
    { code: 'KeyR', shown: 'Alt+R', does: 'Enter a rating', act: focus('rating') },
    { code: 'KeyM', shown: 'Alt+M', does: 'Enter a mark', act: focus('mark') },
    { code: 'KeyN', shown: 'Alt+N', does: 'Write a note', act: focus('note') },
    { code: 'KeyH', shown: 'Alt+H', does: 'Show these keys', act: click('help') },
  ];
  const rows = [{ shown: 'Esc or F8', does: 'Stop at once, from anywhere in the page' }, ...list];
  find('keys-list').append(
    ...rows.map((key) =>
      element('div', {}, element('dt', {}, element('kbd', {}, key.shown)), element('dd', {}, key.does)),
    ),
  );
  window.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const key = list.find((one) => one.code === event.code);
    if (!key) return;
    event.preventDefault();
    key.act();
  });
  listen(window, stop);
  const dialog = find<HTMLDialogElement>('keys');
  find('help').addEventListener('click', () => dialog.showModal());
  find('keys-close').addEventListener('click', () => dialog.close());
}

/** Stop keys act on the way down and before anything else hears of them. */
export function listen(target: Window, stop: () => void): void {
  target.addEventListener(
    'keydown',
    (event) => {
      if (!isStopKey(event)) return;
      if (event.key === 'F8') event.preventDefault();
      if (!event.repeat) stop();
    },
    { capture: true },
  );
}
