// A yardstick for the benchmark (tests/benchmarks/scene_frames.py): JavaScript of a stereo picture of the
// scene against as many plain boxes drawn by three in the same session.

import * as THREE from 'three';
import type { Session } from './session';

export function measure(session: Session): void {
  window.__adaptivevr.boxes = (count: number) => {
    session.plain = count > 0 ? boxes(count) : null;
    session.drawing.draw_ms.length = 0;
  };
}

function boxes(count: number): THREE.Scene {
  const scene = new THREE.Scene();
  const shape = new THREE.BoxGeometry(0.3, 0.3, 0.3);
  const material = new THREE.MeshBasicMaterial({ color: 0x8899aa });
  for (let i = 0; i < count; i++) {
    const box = new THREE.Mesh(shape, material);
    box.position.set((i % 10) - 4.5, 1 + (Math.floor(i / 10) % 10) * 0.4, -4);
    scene.add(box);
  }
  return scene;
}
