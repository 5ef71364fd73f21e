// The shape of a hand, its mirror image, and the names of the cards.
import { expect, test } from 'vitest';
import { card } from '../card';
import { BONES, JOINTS, shape } from '../finger';
import { led, mirrored, pointed } from '../hands';
import * as THREE from 'three';

test('a hand has every joint of the headset, hung together without gaps', () => {
  expect(JOINTS.length).toBe(24);
  const joints = shape(0.2);
  expect([...joints.keys()].sort()).toEqual(['wrist', ...JOINTS].sort());
  for (const [from, to] of BONES) expect(joints.get(from)!.distanceTo(joints.get(to)!), `${from} ${to}`).toBeLessThan(0.12);
});

test('a fist brings the finger tips back to the palm', () => {
  const far = (curl: number) => shape(curl).get('middle-finger-tip')!.length();
  expect(far(0)).toBeGreaterThan(0.17);
  expect(far(1)).toBeLessThan(0.11);
});

test('the other hand is the mirror image across the middle of the body, and back again', () => {
  const right = led(pointed(0.4, 0.1, 0.3, false, new THREE.Vector3(0, 0.8, -0.4)), false);
  const left = mirrored(right);
  expect(left.get('thumb-tip')!.x).toBeCloseTo(-right.get('thumb-tip')!.x, 9);
  expect(left.get('thumb-tip')!.y).toBe(right.get('thumb-tip')!.y);
  expect(mirrored(left)).toEqual(right);
  // Thumbs point to the middle.
  expect(right.get('thumb-tip')!.x).toBeLessThan(right.get('pinky-finger-tip')!.x);
});

test('cards are named by side, view and turn', () => {
  expect(card('hand left palm 90')).toEqual({ left: true, palm: true, turn_deg: 90 });
  expect(card('hand right back -45')).toEqual({ left: false, palm: false, turn_deg: -45 });
  expect(card('foot left palm 90')).toBeNull();
});
