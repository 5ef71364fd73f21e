// The two scenes a patient may be in, the one the engine plays and the dim rest scene, and the way between.

import * as THREE from 'three';
import { type GLTF, GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';

import { type Manifest, Player } from './player';
import type { Picture } from './playback';

const REST_SCENE = 'safe_room';
const REST_DIM = 0.5; // the rest picture is dimmer than anything a scene shows
const VEIL = new THREE.Color(0.075, 0.07, 0.085); // on screen: dim, never white

export class Stage {
  readonly scene = new THREE.Scene();
  readonly rig = new THREE.Group(); // stands on the node `viewer` of the scene that is shown
  readonly veil = new THREE.Vector4(VEIL.r, VEIL.g, VEIL.b, 0);
  player: Player | null = null;
  restReady = false;
  loaded = { s: NaN, compiled_s: NaN }; // how long the last scene took, and its shaders on top of that
  private rest: Player;
  private readonly loader = new GLTFLoader();
  private last_s = 0;

  constructor(private readonly renderer: THREE.WebGLRenderer, private readonly camera: THREE.Camera) {
    this.rest = plainRest(this.veil);
    this.scene.add(this.rest.root);
    this.show(this.rest);
  }

  /** The rest scene first: it must be there before anything that may have to be left. */
  async loadRest(): Promise<void> {
    const player = await this.load(`/scenes/${REST_SCENE}/scene.json`, `/scenes/${REST_SCENE}/scene.glb`, '', () => {}, REST_DIM);
    this.scene.add(player.root);
    await this.compile(player);
    this.scene.remove(this.rest.root);
    this.rest = player;
    this.restReady = true;
    if (this.shown !== this.player) this.show(player);
  }

  /** Has a scene ready to be shown; the one before it is let go. */
  async loadScene(name: string, asset: string, hash: string, progress: (share: number) => void): Promise<Manifest> {
    const began_ms = performance.now();
    const player = await this.load(`/scenes/${name}/scene.json`, asset, hash, progress);
    player.root.visible = false;
    this.scene.add(player.root);
    const there_ms = performance.now();
    await this.compile(player);
    this.loaded = { s: (there_ms - began_ms) / 1000, compiled_s: (performance.now() - there_ms) / 1000 };
    const before = this.player;
    if (before) {
      if (this.shown === before) this.show(this.rest);
      this.scene.remove(before.root);
      before.dispose();
    }
    this.player = player;
    return player.manifest;
  }

  /** Chooses the scene for a picture; true if it is another than before. */
  choose(picture: Picture): boolean {
    const wanted = this.player && picture.fade < 0.5 ? this.player : this.rest;
    if (wanted === this.shown) return false;
    this.show(wanted);
    return true;
  }

  /** Puts up the picture; in a headset a veil in the shaders does the fade. */
  update(picture: Picture, now_s: number, veiled: boolean, moving: number): void {
    const dt_s = Math.min(0.1, Math.max(0, now_s - this.last_s));
    this.last_s = now_s;
    this.veil.w = veiled ? this.cover(picture) : 0;
    this.shown!.apply(this.showsRest ? new Map() : picture.values, now_s, dt_s, moving);
  }

  /** How far the way between two scenes is covered: half of a fade dims the one, half brings up the other. */
  cover(picture: Picture): number {
    if (!this.player) return 0;
    return picture.fade < 0.5 ? picture.fade * 2 : (1 - picture.fade) * 2;
  }

  /** The scene that is shown now. */
  get seen(): Player {
    return this.shown!;
  }

  get showsRest(): boolean {
    return this.shown === this.rest;
  }

  private shown: Player | null = null;

  private show(player: Player): void {
    if (this.shown) this.shown.root.visible = false;
    player.root.visible = true;
    player.viewer.add(this.rig);
    this.shown = player;
  }

  private async load(manifestUrl: string, asset: string, hash: string, progress: (share: number) => void, dim = 1): Promise<Player> {
    const answer = await fetch(manifestUrl);
    if (!answer.ok) throw new Error(`expected ${manifestUrl}, got ${answer.status}`);
    const manifest = (await answer.json()) as Manifest;
    const url = hash ? `${asset}?h=${encodeURIComponent(hash)}` : asset;
    const gltf = await this.loader.loadAsync(url, (e) => progress(e.total > 0 ? e.loaded / e.total : 0));
    return new Player(gltf, manifest, this.veil, Math.min(4, this.renderer.capabilities.getMaxAnisotropy()), dim);
  }

  // Shaders are compiled before the scene is shown, so that the first look does not stutter.
  private async compile(player: Player): Promise<void> {
    const was = player.root.visible;
    player.root.visible = true;
    await this.renderer.compileAsync(player.root, this.camera, this.scene);
    player.root.visible = was;
  }
}

/** Dusk over a plain: the rest scene until the real one is there, or when it cannot be had. */
function plainRest(veil: THREE.Vector4): Player {
  const group = new THREE.Group();
  group.userData = { exposure: 1, fog: [0.02, 0.05, 0, 0.95] };
  const gltf = { scene: group, animations: [] } as unknown as GLTF;
  const manifest: Manifest = { name: 'rest', title: 'Rest', asset: '', hash: '', sounds: {}, parameters: {} };
  const material = (kind: string) => Object.assign(new THREE.Material(), { userData: { kind } });
  const dome = new THREE.Mesh(new THREE.SphereGeometry(900, 24, 16), material('sky'));
  const ground = new THREE.CircleGeometry(400, 48).rotateX(-Math.PI / 2);
  ground.setAttribute('color', new THREE.BufferAttribute(
    Float32Array.from({ length: ground.getAttribute('position').count * 4 }, (_, i) => [0.05, 0.045, 0.05, 0][i % 4]!), 4));
  group.add(dome, new THREE.Mesh(ground, material('baked')));
  return new Player(gltf, manifest, veil, 1);
}
