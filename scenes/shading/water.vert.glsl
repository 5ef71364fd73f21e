// Swell and wash. uv = metres along the shore, metres out to sea;
// COLOR_0: r depth/8, g height of the bottom, b exposure to swell.
attribute vec4 color;
uniform float uTime, uLoad, uCalm;
varying vec4 vColor, vWave;
varying vec3 vPos;
varying vec2 vUv;

float swell(float s, float d, out float slope, out float crest) {
  float height = mix(.14, .62, uLoad) * mix(2.2, .25, uCalm), near = exp(-max(d, 0.) * .045);
  float ph = d * .30 + uTime * .95 + sin(s * .045 + 1.) * 1.2 + sin(s * .013) * 1.7;
  float x = sin(ph), sharp = mix(x, pow(.5 + .5 * x, 3.) * 2. - .6, near);
  float env = smoothstep(-2., 16., d) * (.55 + .6 * near);
  slope = height * env * cos(ph) * .30;
  crest = smoothstep(.45, 1., .5 + .5 * x) * near * smoothstep(1., 7., d);
  return height * env * (sharp * .7 + .35 * sin(d * .17 + s * .07 + uTime * .75));
}

void main() {
  vec4 p = modelMatrix * vec4(position, 1.);
  float slope, crest, d = uv.y, s = uv.x;
  float y = swell(s, d, slope, crest);
  float sw = sin(uTime * .475 + sin(s * .045) * .6 + sin(s * .11) * .35);
  float wash = mix(.10, .20, uLoad) * (sw + .25 * sin(s * .31 + 2.) + .12 * sin(s * .83));
  p.y += y + wash * (1. - smoothstep(4., 22., d));
  vWave = vec4(slope, crest, p.y - (color.g * 20. - 12.), sw);
  vColor = color;
  vPos = p.xyz;
  vUv = uv;
  gl_Position = projectionMatrix * viewMatrix * p;
}
