// The strip at the top: who is in charge, what stands between engine and patient, and the stop.

import type { Alarms } from './alarms';
import { element, find, say, set, show } from './element';
import type { Contact } from './link';
import type { Sound } from './sound';
import type { Stop, Stopping } from './stop';
import type { Head, Running } from './wire';
import { clock, gateOpen, MODES, restsWords, standsStill, two } from './words';
import { interval } from './story';

const CONTACTS: Record<Contact, [string, string]> = {
  connecting: ['connecting', 'wait'],
  up: ['connected', 'yes'],
  silent: ['silent', 'no'],
  down: ['LOST', 'no'],
};
const LOST =
  'The console has lost the engine: what is shown here is old. If the engine has gone, every scene ' +
  'goes to rest by itself within 3 seconds. If only this page is cut off, the session may go on: ' +
  'use the stop at the patient.';

type Strip = 'none' | 'stopping' | 'unconfirmed' | 'stopped' | 'resume' | 'paused' | 'waiting';

/** The header and the words beside the plots. */
export class Top {
  private state: Running | null = null;
  private strip: Strip = 'none';
  private asking = false; // "really resume?" is on the screen
  private mode = '';
  private late = '';
  private met = false;
  private rests_ms = -Infinity;

  constructor(
    private readonly send: (message: object) => void,
    private readonly stop: Stop,
    private readonly alarms: Alarms,
    private readonly sound: Sound,
  ) {
    find('pause').addEventListener('click', () => {
      send({ command: this.paused() ? 'Resume' : 'Pause' });
    });
  }

  /** For people who listen to the page. */
  speak(text: string): void {
    say(find('spoken'), text);
  }

  idle(head: Head): void {
    this.stop.heard(head.latched);
    say(find('protocol'), 'No session is running');
    say(find('mode'), 'No session');
    this.pressed();
  }

  update(state: Running): void {
    this.state = state;
    this.stop.heard(state.latched || state.mode === 'safe');
    say(find('scene-title'), state.scene);
    say(find('protocol'), state.protocol);
    say(find('patient'), state.patient ? `${state.patient} · ` : '');
    set(find('protocol'), 'title', state.protocol);
    say(find('clock'), `${clock(state.session_s)} of ${clock(state.limits['session_s'] ?? 0)}`);
    say(find('recording'), state.recording ?? 'not recorded');
    set(find('recording'), 'data-good', state.recording ? 'yes' : 'no');
    const count = state.renderers.length;
    say(find('renderers'), count ? `${count} connected` : 'none');
    set(find('renderers'), 'data-good', count ? 'yes' : 'no');
    this.mode_(state);
    this.readings(state);
    this.why(state);
    this.pressed();
  }

  private mode_(state: Running): void {
    const { mode } = state;
    say(find('mode'), MODES[mode] ?? mode);
    say(find('mode-text'), state.mode_text.replace(/^[^:]*: /, '').replace(/^./, (c) => c.toUpperCase()));
    set(document.body, 'data-mode', mode);
    if (mode === this.mode) return;
    if (this.mode) this.speak(`Mode: ${state.mode_text}`);
    if (this.mode && mode === 'safe') this.sound.play('stopped');
    if (mode === 'freeze' || mode === 'fallback') this.sound.play('sensor');
    this.mode = mode;
  }

  private readings(state: Running): void {
    const { level, sd } = state.arousal;
    say(find('arousal'), level === null ? 'not known' : two(level));
    const [low, high] = level === null ? [0, 0] : interval(level, sd);
    say(find('arousal-range'), level === null ? '' : `${two(low)} to ${two(high)}`);
    say(find('intensity'), two(state.intensity));
    say(find('intensity-most'), `of at most ${two(state.limits['ceiling'] ?? 1)}`);
    const bpm = state.heart_rate_bpm;
    say(find('heart'), bpm === null ? '–' : bpm.toFixed(0));
    say(find('rated'), state.rating === null ? '–' : state.rating.toFixed(0));
    say(find('rated-of'), `of ${state.question.max}`);
  }

  private why(state: Running): void {
    const quiet = state.quiet_share === null ? '' : ` ${Math.round(100 * state.quiet_share)} % done.`;
    say(find('why'), state.why + quiet);
    this.refused(state.refused);
    if (performance.now() - this.rests_ms > 1000) {
      this.rests_ms = performance.now();
      say(find('rests'), restsWords(state));
    }
    show(find('shown'), state.prompt !== null);
    say(find('shown'), state.prompt ? `The patient reads: “${state.prompt.text}”` : '');
    const list = find('gates');
    while (list.children.length > state.gates.length) list.lastElementChild!.remove();
    state.gates.forEach((gate, i) => {
      let item = list.children[i] as HTMLElement | undefined;
      if (!item) list.append((item = element('li')));
      set(item, 'data-open', String(gate.open));
      say(item, gate.open ? gateOpen(gate.name) : gate.text);
    });
  }

  /** Why the quiet phase has not given a baseline yet, a sentence a line. */
  private refused(sentences: string[]): void {
    const list = find('refused');
    show(list, sentences.length > 0);
    if ([...list.children].map((c) => c.textContent).join() === sentences.join()) return;
    list.replaceChildren(...sentences.map((text) => element('li', {}, text)));
  }

  contact(contact: Contact): void {
    const [word, good] = CONTACTS[contact];
    say(find('contact'), word);
    set(find('contact'), 'data-good', good);
    const lost = contact === 'down' || contact === 'silent';
    document.body.classList.toggle('lost', lost);
    if (this.alarms.set('contact', lost ? LOST : null)) this.sound.play('lost');
    if (contact === 'up') {
      if (this.met) {
        this.sound.play('back');
        this.speak('The engine is back.');
      }
      this.met = true;
    }
  }

  /** Alarms that follow from a state; called by the socket, never by the paint loop. */
  watch(state: Running): void {
    const still = standsStill(state);
    const words = 'The engine stands still. The server holds the scene at rest.';
    if (this.alarms.set('still', still ? words : null)) this.sound.play('lost');
    const nobody = state.renderers.length === 0;
    this.alarms.set('renderer', nobody ? 'No scene is connected: nobody sees anything.' : null, 'warn');
    const late = state.sensors.filter((s) => s.state === 'late').map((s) => s.label).join(', ');
    if (late !== this.late) {
      if (late.length > this.late.length) {
        this.sound.play('sensor');
        this.speak(`No data from: ${late}.`);
      } else {
        this.speak(late ? `Still no data from: ${late}.` : 'All sensors send again.');
      }
      this.late = late;
    }
  }

  private paused(): boolean {
    const s = this.state;
    return s !== null && s.reason === 'rest' && s.phase !== 'waiting';
  }

  /** Shows at once what a press has done so far, without waiting for the engine. */
  pressed(): void {
    const stopping = this.stop.state(performance.now());
    set(document.body, 'data-stop', stopping);
    const words: Record<Stopping, string> = {
      running: 'STOP', sent: 'Stopping', unconfirmed: 'STOP', stopped: 'Stopped',
    };
    say(find('stop-word'), words[stopping]);
    set(find('stop'), 'aria-pressed', String(stopping !== 'running'));
    const pause = find<HTMLButtonElement>('pause');
    pause.disabled = stopping !== 'running' || !this.state || this.state.phase === 'waiting';
    say(pause, this.paused() ? 'Go on' : 'Pause');
    this.alarms.set(
      'stop',
      stopping === 'unconfirmed'
        ? 'The stop has not been confirmed and is being sent again. Use the stop at the patient now.'
        : null,
    );
    if (stopping !== 'stopped') this.asking = false;
    this.show_(this.wanted(stopping));
  }

  private wanted(stopping: Stopping): Strip {
    if (stopping === 'sent') return 'stopping';
    if (stopping === 'unconfirmed') return 'unconfirmed';
    if (stopping === 'stopped') return this.asking ? 'resume' : 'stopped';
    if (this.paused()) return 'paused';
    const s = this.state;
    return s && s.phase === 'waiting' && s.reason === 'rest' ? 'waiting' : 'none';
  }

  private show_(strip: Strip): void {
    if (strip === this.strip) return;
    const had = document.activeElement?.closest('#strip') !== null && this.strip !== 'none';
    this.strip = strip;
    const host = find('strip');
    show(host, strip !== 'none');
    set(host, 'data-kind', strip);
    const { text, buttons } = this.strips()[strip];
    say(find('strip-text'), text);
    find('strip-buttons').replaceChildren(
      ...buttons.map(([word, act, kind]) => {
        const button = element('button', { type: 'button', class: kind }, word);
        button.addEventListener('click', act);
        return button;
      }),
    );
    if (text) this.speak(text);
    if (had) find('strip-buttons').querySelector('button')?.focus();
  }

  private strips(): Record<Strip, { text: string; buttons: [string, () => void, string][] }> {
    const ask = (asking: boolean) => (): void => {
      this.asking = asking;
      this.pressed();
    };
    const say_ = (command: string) => (): void => this.send({ command });
    return {
      none: { text: '', buttons: [] },
      stopping: { text: 'Stopping: the scene goes to rest.', buttons: [] },
      unconfirmed: { text: 'The stop is not confirmed yet.', buttons: [] },
      stopped: {
        text: 'Stopped. The scene rests and stays at rest until you resume.',
        buttons: [['Resume…', ask(true), '']],
      },
      resume: {
        text: 'Resume from rest, with the intensity in your hand?',
        buttons: [['Yes, resume', say_('Resume'), 'yes'], ['No, stay stopped', ask(false), '']],
      },
      paused: { text: 'Paused. The scene rests.', buttons: [['Go on', say_('Resume'), 'yes']] },
      waiting: { text: 'Ready. Nothing has begun.', buttons: [['Start', say_('Start'), 'yes']] },
    };
  }
}
