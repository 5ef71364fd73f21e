// Hands in a scene that asks for them (a node `hands`): the intact one as it is tracked, the other its
// mirror image across the middle of the body, in the same picture (gain 1, no delay of our own).
// Without tracking a controller or the pointer leads the wrist.

import * as THREE from 'three';
import { BONES, JOINTS, shape, thickness } from './finger';
import type { Light } from './materials';

const SKIN = [0.29, 0.155, 0.1] as const; // linear, as light/scenes store it
const REST: [number, number, number] = [0.17, 0.0, 0.0]; // where the led hand begins, from the node `hands`

export type Joints = ReadonlyMap<string, THREE.Vector3>;

/** The mirror image across x = 0: what the other side would do. */
export const mirrored = (joints: Joints): Map<string, THREE.Vector3> =>
  new Map([...joints].map(([name, p]) => [name, new THREE.Vector3(-p.x, p.y, p.z)]));

/** How a hand is led where no joints are tracked. */
export interface Led {
  matrix: THREE.Matrix4; // the wrist, in the room of the viewer
  curl: number;
}

export class Hands {
  readonly group = new THREE.Group();
  private readonly bones: THREE.InstancedMesh;
  private readonly balls: THREE.InstancedMesh;
  private readonly material: THREE.ShaderMaterial;
  private readonly made = new THREE.Matrix4();
  tips: THREE.Vector3[] = []; // index finger tips of tracked hands, in the room of the viewer

  constructor(light: Light) {
    this.material = new THREE.ShaderMaterial({
      uniforms: { uVeil: light.uniforms.uVeil!, uSkin: { value: new THREE.Vector3(...SKIN) }, uExposure: light.uniforms.uExposure! },
      vertexShader:
        'varying vec3 vNormal, vTo; void main() { vec4 p = modelMatrix * instanceMatrix * vec4(position, 1.);' +
        ' vNormal = mat3(modelMatrix) * mat3(instanceMatrix) * normal; vTo = cameraPosition - p.xyz; gl_Position = projectionMatrix * viewMatrix * p; }',
      fragmentShader:
        'varying vec3 vNormal, vTo; uniform vec3 uSkin; uniform vec4 uVeil; uniform float uExposure; void main() {' +
        ' vec3 n = normalize(vNormal), to = normalize(vTo); float up = .5 + .5 * n.y, edge = pow(1. - max(dot(n, to), 0.), 3.);' +
        ' vec3 c = uSkin * uExposure * (mix(vec3(.42, .36, .36), vec3(1.15, 1.08, 1.), up) + vec3(.5, .25, .18) * edge);' +
        ' c = mix(c * 12.92, 1.055 * pow(c, vec3(1. / 2.4)) - .055, step(.0031308, c));' +
        ' gl_FragColor = vec4(mix(clamp(c, 0., 1.), uVeil.rgb, uVeil.a), 1.); }',
    });
    const bone = new THREE.CylinderGeometry(1, 1, 1, 10, 1, true).translate(0, 0.5, 0);
    this.bones = new THREE.InstancedMesh(bone, this.material, 2 * BONES.length);
    this.balls = new THREE.InstancedMesh(new THREE.SphereGeometry(1, 12, 8), this.material, 2 * (JOINTS.length + 1));
    for (const mesh of [this.bones, this.balls]) mesh.frustumCulled = false;
    this.group.add(this.bones, this.balls);
    this.group.visible = false;
  }

  /** Shows hands by their joints, in metres of the viewer's room. */
  show(hands: Joints[]): void {
    this.group.visible = hands.length > 0;
    let bone = 0;
    let ball = 0;
    for (const joints of hands) {
      for (const [from, to] of BONES) {
        const [a, b] = [joints.get(from), joints.get(to)];
        if (a && b) this.bones.setMatrixAt(bone++, this.between(a, b, 0.5 * (thickness(from) + thickness(to))));
      }
      for (const [name, p] of joints) {
        const r = thickness(name);
        if (ball < this.balls.instanceMatrix.count) this.balls.setMatrixAt(ball++, this.made.makeScale(r, r, r).setPosition(p));
      }
    }
    this.bones.count = bone;
    this.balls.count = ball;
    this.bones.instanceMatrix.needsUpdate = this.balls.instanceMatrix.needsUpdate = true;
  }

  private between(a: THREE.Vector3, b: THREE.Vector3, r: number): THREE.Matrix4 {
    const along = b.clone().sub(a);
    const length = Math.max(1e-4, along.length());
    const turn = new THREE.Quaternion().setFromUnitVectors(new THREE.Vector3(0, 1, 0), along.divideScalar(length));
    return this.made.compose(a, turn, new THREE.Vector3(r, length, r));
  }
}

/** Joints of a hand that is led: as a controller or a pointer holds it. */
export function led(hand: Led, left: boolean): Map<string, THREE.Vector3> {
  const joints = shape(hand.curl);
  for (const p of joints.values()) {
    if (left) p.x = -p.x;
    p.applyMatrix4(hand.matrix);
  }
  return joints;
}

/** The pointer on a flat screen as a wrist over the node `hands`: x and y of the screen from -1 to 1. */
export function pointed(x: number, y: number, curl: number, left: boolean, over: THREE.Vector3): Led {
  const side = left ? -1 : 1;
  const at = new THREE.Vector3(over.x + side * REST[0] + 0.16 * x, over.y + REST[1] + 0.05, over.z + REST[2] - 0.14 * y);
  return { matrix: new THREE.Matrix4().setPosition(at), curl };
}
