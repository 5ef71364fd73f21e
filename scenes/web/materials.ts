// The shader family: every material of an asset is played by the kind in its extras, one GLSL for all renderers.

import * as THREE from 'three';
import baked from '../shading/baked.glsl?raw';
import facade from '../shading/facade.glsl?raw';
import glass from '../shading/glass.glsl?raw';
import glow from '../shading/glow.glsl?raw';
import light from '../shading/light.glsl?raw';
import sand from '../shading/sand.glsl?raw';
import shadow from '../shading/shadow.glsl?raw';
import sky from '../shading/sky.glsl?raw';
import surface from '../shading/surface.vert.glsl?raw';
import water from '../shading/water.glsl?raw';
import waterSurface from '../shading/water.vert.glsl?raw';

const FRAGMENT = { baked, foliage: baked, sand, sky, water, facade, glass, glow, shadow };
export type Kind = keyof typeof FRAGMENT;

// What this renderer puts before the shared text: here three's morph targets as `moved`.
const PROLOGUE = `
#include <morphtarget_pars_vertex>
vec3 moved(vec3 position) {
  vec3 transformed = position;
  #include <morphtarget_vertex>
  return transformed;
}
`;
// Blended things are drawn after the dome, in this order.
const ORDER: Partial<Record<Kind, number>> = { sky: 50, shadow: 55, water: 60, glass: 70, glow: 70 };

type Triple = [number, number, number];
export interface SceneExtras {
  sky?: Record<string, Triple | number>;
  exposure?: number;
  fog?: [number, number, number, number];
}

const DUSK: Record<string, Triple> = {
  zenith: [0.05, 0.06, 0.1], mid: [0.12, 0.12, 0.17], near: [0.3, 0.22, 0.18], away: [0.16, 0.14, 0.18],
  glow: [0.1, 0.06, 0.03], sun: [-0.55, 0.2, -0.81], sunlight: [0.4, 0.3, 0.2],
  cloud_lit: [1, 0.9, 0.8], cloud_dark: [0.4, 0.38, 0.5], deep: [0, 0.02, 0.03], shallow: [0.1, 0.3, 0.28],
  lamp: [1, 0.6, 0.25],
};

/** The light of one scene: what all its materials share, and the channels that move it. */
export class Light {
  readonly uniforms: Record<string, THREE.IUniform>;
  private readonly density: number;
  private readonly exposure: number;
  private readonly glow: THREE.Vector3;
  private readonly sunlight: THREE.Vector3;

  constructor(extras: SceneExtras, veil: THREE.Vector4, dim = 1) {
    const told = { ...DUSK, ...extras.sky } as Record<string, Triple>;
    const v = (name: string) => new THREE.Vector3(...(told[name] ?? [0, 0, 0]));
    const fog = extras.fog ?? [0.002, 0.02, 0, 0.9];
    this.density = fog[0];
    this.exposure = (extras.exposure ?? 1) * dim;
    this.glow = v('glow');
    this.sunlight = v('sunlight');
    const values: Record<string, unknown> = {
      uZenith: v('zenith'), uMid: v('mid'), uNear: v('near'), uAway: v('away'), uGlow: v('glow'),
      uSun: v('sun').normalize(), uSunlight: v('sunlight'), uCloudLit: v('cloud_lit'), uCloudDark: v('cloud_dark'),
      uDeep: v('deep'), uShallow: v('shallow'), uLamp: v('lamp'),
      uGrade: new THREE.Vector3(1, 1, 1), uFog: new THREE.Vector4(...fog), uVeil: veil,
      uTime: 0, uWind: 0.25, uExposure: this.exposure, uLoad: 0, uCalm: 0.5, uCloud: 1,
    };
    this.uniforms = Object.fromEntries(Object.entries(values).map(([k, value]) => [k, { value }]));
  }

  /** Sets one channel of the closed list (scenes/parameter.py); false if it is not one of light. */
  set(channel: string, x: number): boolean {
    const u = this.uniforms;
    switch (channel) {
      case 'fog': u.uFog!.value.x = this.density * x; return true;
      case 'sun':
        u.uGlow!.value.copy(this.glow).multiplyScalar(x);
        u.uSunlight!.value.copy(this.sunlight).multiplyScalar(x);
        return true;
      case 'sky': u.uCloud!.value = x; return true;
      case 'water': u.uLoad!.value = x; return true;
      case 'calm': u.uCalm!.value = x; return true;
      case 'wind': u.uWind!.value = x; return true;
      case 'warmth': u.uGrade!.value.set(1 + (x - 0.5) * 0.22, 1, 1 - (x - 0.5) * 0.25); return true;
      case 'exposure': u.uExposure!.value = this.exposure * x; return true;
      default: return false;
    }
  }

  set time_s(t: number) {
    this.uniforms.uTime!.value = t;
  }
}

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && kind in FRAGMENT;

/** The material that plays what the asset says; `uGain` is its own, for emissive.* and light.*. */
export function materialFor(source: THREE.Material, lit: Light, anisotropy: number): THREE.ShaderMaterial {
  const kind: Kind = isKind(source.userData.kind) ? source.userData.kind : 'baked';
  const { map = null, emissiveMap: detail = null } = source as THREE.MeshStandardMaterial;
  for (const texture of [map, detail]) if (texture) asData(texture, kind, anisotropy);
  const defines: Record<string, number> = {};
  if (kind === 'foliage') defines.SWAY = 1;
  if (map) defines.MAP = 1;
  const blended = kind === 'water' || kind === 'glass' || kind === 'shadow' || kind === 'glow';
  const material = new THREE.ShaderMaterial({
    name: source.name,
    uniforms: { ...lit.uniforms, uMap: { value: map }, uDetail: { value: detail }, uGain: { value: 1 } },
    vertexShader: PROLOGUE + (kind === 'water' ? waterSurface : surface),
    fragmentShader: light + FRAGMENT[kind],
    side: kind === 'sky' ? THREE.BackSide : source.side,
    transparent: blended,
    depthWrite: !blended && kind !== 'sky',
    blending: kind === 'glow' ? THREE.AdditiveBlending : THREE.NormalBlending,
    defines,
  });
  material.userData = { kind };
  return material;
}

/** Where a mesh of this material stands in the order of drawing, and whether it may be culled. */
export function place(mesh: THREE.Mesh, kind: Kind): void {
  mesh.renderOrder = ORDER[kind] ?? 0;
  mesh.frustumCulled = kind !== 'sky' && kind !== 'water'; // their shaders move them out of their bounds
}

// Our shaders decode and encode themselves: no texture may be decoded by the loader.
function asData(texture: THREE.Texture, kind: Kind, anisotropy: number): void {
  texture.colorSpace = THREE.NoColorSpace;
  texture.anisotropy = anisotropy;
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  if (kind === 'sky') {
    texture.wrapT = THREE.ClampToEdgeWrapping;
    texture.generateMipmaps = false;
    texture.minFilter = THREE.LinearFilter;
  }
  texture.needsUpdate = true;
}
