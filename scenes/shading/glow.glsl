// A pool of lamp light on the ground, added to what is there.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

void main() {
  vec2 q = vUv * 2. - 1.;
  float a = pow(max(0., 1. - length(q)), 2.2) * exp(-distance(vPos, cameraPosition) * .0035);
  gl_FragColor = vec4(vColor.rgb * a * uGain * (1. - uVeil.a), 1.);
}
