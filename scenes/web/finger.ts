// The shape of a hand where none is tracked: joints of WebXR's names from a wrist and how far it is closed.

import * as THREE from 'three';

export const FINGERS = ['thumb', 'index-finger', 'middle-finger', 'ring-finger', 'pinky-finger'] as const;
const PARTS = ['metacarpal', 'phalanx-proximal', 'phalanx-intermediate', 'phalanx-distal', 'tip'] as const;

/** Every joint but the wrist, finger by finger; the thumb has no intermediate phalanx. */
export const JOINTS: string[] = FINGERS.flatMap((f) => PARTS.filter((p) => f !== 'thumb' || p !== 'phalanx-intermediate').map((p) => `${f}-${p}`));

/** Pairs of joints with flesh between them: [from, to], 'wrist' among them. */
export const BONES: [string, string][] = FINGERS.flatMap((finger) => {
  const chain = ['wrist', ...JOINTS.filter((j) => j.startsWith(finger))];
  return chain.slice(1).map((to, i): [string, string] => [chain[i]!, to]);
});

// Of a right hand, palm down, fingers along -z; metres from the wrist to the knuckles, and between joints.
const KNUCKLES: Record<string, [number, number, number]> = {
  thumb: [-0.022, -0.008, -0.026], 'index-finger': [-0.024, 0.002, -0.092], 'middle-finger': [-0.003, 0.003, -0.094],
  'ring-finger': [0.017, 0.001, -0.087], 'pinky-finger': [0.034, -0.003, -0.077],
};
const LENGTHS: Record<string, number[]> = {
  thumb: [0.044, 0.033, 0.026], 'index-finger': [0.042, 0.025, 0.021], 'middle-finger': [0.047, 0.029, 0.022],
  'ring-finger': [0.043, 0.027, 0.022], 'pinky-finger': [0.034, 0.02, 0.02],
};
const SPREAD: Record<string, number> = { thumb: 0.75, 'index-finger': 0.09, 'middle-finger': 0, 'ring-finger': -0.07, 'pinky-finger': -0.17 };

/** Half the thickness at a joint. */
export function thickness(joint: string): number {
  if (joint === 'wrist') return 0.026;
  const thin = joint.startsWith('pinky') ? 0.82 : joint.startsWith('thumb') ? 1.15 : 1;
  if (joint.endsWith('metacarpal')) return 0.015;
  return thin * (joint.endsWith('tip') ? 0.0068 : joint.endsWith('distal') ? 0.0078 : joint.endsWith('intermediate') ? 0.0086 : 0.0098);
}

/** Joints of a right hand in metres from its wrist; `curl` 0 open, 1 a fist. */
export function shape(curl: number): Map<string, THREE.Vector3> {
  const joints = new Map<string, THREE.Vector3>([['wrist', new THREE.Vector3()]]);
  const turn = new THREE.Quaternion();
  for (const finger of FINGERS) {
    const at = new THREE.Vector3(...KNUCKLES[finger]!);
    const names = JOINTS.filter((j) => j.startsWith(finger));
    const thumb = finger === 'thumb';
    if (!thumb) joints.set(names[0]!, at.clone().multiplyScalar(0.35));
    else joints.set(names[0]!, at.clone());
    const bends = thumb ? [0.1 + 0.35 * curl, 0.15 + 0.5 * curl, 0.1 + 0.7 * curl] : [0.12 + 1.25 * curl, 0.14 + 1.5 * curl, 0.1 + 1.0 * curl];
    if (!thumb) joints.set(names[1]!, at.clone());
    let bend = 0;
    LENGTHS[finger]!.forEach((length, i) => {
      bend += bends[i]!;
      // Fingers bend down, the thumb across the palm.
      turn.setFromEuler(thumb ? new THREE.Euler(-0.35 - 0.3 * bend, SPREAD.thumb! - bend, 0, 'YXZ') : new THREE.Euler(-bend, SPREAD[finger]! * (1 - curl), 0, 'YXZ'));
      at.add(new THREE.Vector3(0, 0, -length).applyQuaternion(turn));
      joints.set(names[i + (thumb ? 1 : 2)]!, at.clone());
    });
  }
  return joints;
}
