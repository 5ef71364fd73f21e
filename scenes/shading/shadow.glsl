// The soft shadow of a person who may come and go, stretched away from the sun.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

void main() {
  float y = vUv.y * 2. - 1., x = vUv.x;
  float a = smoothstep(0., .06, x) * (1. - smoothstep(.15, 1., x));
  a *= 1. - smoothstep(.25, 1., abs(y) / (.55 + .45 * x));
  gl_FragColor = shown(vColor.rgb, a * .5 * (1. - uVeil.a));
}
