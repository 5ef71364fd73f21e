// Where the patient's eyes are: in a headset or before a flat screen.

import * as THREE from 'three';
import type { Drawing } from './drawing';
import type { Panel } from './panel';

export class Eye {
  constructor(private readonly drawing: Drawing, private readonly rig: THREE.Object3D, private readonly worn: () => boolean) {}

  get camera(): THREE.Camera {
    const { camera, renderer } = this.drawing;
    return this.worn() ? renderer.xr.getCamera() : camera;
  }

  /** From where, and which way, in the world. */
  ray(): [THREE.Vector3, THREE.Vector3] {
    const { matrixWorld } = this.camera;
    return [new THREE.Vector3().setFromMatrixPosition(matrixWorld), new THREE.Vector3(0, 0, -1).transformDirection(matrixWorld)];
  }

  /** Hangs a board where the patient looks now, or beside it. */
  hang(board: Panel, aside_m = 0, up_m = 0, size = 1): void {
    const { matrixWorld } = this.camera;
    const local = this.rig.worldToLocal(new THREE.Vector3().setFromMatrixPosition(matrixWorld));
    const turn = new THREE.Quaternion().setFromRotationMatrix(matrixWorld);
    const rig = this.rig.getWorldQuaternion(new THREE.Quaternion()).invert();
    board.hang(local, new THREE.Euler().setFromQuaternion(rig.multiply(turn), 'YXZ').y);
    board.mesh.translateX(aside_m).translateY(up_m).scale.setScalar(size);
  }
}
