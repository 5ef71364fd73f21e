// One patient's view of a session: ties the link, the playback, the stage and the ways to stop together.

import * as THREE from 'three';
import { version } from '../../package.json';
import { Breath } from './breath';
import { Channel, type Link } from './channel';
import { Collecting } from './collect';
import { Locomotion, Vignette } from './comfort';
import type { ClientMessage, EngineMessage, SceneFrame, StopBy } from './contract';
import { Cues } from './cues';
import { Drawing } from './drawing';
import { Eye } from './eye';
import { FlashWatch } from './flash';
import { type Joints, Hands, led, mirrored, pointed } from './hands';
import { Look } from './look';
import { Panel } from './panel';
import type { Places } from './places';
import { type Picture, Playback } from './playback';
import { drawn, linked } from './probe';
import { Prompts } from './prompts';
import type { Settings } from './settings';
import { Sound } from './sound';
import { Stage } from './stage';
import { HeldStop } from './stop';
import { say, sayWhy, wishes } from './words';
import { Headset } from './xr';

const now = () => performance.now() / 1000;
const PULSE_MS = 50; // pictures stop in a hidden tab; the dead-man must not
const STANDING_M = 1.6; // the height of the eyes that scenes are made for

/** Moments on the page's own clock, in seconds; NaN: not yet. */
const times = { accepted: NaN, frameOf: NaN, heard: NaN, stop: NaN, restFrame: NaN, restPicture: NaN, shown: NaN };

export class Session {
  readonly sound = new Sound();
  readonly headset: Headset;
  onWorn: (worn: boolean) => void = () => {};
  readonly drawing: Drawing;
  readonly stage: Stage;
  plain: THREE.Scene | null = null; // drawn instead, for measurements
  private readonly eye: Eye;
  private readonly look: Look;
  private readonly panel = new Panel();
  private readonly badge = new Panel(); // what was found so far, and how far a scene is loaded
  private readonly breath = new Breath();
  private readonly vignette = new Vignette();
  private readonly locomotion = new Locomotion();
  private readonly collecting = new Collecting();
  private readonly prompts: Prompts;
  private readonly playback = new Playback();
  private readonly held = new HeldStop();
  private readonly flashes = new FlashWatch();
  private readonly channel: Channel;
  private readonly cues = new Cues((name) => this.cue(name), (m) => this.send(m));
  private hands: Hands | null = null;
  private picture: Picture;
  private frame: SceneFrame | null = null;
  private wanted = '';
  private acked = { seq: -1, rest: false };
  private pictures = 0; // drawn of the scene that is shown now
  private steady = false; // one of them is whole
  private renewed = false; // a new link has not yet brought a good frame
  private unheard: StopBy | null = null; // a stop of ours until the engine is seen to rest
  private worn_s = NaN; // since when the headset is worn and not yet centred
  private last_s = 0;

  constructor(canvas: HTMLCanvasElement, private readonly at: Places, private readonly settings: Settings) {
    this.drawing = new Drawing(canvas, at.curtain);
    const { camera, renderer } = this.drawing;
    this.stage = new Stage(renderer, camera);
    this.eye = new Eye(this.drawing, this.stage.rig, () => this.headset.presenting);
    this.stage.rig.add(camera, this.panel.mesh, this.badge.mesh, this.breath.group);
    camera.add(this.vignette.mesh);
    this.stage.scene.add(this.collecting.ring);
    this.look = new Look(camera, canvas, location.search);
    this.prompts = new Prompts(at.prompt, this.panel, (m) => this.send(m), () => this.eye.hang(this.panel), this.collectable());
    this.headset = new Headset(renderer, this.stage.rig, {
      change: (worn) => this.worn(worn),
      press: (origin, direction) => this.press(origin, direction),
      send: (m) => this.send(m),
    });
    this.stage.rig.add(this.headset.pointers);
    this.look.tapped = (origin, direction) => this.press(origin, direction);
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
    this.drawing.resize();
    window.addEventListener('resize', () => this.drawing.resize());
    this.channel.start();
    this.stage.loadRest().catch((e) => this.problem(`The rest scene could not be loaded (${e}); a plain one stands in.`));
    setInterval(() => this.advance(), PULSE_MS);
    this.drawing.begin((frame) => this.draw(frame), () => this.picture.rest); // the way to rest waits for nothing
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
    this.rest();
    this.unheard = by;
    this.send({ type: 'stop', by });
  }

  recenter(): void {
    if (this.headset.presenting) this.headset.recenter(this.settings.seated ? STANDING_M : null);
    else this.look.recenter();
  }

  /** For pictures without a session: a scene and what it brings. */
  async show(name: string, asset: string): Promise<void> {
    await this.stage.loadScene(name, asset, '', () => {});
    this.settle();
  }

  /** For a picture without a session: the eye of a flat screen where it looks from, and hands at rest. */
  pose(): void {
    this.look.update();
    if (this.hands) this.hold(false, false);
  }

  /** At rest from now on, whatever frames say: the curtain begins to fall before this returns. */
  private rest(): void {
    this.playback.stop();
    if (!this.picture.rest) times.stop = now(); // not again when the engine has heard of it
    this.advance();
  }

  private hello(): ClientMessage {
    return { type: 'hello', renderer: 'webxr', version, languages: wishes(), hands: this.headset.hands, refresh_hz: this.headset.refresh_hz };
  }

  private take(frame: SceneFrame, here_s: number): boolean {
    // On a new link the engine may count from 0 again; what is shown stays until a frame of it is good.
    if (this.renewed && now() - here_s <= frame.valid_for_s) {
      this.playback.forget();
      this.renewed = false;
    }
    if (!this.playback.receive({ ...frame, time_s: here_s }, now())) return false;
    const rests = frame.rest && !this.frame?.rest;
    this.frame = frame;
    times.accepted = now();
    times.frameOf = here_s;
    if (frame.rest) this.unheard = null;
    if (rests) {
      times.heard = now();
      this.advance(); // rest does not wait for the next picture
    }
    if (frame.scene !== this.wanted) void this.load(frame.scene, `/scenes/${frame.scene}/scene.glb`, '');
    return true;
  }

  private event(message: Exclude<EngineMessage, SceneFrame>): void {
    const here = (engine_s: number) => this.channel.clock.here_s(engine_s);
    if (message.type === 'stop') {
      times.heard = now();
      this.rest();
    } else if (message.type === 'scene') void this.load(message.name, message.asset, message.hash);
    else if (message.type === 'prompt') {
      const until_s = message.until_s === null || !this.channel.clock.known ? null : here(message.until_s);
      this.prompts.show(message, now(), until_s);
    } else if (message.type === 'pacer') {
      const start_s = message.pace && this.channel.clock.known ? here(message.pace.start_s) : now();
      this.breath.show(message.pace && { ...message.pace, start_s });
    } else if (message.type === 'cue') {
      this.cues.take(message.id, message.name, this.channel.clock.known ? here(message.at_s) : null);
    } else if (message.type === 'error') console.warn(message.text);
  }

  /** A cue of the scene, unless it rests; whether it came. */
  private cue(name: string): boolean {
    const player = this.stage.player;
    if (!player || this.picture.rest) return false;
    player.cue(name, now());
    const cue = player.manifest.cues?.[name];
    if (!cue) this.problem(`The scene ${player.manifest.name} has no cue ${name}.`);
    else if (cue.sound) void this.sound.once(player, cue.sound, cue.loudness, cue.at ? player.node(cue.at) : null);
    this.hook.cues.push(name);
    return cue !== undefined;
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
    if (name === this.wanted) return;
    this.wanted = name;
    this.playback.ready = false;
    this.at.loadingText.textContent = say('loading');
    this.at.loading.hidden = false;
    try {
      await this.stage.loadScene(name, asset, hash, (share) => this.progress(share));
      if (this.wanted !== name) return;
      this.settle();
      this.playback.ready = true;
      this.at.loading.hidden = true;
    } catch (error) {
      this.at.loadingText.textContent = say('scene_missing');
      this.problem(`The scene ${name} could not be loaded (${error}).`);
    }
  }

  private progress(share: number): void {
    this.at.bar.value = share;
    if (this.headset.presenting) this.badge.show({ text: say('loading'), progress: share });
  }

  // What a new scene brings besides its picture: things to collect, hands.
  private settle(): void {
    const player = this.stage.player!;
    this.badge.hide();
    this.flashes.forget();
    this.collecting.take(player.nodesNamed('collect'));
    if (this.hands) this.stage.rig.remove(this.hands.group);
    this.hands = player.node('hands') ? new Hands(player.light) : null;
    if (this.hands) this.stage.rig.add(this.hands.group);
  }

  private collectable() {
    const things = this.collecting;
    return { get any() { return things.any; }, begin: () => things.begin(...this.eye.ray()), end: () => things.end() };
  }

  private worn(worn: boolean): void {
    this.onWorn(this.headset.presenting);
    this.worn_s = worn ? now() : NaN;
    if (!worn) this.stop('headset');
    else this.eye.hang(this.panel);
    this.send({ type: 'headset', worn });
  }

  // Everything that must go on without pictures: expiry, the fade, sound, words.
  private advance(): Picture {
    const t = now();
    this.picture = this.playback.update(t);
    const { rest, fade } = this.picture;
    if (rest) this.hush();
    else times.restFrame = times.restPicture = NaN;
    this.cover();
    this.sound.update(this.stage.player, fade, this.eye.camera);
    this.prompts.update(t);
    this.say();
    return this.picture;
  }

  // At rest no cue goes on, and none that waits comes.
  private hush(): void {
    this.cues.hush();
    this.sound.hush();
    this.stage.player?.hush();
  }

  // On a flat screen the curtain does the fade, and hides a scene until it has been drawn once.
  private cover(): void {
    const cover = this.steady ? this.stage.cover(this.picture) : 1;
    this.drawing.cover(this.headset.presenting || !this.stage.player ? 0 : cover);
  }

  private draw(frame: XRFrame | undefined): void {
    const t = now();
    const dt_s = Math.min(0.1, t - this.last_s);
    this.last_s = t;
    const by = this.held.update(this.headset.update(frame, t), t);
    if (by) this.stop(by);
    const picture = this.advance();
    const worn = this.headset.presenting;
    if (this.stage.choose(picture)) {
      this.pictures = 0;
      this.vignette.jump();
      this.drawing.sharpness.change(this.stage.seen);
    }
    const free = worn || this.drawing.free;
    this.steady = this.pictures > 0 && (free || this.steady);
    this.cover();
    // Under a falling curtain the last picture of the scene stays as it is.
    const leaving = !worn && picture.rest && !this.stage.showsRest;
    if (leaving) this.drawing.rest();
    else if (this.plain) this.drawing.draw(this.plain, t);
    else if (free) this.paint(picture, t, dt_s, worn);
    if (free || picture.rest) this.shown(picture);
  }

  private paint(picture: Picture, t: number, dt_s: number, worn: boolean): void {
    const { drawing, stage } = this;
    drawing.fit(t, picture.rest && picture.fade < 1, worn);
    const moving = this.locomotion.update(t, dt_s, worn, this.headset.refresh_hz);
    stage.update(picture, t, worn, moving);
    this.vignette.update(stage.rig, dt_s, worn && this.settings.vignette && !picture.rest);
    this.breath.update(t, picture.fade > 0);
    if (worn && this.worn_s >= 0 && t - this.worn_s > 0.3) {
      this.worn_s = NaN;
      this.recenter();
    }
    if (!worn) this.look.update();
    this.feel(picture, t, worn);
    drawing.draw(stage.scene, t);
    this.pictures += 1;
    if (!picture.rest && stage.player && this.flashes.update(t, stage.player.shine(picture.values))) {
      this.problem('More flashes were commanded than anybody may be shown; the scene rests.');
      this.stop('flash');
    }
  }

  // What is looked at, pointed at and held.
  private feel(picture: Picture, t: number, worn: boolean): void {
    const [eye, ahead] = this.eye.ray();
    this.panel.mesh.visible = worn && this.prompts.id !== null;
    this.headset.pointers.visible &&= this.panel.mesh.visible || this.collecting.ring.visible;
    if (worn && this.settings.dwell) this.panel.look(eye, ahead, t);
    if (worn && this.hands) this.panel.poke(this.hands.tips);
    if (!picture.rest && this.collecting.update(eye, ahead, t)) this.found(t);
    this.badge.mesh.visible = worn && (this.collecting.score > 0 || !this.playback.ready);
    if (this.hands) this.hold(worn, picture.rest);
  }

  private hold(worn: boolean, rest: boolean): void {
    const side = this.settings.intactLeft ? 'left' : 'right';
    const over = this.stage.rig.worldToLocal(this.stage.player!.node('hands')!.getWorldPosition(new THREE.Vector3()));
    const way = this.headset.tracked.get(side) ?? (worn ? undefined : pointed(this.look.x, this.look.y, this.look.pressed ? 0.85 : 0.15, this.settings.intactLeft, over));
    const intact: Joints | undefined = way && (way instanceof Map ? way : led(way, this.settings.intactLeft));
    this.hands!.show(rest || !intact ? [] : [intact, mirrored(intact)]);
    this.hands!.tips = !worn || !intact ? [] : [this.stage.rig.localToWorld((intact.get('index-finger-tip') ?? new THREE.Vector3()).clone())];
  }

  private press(origin: THREE.Vector3, direction: THREE.Vector3): void {
    if (this.headset.presenting && this.panel.press(origin, direction)) return;
    const t = now();
    if (!this.picture.rest && this.collecting.press(origin, direction, t)) this.found(t);
  }

  private found(t: number): void {
    this.prompts.found(t);
    const words = `${say('score')}: ${this.collecting.score}`;
    this.at.score.textContent = words;
    this.at.score.hidden = false;
    this.badge.show({ text: words });
    this.eye.hang(this.badge, -0.75, -0.55, 0.4);
  }

  private shown(picture: Picture): void {
    times.shown = now();
    if (picture.rest && !(times.restFrame >= 0)) times.restFrame = times.shown;
    if (picture.fade === 1 && this.steady && this.stage.showsRest && !(times.restPicture >= 0)) times.restPicture = times.shown;
    const seq = this.frame?.seq ?? -1;
    if (!this.frame || (seq === this.acked.seq && picture.rest === this.acked.rest)) return;
    this.acked = { seq, rest: picture.rest };
    this.send({ type: 'ack', seq, shown_s: times.shown, rest: picture.rest });
  }

  private say(): void {
    const words = this.playback.ready || this.picture?.why !== 'waiting' ? sayWhy(this.picture?.why ?? 'waiting') : '';
    if (this.at.status.textContent !== words) this.at.status.textContent = words;
  }

  /** `window.__adaptivevr`: read by tests, changes nothing. Times are of the page's own clock. */
  readonly hook = {
    loaded: () => this.stage.loaded,
    cues: [] as string[],
    times,
    now,
    state: () => ({
      seq: this.frame?.seq ?? -1,
      acked: this.acked.seq,
      steady: this.steady,
      prompt: this.prompts.id,
      pacer: this.breath.group.visible,
      vignette: this.vignette.amount,
      locomotion: this.locomotion.share,
      hands: this.hands?.group.visible ?? false,
      ...linked(this.channel, this.playback, this.picture),
      ...drawn(this.drawing, this.stage, this.sound, this.collecting, this.headset),
    }),
  };
}
