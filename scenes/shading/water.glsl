// The sea: three drifting samples of one normal map, the sky in it, depth, and foam as lace.
varying vec4 vColor, vWave;
varying vec3 vPos;
varying vec2 vUv;
uniform sampler2D uMap, uDetail;
uniform vec3 uDeep, uShallow;

void main() {
  vec3 v = vPos - cameraPosition;
  float dist = length(v), t = uTime, chop = mix(.45, 1.25, uLoad) * mix(1.7, .53, uCalm);
  vec3 dir = v / dist;
  vec2 p = vPos.xz;
  vec3 n1 = texture2D(uMap, p * .115 + t * vec2(.013, .018)).rgb - .5;
  vec3 n2 = texture2D(uMap, p.yx * .037 - t * vec2(.007, .004)).rgb - .5;
  vec3 n3 = texture2D(uMap, p * .009 + t * .0016).rgb - .5;
  float fade = 1. / (1. + dist * .012), depth = vWave.z;
  vec2 k = (n1.xy * fade + n2.xy * .9 + n3.xy * .8) * chop * mix(.35, 1., smoothstep(0., .9, depth)) * .42;
  vec3 n = normalize(vec3(k.x + vWave.x, 1., k.y)), r = reflect(dir, n);
  r.y = abs(r.y) + mix(.05, .16, smoothstep(20., 300., dist));
  float nv = max(dot(n, -dir), 0.), f = .025 + .975 * pow(1. - nv, 5.);
  f *= mix(1., .74, smoothstep(.86, 1., 1. - nv));  // else the sea is as pale as the horizon
  vec3 base = mix(uShallow, uDeep, 1. - exp(-max(depth, 0.) * .75));
  base += uShallow * .35 * vWave.y * (1. + n1.x);  // light through the crest
  vec3 c = mix(base, sky(normalize(r)), f);
  float g = max(dot(normalize(r), uSun), 0.);
  c += uSunlight * (pow(g, 420.) * 3. + pow(g, 60.) * .24);
  vec3 fo = texture2D(uDetail, p * .27 + vec2(t * .012, 0.)).rgb;
  vec3 fo2 = texture2D(uDetail, p * .075 - vec2(0., t * .01)).rgb;
  float lace = fo.b * .65 + fo2.b * .35;
  float line = exp(-max(depth - .02, 0.) / .055);        // the edge of the wash
  float trail = (1. - smoothstep(0., .5, depth)) * .62;  // lace behind it
  float cap = vWave.y * mix(.25, 1., uLoad) * mix(2.2, .2, uCalm);
  float caps = smoothstep(.58, .8, fo2.b + n2.x * .4) * smoothstep(.35, 1., uLoad) * smoothstep(6., 40., vUv.y) * .6;
  float want = max(max(line * .95, trail), max(cap * .9, caps));
  float foam = max(smoothstep(.92 - want, 1.22 - want, lace + line * .35), caps * smoothstep(.5, .8, lace));
  c = mix(c, mix(uMid * .75, uSunlight * .42 + uMid * .55, .55 + .45 * fo.b), foam * .92);
  float alpha = smoothstep(-.005, .05, depth) * mix(.42, 1., smoothstep(0., .75, depth));
  alpha = max(max(alpha, foam * smoothstep(-.01, .012, depth)), f * smoothstep(0., .04, depth));
  gl_FragColor = shown(fogged(c, vPos, cameraPosition), alpha);
}
