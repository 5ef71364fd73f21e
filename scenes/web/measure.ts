// A yardstick for the benchmark (tests/benchmarks/scene_frames.py): JavaScript of a stereo picture of the
// scene against as many plain boxes drawn by three in the same session.

import * as THREE from 'three';
import type { Session } from './session';

export function measure(session: Session): void {
  const made = new Map<number, THREE.Scene>(); // shown by turns with the scene: uploaded once
  window.__adaptivevr.boxes = (count: number) => {
    if (count > 0 && !made.has(count)) made.set(count, boxes(count));
    session.plain = made.get(count) ?? null;
    session.drawing.draw_ms.length = 0;
  };
  // Every call stays, but almost nothing is painted: where the processor paints, that would be timed too.
  const gl = session.drawing.renderer.getContext();
  const viewport = gl.viewport.bind(gl);
  window.__adaptivevr.thin = (on: boolean) => {
    gl.viewport = on ? (x, y) => viewport(x, y, 1, 1) : viewport;
    session.stage.scene.traverse((o) => {
      if (o instanceof THREE.Mesh) o.geometry.setDrawRange(0, on ? 3 : Infinity);
    });
  };
}

function boxes(count: number): THREE.Scene {
  const scene = new THREE.Scene();
  for (let i = 0; i < count; i++) {
    // A shape and a colour of its own for each, as the things of a scene have.
    const box = new THREE.Mesh(new THREE.BoxGeometry(0.3, 0.3, 0.3), new THREE.MeshBasicMaterial({ color: 0x8899aa + i }));
    box.frustumCulled = false; // wherever the scene has taken the viewer: as many calls
    box.position.set((i % 10) - 4.5, 1 + (Math.floor(i / 10) % 10) * 0.4, -4);
    scene.add(box);
  }
  return scene;
}
