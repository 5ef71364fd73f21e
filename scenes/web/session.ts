// One patient's view of a session: ties the link, the playback, the stage and the ways to stop together.

import * as THREE from 'three';
import { version } from '../../package.json';
import { Breath } from './breath';
import { Channel, type Link } from './channel';
import type { ClientMessage, EngineMessage, SceneFrame, StopBy } from './contract';
import { Look } from './look';
import { Panel } from './panel';
import { type Picture, Playback } from './playback';
import { Prompts } from './prompts';
import { drawnInSoftware, Sharpness } from './sharpness';
import { Sound } from './sound';
import { Stage } from './stage';
import { HeldStop } from './stop';
import { WHY, WORDS } from './words';
import { Headset } from './xr';

const now = () => performance.now() / 1000;
const PULSE_MS = 50; // pictures stop in a hidden tab; the dead-man must not

interface Places {
  status: HTMLElement;
  prompt: HTMLElement;
  loading: HTMLElement;
  loadingText: HTMLElement;
  bar: HTMLProgressElement;
}

/** Moments on the page's own clock, in seconds; NaN: not yet. */
const times = { accepted: NaN, frameOf: NaN, stop: NaN, restFrame: NaN, restPicture: NaN, shown: NaN };

export class Session {
  readonly sound = new Sound();
  readonly headset: Headset;
  onWorn: (worn: boolean) => void = () => {};
  private readonly renderer: THREE.WebGLRenderer;
  private readonly camera = new THREE.PerspectiveCamera(70, 1, 0.05, 6000);
  private readonly stage: Stage;
  private readonly look: Look;
  private readonly panel = new Panel();
  private readonly breath = new Breath();
  private readonly prompts: Prompts;
  private readonly playback = new Playback();
  private readonly held = new HeldStop();
  private readonly sharpness = new Sharpness(Math.min(2, devicePixelRatio));
  private readonly channel: Channel;
  private picture: Picture;
  private frame: SceneFrame | null = null;
  private wanted = '';
  private acked = { seq: -1, rest: false };
  private drawn = 0;
  private drawn_s = NaN;
  private between_ms: number[] = [];
  private draw_ms: number[] = [];
  private renewed = false; // a new link has not yet brought a good frame
  private unheard: StopBy | null = null; // a stop of ours until the engine is seen to rest

  constructor(private readonly canvas: HTMLCanvasElement, private readonly at: Places) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: !drawnInSoftware() });
    // Our shaders write display values themselves.
    this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
    this.renderer.toneMapping = THREE.NoToneMapping;
    this.renderer.info.autoReset = false;
    this.stage = new Stage(this.renderer, this.camera);
    this.stage.rig.add(this.camera, this.panel.mesh, this.breath.group);
    this.look = new Look(this.camera, canvas, location.search);
    this.prompts = new Prompts(at.prompt, this.panel, (m) => this.send(m), () => this.hangPanel());
    this.headset = new Headset(this.renderer, this.stage.rig, {
      change: (worn) => this.worn(worn),
      press: (origin, direction) => void this.panel.press(origin, direction),
      send: (m) => this.send(m),
    });
    this.sound.problem = (text) => this.problem(text);
    const url = new URL('/ws/scene', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.channel = new Channel(url.href, () => this.hello(), {
      frame: (frame, here_s) => this.take(frame, here_s),
      event: (message) => this.event(message),
      link: (link) => this.linked(link),
    });
    this.playback.ready = false;
    this.picture = this.playback.update(now());
  }

  start(): void {
    this.resize();
    window.addEventListener('resize', () => this.resize());
    this.channel.start();
    this.stage.loadRest().catch((e) => this.problem(`The rest scene could not be loaded (${e}); a plain one stands in.`));
    setInterval(() => this.advance(), PULSE_MS);
    this.renderer.setAnimationLoop((_, frame) => this.draw(frame as XRFrame | undefined));
  }

  send(message: ClientMessage): void {
    this.channel.send(message);
  }

  problem(text: string): void {
    console.warn(text);
    this.send({ type: 'problem', text });
  }

  /** The patient's stop: at rest at once, then reported. */
  stop(by: StopBy): void {
    this.playback.stop();
    times.stop = now();
    this.unheard = by;
    this.advance();
    this.send({ type: 'stop', by });
  }

  recenter(): void {
    if (this.headset.presenting) this.headset.recenter();
    else this.look.recenter();
  }

  private hello(): ClientMessage {
    const hz = this.renderer.xr.getSession()?.frameRate ?? 60;
    const languages = [...navigator.languages];
    return { type: 'hello', renderer: 'webxr', version, languages, hands: this.headset.hands, refresh_hz: hz };
  }

  private take(frame: SceneFrame, here_s: number): boolean {
    // On a new link the engine may count from 0 again; what is shown stays until a frame of it is good.
    if (this.renewed && now() - here_s <= frame.valid_for_s) {
      this.playback.forget();
      this.renewed = false;
    }
    const taken = this.playback.receive({ ...frame, time_s: here_s }, now());
    if (!taken) return false;
    this.frame = frame;
    times.accepted = now();
    times.frameOf = here_s;
    if (frame.rest) this.unheard = null;
    if (frame.scene !== this.wanted) void this.load(frame.scene, `/scenes/${frame.scene}/scene.glb`, '');
    return true;
  }

  private event(message: Exclude<EngineMessage, SceneFrame>): void {
    const here = (engine_s: number) => this.channel.clock.here_s(engine_s);
    if (message.type === 'stop') this.playback.stop();
    else if (message.type === 'scene') void this.load(message.name, message.asset, message.hash);
    else if (message.type === 'prompt') {
      const until_s = message.until_s === null || !this.channel.clock.known ? null : here(message.until_s);
      this.prompts.show(message, now(), until_s);
    } else if (message.type === 'pacer') {
      const start_s = message.pace && this.channel.clock.known ? here(message.pace.start_s) : now();
      this.breath.show(message.pace && { ...message.pace, start_s });
    } else if (message.type === 'error') console.warn(message.text);
  }

  private linked(link: Link): void {
    if (link === 'open') {
      this.renewed = true;
      if (!this.playback.ready) this.wanted = ''; // a scene that could not be loaded is tried again
      if (this.unheard) this.send({ type: 'stop', by: this.unheard });
    }
    this.say();
  }

  private async load(name: string, asset: string, hash: string): Promise<void> {
    const key = name;
    if (key === this.wanted) return;
    this.wanted = key;
    this.playback.ready = false;
    this.at.loadingText.textContent = WORDS.loading;
    this.at.loading.hidden = false;
    const began_s = now();
    try {
      await this.stage.loadScene(name, asset, hash, (share) => (this.at.bar.value = share));
      if (this.wanted !== key) return;
      this.hook.loaded_s = now() - began_s;
      this.playback.ready = true;
      this.at.loading.hidden = true;
    } catch (error) {
      this.at.loadingText.textContent = `The scene ${name} could not be loaded.`;
      this.problem(`The scene ${name} could not be loaded (${error}).`);
    }
  }

  private worn(worn: boolean): void {
    this.onWorn(this.headset.presenting);
    if (!worn) this.stop('headset');
    else this.hangPanel();
    this.send({ type: 'headset', worn });
  }

  // Everything that must go on without pictures: expiry, the fade, sound, words.
  private advance(): Picture {
    const t = now();
    this.picture = this.playback.update(t);
    const { rest, fade } = this.picture;
    this.sound.update(this.stage.player, fade);
    this.prompts.update(t);
    if (!rest) times.restFrame = times.restPicture = NaN;
    this.say();
    return this.picture;
  }

  private draw(frame: XRFrame | undefined): void {
    const t = now();
    const by = this.held.update(this.headset.update(frame, t), t);
    if (by) this.stop(by);
    const picture = this.advance();
    this.stage.update(picture, t);
    this.breath.update(t, picture.fade > 0);
    this.panel.mesh.visible = this.headset.presenting && this.prompts.id !== null;
    if (this.headset.presenting) this.gaze(t);
    else {
      this.look.update();
      if (this.sharpness.update(t)) this.resize();
    }
    this.renderer.info.reset();
    this.renderer.render(this.stage.scene, this.camera);
    this.drawn += 1;
    if (this.drawn_s >= 0) this.between_ms.push((t - this.drawn_s) * 1000);
    this.drawn_s = t;
    if (this.between_ms.length > 120) this.between_ms.shift();
    this.draw_ms.push((now() - t) * 1000);
    if (this.draw_ms.length > 120) this.draw_ms.shift();
    this.shown(picture);
  }

  private shown(picture: Picture): void {
    times.shown = now();
    if (picture.rest && !(times.restFrame >= 0)) times.restFrame = times.shown;
    if (picture.fade === 1 && !(times.restPicture >= 0)) times.restPicture = times.shown;
    const seq = this.frame?.seq ?? -1;
    if (!this.frame || (seq === this.acked.seq && picture.rest === this.acked.rest)) return;
    this.acked = { seq, rest: picture.rest };
    this.send({ type: 'ack', seq, shown_s: times.shown, rest: picture.rest });
  }

  private gaze(t: number): void {
    const eye = this.renderer.xr.getCamera();
    const origin = new THREE.Vector3().setFromMatrixPosition(eye.matrixWorld);
    this.panel.look(origin, new THREE.Vector3(0, 0, -1).transformDirection(eye.matrixWorld), t);
  }

  // The board hangs where the patient looks now.
  private hangPanel(): void {
    const eye = this.headset.presenting ? this.renderer.xr.getCamera() : this.camera;
    const local = this.stage.rig.worldToLocal(new THREE.Vector3().setFromMatrixPosition(eye.matrixWorld));
    const turn = new THREE.Quaternion().setFromRotationMatrix(eye.matrixWorld);
    const rig = this.stage.rig.getWorldQuaternion(new THREE.Quaternion()).invert();
    this.panel.hang(local, new THREE.Euler().setFromQuaternion(rig.multiply(turn), 'YXZ').y);
  }

  private say(): void {
    const words = this.playback.ready || this.picture?.why !== 'waiting' ? WHY[this.picture?.why ?? 'waiting'] : '';
    if (this.at.status.textContent !== words) this.at.status.textContent = words;
  }

  private resize(): void {
    if (this.headset.presenting) return;
    const { clientWidth: w, clientHeight: h } = this.canvas;
    this.renderer.setPixelRatio(this.sharpness.ratio);
    this.renderer.setSize(w, h, false);
    this.camera.aspect = w / h;
    this.camera.updateProjectionMatrix();
  }

  /** `window.__adaptivevr`: read by tests, changes nothing. Times are of the page's own clock. */
  readonly hook = {
    loaded_s: NaN,
    times,
    now,
    state: () => ({
      link: this.channel.link,
      scene: this.stage.player?.manifest.name ?? null,
      ready: this.playback.ready,
      restReady: this.stage.restReady,
      showsRest: this.stage.showsRest,
      seq: this.frame?.seq ?? -1,
      acked: this.acked.seq,
      dropped: this.channel.dropped,
      drawn: this.drawn,
      rest: this.picture.rest,
      fade: this.picture.fade,
      why: this.picture.why,
      values: Object.fromEntries(this.picture.values),
      prompt: this.prompts.id,
      pacer: this.breath.group.visible,
      presenting: this.headset.presenting,
      eyes: this.renderer.xr.isPresenting ? this.renderer.xr.getCamera().cameras.length : 1,
      sharpness: this.sharpness.ratio,
      calls: this.renderer.info.render.calls,
      triangles: this.renderer.info.render.triangles,
      draw_ms: [...this.draw_ms],
      between_ms: [...this.between_ms],
      clock_error_s: this.channel.clock.error_s,
    }),
  };
}
