// Plays one scene: its asset's clips are sampled, never played, and its channels set, from parameter values.

import * as THREE from 'three';
import type { GLTF } from 'three/addons/loaders/GLTFLoader.js';
import { Clip } from './clip';
import { daylight } from './daylight';
import { type Kind, Light, materialFor, place, type SceneExtras } from './materials';
import { fraction } from './playback';

/** `scene.json`: what a renderer must know besides the asset. */
export interface Manifest {
  name: string;
  title: string;
  asset: string;
  hash: string;
  sounds: Record<string, number>;
  places?: Record<string, string>;
  look?: SceneExtras;
  cues?: Record<string, { title: string; sound: string; loudness: number; at: string }>;
  parameters: Record<string, Parameter>;
}

export interface Parameter {
  role: string;
  unit: string;
  rest: number;
  full: number;
  photometric?: number;
  channels: Record<string, [number, number]>;
}

export class Player {
  readonly root: THREE.Group;
  readonly viewer: THREE.Object3D;
  readonly light: Light;
  readonly loudness: Record<string, number>;
  private readonly clips = new Map<string, Clip>();
  private readonly idle: Clip[] = [];
  readonly cueing = new Map<string, { clip: Clip; began_s: number }>();
  private readonly nodes = new Map<string, THREE.Object3D>();
  private readonly crowd: { mesh: THREE.InstancedMesh; full: number }[] = [];
  private readonly gains = new Map<string, THREE.IUniform[]>();
  private readonly shown = new Map<string, number>(); // how far each parameter stands in the picture
  private speed_m_s = 0;
  private gone_m = 0;

  constructor(gltf: GLTF, readonly manifest: Manifest, veil: THREE.Vector4, anisotropy: number, dim = 1) {
    this.root = gltf.scene;
    // three takes dots and spaces out of names; an author's own name is kept beside.
    this.root.traverse((o) => this.nodes.set(String(o.userData.name ?? o.name), o));
    this.viewer = this.node('viewer') ?? this.root;
    this.light = new Light(looked(this.root.userData, manifest.look), veil, dim);
    this.loudness = { ...manifest.sounds };
    this.dress(anisotropy);
    // Nothing moves by itself: three would put every matrix together anew for every picture.
    this.root.traverse((o) => {
      o.updateMatrix();
      o.matrixAutoUpdate = false;
    });
    for (const clip of gltf.animations) this.take(clip);
    this.apply(new Map(), 0, 0);
  }

  /** A node by the name its author gave it. */
  node(name: string): THREE.Object3D | null {
    return this.nodes.get(name) ?? this.root.getObjectByName(name) ?? null;
  }

  /** Nodes whose names begin so, without what hangs below them. */
  nodesNamed(start: string): THREE.Object3D[] {
    const found = [...this.nodes].filter(([name]) => name.startsWith(start)).map(([, node]) => node);
    return found.filter((node) => !found.includes(node.parent!));
  }

  /** Names of the loops: what plays from the start, and what a channel may turn up. */
  get loops(): string[] {
    return Object.keys(this.loudness);
  }

  /** How far each parameter that shines has travelled, times its photometric bound. */
  shine(values: ReadonlyMap<string, number>): Map<string, number> {
    const shares = new Map<string, number>();
    for (const [name, p] of Object.entries(this.manifest.parameters)) {
      if (p.photometric) shares.set(name, p.photometric * fraction(values.get(name) ?? p.rest, p.rest, p.full));
    }
    return shares;
  }

  /** Begins the clip of a cue; a cue that still plays begins anew. */
  cue(name: string, now_s: number): void {
    const clip = this.clips.get(`cue.${name}`);
    if (clip) this.cueing.set(name, { clip, began_s: now_s });
  }

  /** Ends all cues: at rest nothing goes on. */
  hush(): void {
    for (const { clip } of this.cueing.values()) clip.hold(clip.first_s);
    this.cueing.clear();
  }

  /** Shows parameter values (each in its own unit; what is not told stays at rest) at a time. */
  apply(values: ReadonlyMap<string, number>, time_s: number, dt_s: number, moving = 1): void {
    this.light.time_s = time_s;
    for (const [name, p] of Object.entries(this.manifest.parameters)) {
      const f = fraction(values.get(name) ?? p.rest, p.rest, p.full);
      if (this.shown.get(name) === f) continue;
      this.shown.set(name, f);
      this.clips.get(name)?.at(f);
      for (const [channel, [rest, full]] of Object.entries(p.channels)) this.set(channel, rest + f * (full - rest));
    }
    for (const c of this.idle) c.hold(c.first_s + (time_s % Math.max(1e-3, c.last_s - c.first_s)));
    for (const [name, { clip, began_s }] of this.cueing) {
      const at_s = clip.first_s + time_s - began_s;
      clip.hold(at_s < clip.last_s ? at_s : clip.first_s);
      if (at_s >= clip.last_s) this.cueing.delete(name);
    }
    this.move(dt_s * moving);
  }

  dispose(): void {
    this.root.traverse((o) => {
      if (!(o instanceof THREE.Mesh)) return;
      o.geometry.dispose();
      const material = o.material as THREE.ShaderMaterial;
      for (const name of ['uMap', 'uDetail']) (material.uniforms[name]?.value as THREE.Texture | null)?.dispose();
      material.dispose();
    });
  }

  private set(channel: string, x: number): void {
    if (this.light.set(channel, x)) return;
    const dot = channel.indexOf('.');
    const [head, tail] = dot < 0 ? [channel, ''] : [channel.slice(0, dot), channel.slice(dot + 1)];
    if (head === 'sound') this.loudness[tail] = x;
    else if (head === 'speed') this.speed_m_s = x;
    else if (head === 'crowd') for (const c of this.crowd) c.mesh.count = Math.round(c.full * x);
    else if (head === 'show') {
      const node = this.node(tail);
      if (node) node.visible = x >= 0.5;
    } else for (const gain of this.gains.get(channel) ?? []) gain.value = x;
  }

  // Along the scene's path at the commanded speed: clip `path`, as long as the scene's extras say.
  private move(dt_s: number): void {
    const path = this.clips.get('path');
    const length_m = Number(this.root.userData.path_m);
    if (!path || !(length_m > 0)) return;
    this.gone_m = (this.gone_m + this.speed_m_s * dt_s) % length_m;
    path.at(this.gone_m / length_m);
  }

  private take(animation: THREE.AnimationClip): void {
    const clip = new Clip(this.root, animation);
    if (animation.name === 'idle' || animation.name.startsWith('idle.')) this.idle.push(clip);
    else this.clips.set(animation.name, clip);
  }

  private dress(anisotropy: number): void {
    const made = new Map<string, THREE.ShaderMaterial>();
    this.root.traverse((o) => {
      if (!(o instanceof THREE.Mesh)) return;
      const source = o.material as THREE.Material;
      const one = `${source.uuid} ${variant(o)}`;
      const dressed = made.get(one) ?? materialFor(source, this.light, anisotropy);
      made.set(one, dressed);
      const lamp = this.lampOf(o);
      o.material = lamp ? this.ownGain(dressed, `light.${lamp}`, true) : dressed;
      place(o, dressed.userData.kind as Kind);
      if (!o.geometry.getAttribute('color')) daylight(o.geometry, (source as THREE.MeshStandardMaterial).color, this.light);
      if (o instanceof THREE.InstancedMesh) this.gather(o);
    });
    for (const m of made.values()) this.ownGain(m, `emissive.${m.name}`);
  }

  // A node that a channel `light.<node>` names needs a brightness of its own.
  private lampOf(mesh: THREE.Mesh): string | undefined {
    const named = Object.values(this.manifest.parameters).flatMap((p) =>
      Object.keys(p.channels).filter((c) => c.startsWith('light.')).map((c) => c.slice(6)),
    );
    return named.find((name) => mesh.name === name || mesh.parent?.name === name);
  }

  private ownGain(material: THREE.ShaderMaterial, channel: string, copy = false): THREE.ShaderMaterial {
    const own = copy ? material.clone() : material;
    // A clone copies uniforms and textures; all but the gain must stay shared.
    if (copy) own.uniforms = { ...material.uniforms, uGain: { value: 1 } };
    this.gains.set(channel, [...(this.gains.get(channel) ?? []), own.uniforms.uGain!]);
    return own;
  }

  private gather(mesh: THREE.InstancedMesh): void {
    mesh.computeBoundingSphere(); // at its full count: three never does it again
    const named = (o: THREE.Object3D | null) => !!o && o.name.startsWith('crowd');
    if (named(mesh) || named(mesh.parent)) this.crowd.push({ mesh, full: mesh.count });
  }
}

/** Meshes that three compiles another program for: one material for both would change it at every draw. */
function variant(mesh: THREE.Mesh): string {
  const crowd = mesh instanceof THREE.InstancedMesh ? (mesh.instanceColor ? 'coloured' : 'many') : 'one';
  return `${crowd} ${mesh instanceof THREE.SkinnedMesh} ${mesh.geometry.morphAttributes.position?.length ?? 0}`;
}

/** What the asset's extras say of sky, light and air, and scene.toml in place of it. */
function looked(extras: SceneExtras, look: SceneExtras = {}): SceneExtras {
  return { ...extras, ...look, sky: { ...extras.sky, ...look.sky } };
}
