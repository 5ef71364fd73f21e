// Clear panes: the sky by the angle of the look.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

void main() {
  vec3 dir = normalize(vPos - cameraPosition), n = normalize(vNormal), r = reflect(dir, n);
  r.y = abs(r.y);
  float f = .04 + .7 * pow(1. - abs(dot(n, dir)), 4.);
  gl_FragColor = shown(mix(vColor.rgb, sky(normalize(r)), f / (f + .05)), clamp(f + .05 * vColor.a, 0., .8));
}
