// Light for meshes that bring none: sun and sky by the way each point faces, without shadows. Assets of
// the library have their light baked; this is for what an author has not baked (docs/scenes.md).

import * as THREE from 'three';
import type { Light } from './materials';

const STORED = 1 / 1.6; // as scenes/art/bake.py stores light, so that sunlit white fits

/** Writes COLOR_0 for a geometry of one plain colour (linear light). */
export function daylight(geometry: THREE.BufferGeometry, colour: THREE.Color | undefined, light: Light): void {
  const count = geometry.getAttribute('position').count;
  const normal = geometry.getAttribute('normal');
  const u = light.uniforms;
  const [sun, sunlight, up, level] = [u.uSun!, u.uSunlight!, u.uZenith!, u.uMid!].map((x) => x.value as THREE.Vector3) as [THREE.Vector3, THREE.Vector3, THREE.Vector3, THREE.Vector3];
  const plain = colour ?? new THREE.Color(1, 1, 1);
  const n = new THREE.Vector3(0, 1, 0);
  const out = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) {
    if (normal) n.fromBufferAttribute(normal, i);
    const direct = Math.max(0, n.dot(sun));
    const high = 0.5 + 0.5 * n.y;
    const lit = (axis: 'x' | 'y' | 'z') => direct * sunlight[axis] + high * (0.5 * up[axis] + 0.5 * level[axis]) + 0.18;
    out.set([plain.r * lit('x'), plain.g * lit('y'), plain.b * lit('z')].map((v) => v * STORED), i * 4);
    out[i * 4 + 3] = 0;
  }
  geometry.setAttribute('color', new THREE.BufferAttribute(out, 4));
}
