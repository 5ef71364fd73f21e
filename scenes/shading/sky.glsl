// The dome: sky, sun, and a map of clouds (r cover, g light) coloured here and sunk into the haze.
varying vec4 vColor;
varying vec3 vPos;
uniform sampler2D uMap;
uniform vec3 uCloudLit, uCloudDark;
uniform float uCloud;

void main() {
  vec3 d = normalize(vPos - cameraPosition), c = sky(d);
  float s = dot(d, uSun), el = degrees(asin(clamp(d.y, 0., 1.)));
#ifndef NO_SUN
  c += (vec3(9., 7.4, 5.) * smoothstep(.99972, .9999, s) + vec3(.9, .7, .42) * pow(max(s, 0.), 1600.)) * uGain;
#endif
#ifdef MAP
  if (d.y > .018) {
    float u = atan(d.x, -d.z) / 6.2831853 + uTime * .00035;
    float w = pow(clamp((el - 1.2) / 68.8, 0., 1.), 1. / 1.5);
    vec2 q = textureGrad(uMap, vec2(u, w), dFdx(d.xz) * .2, dFdy(d.xz) * .2).rg;
    float a = smoothstep(.04, .85, q.r * uCloud) * .94 * (1. - smoothstep(52., 68., el));
    float rim = pow(clamp(s, 0., 1.), 8.);
    vec3 lit = mix(uCloudDark, uCloudLit, smoothstep(.15, .95, q.g));
    lit += uGlow * rim * (1. - q.r * .75) * .9;
    lit = mix(lit, sky(vec3(d.x, max(d.y * .4, .01), d.z)), exp(-el * .16) * .85);
    c = mix(c, lit, a);
  }
#endif
  gl_FragColor = shown(c, 1.);
}
