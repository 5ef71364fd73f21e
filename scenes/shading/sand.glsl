// Sand: ripples near, a lightmap within 36 m, and the wet band that mirrors the sky. COLOR_0.a is dryness.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

uniform sampler2D uMap, uDetail;

void main() {
  vec3 shade = decoded(texture2D(uMap, clamp(vUv, .004, .996)).rgb);
  float edge = 1. - smoothstep(.46, .5, max(abs(vUv.x - .5), abs(vUv.y - .5)));
  vec3 c = vColor.rgb * mix(vec3(1.), shade, edge);
  vec3 v = vPos - cameraPosition;
  float dist = length(v), dry = vColor.a;
  vec2 d = texture2D(uDetail, vPos.xz * .31).rg, g = texture2D(uDetail, vPos.xz * .043 + .3).rg;
  float patches = dry * smoothstep(-.1, .35, g.g - .35) * exp(-dist * .03);
  c *= mix(1., .72 + .56 * d.r, patches) * mix(1., .86 + .28 * g.g, .9);
  c *= mix(1., .86 + .28 * d.g, exp(-dist * .2));
  float wet = 1. - smoothstep(0., .55, dry + (g.g - .5) * .10);
  vec3 dir = v / dist, n = normalize(vec3((d.g - .5) * .05, 1., (g.g - .5) * .06));
  vec3 r = reflect(dir, n);
  r.y = abs(r.y);
  float f = .03 + .97 * pow(1. - max(dot(n, -dir), 0.), 4.);
  float film = 1. - smoothstep(0., .75, dry + (g.g - .5) * .08);
  c = mix(c, c * vec3(.52, .46, .43), wet);
  float mirror = f * (1.5 + 1.3 * (1. - smoothstep(0., .22, dry))) + .035;
  c = mix(c, sky(r) * .95, film * clamp(mirror, 0., .92));
  gl_FragColor = shown(fogged(c, vPos, cameraPosition), 1.);
}
