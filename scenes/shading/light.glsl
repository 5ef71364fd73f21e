// One sky lights everything: dome, fog, reflections; then tone, and a veil for fades to rest.
// Read by every renderer after its own prologue (see scenes/web/materials.ts); GLSL ES 3.0 and
// GLSL 3.30 both, with `attribute`, `varying`, `texture2D` and `gl_FragColor` defined there.
uniform vec3 uZenith, uMid, uNear, uAway, uGlow, uSun, uSunlight, uGrade;
uniform float uTime, uWind, uExposure, uLoad, uCalm, uGain;
uniform vec4 uFog;   // density per metre, falloff with height, base height, most
uniform vec4 uVeil;  // display colour, amount: the way to the rest scene and back

// The same formula stands in numpy in scenes/art/sky.py; a test compares them.
vec3 sky(vec3 d) {
  float h = clamp(d.y, 0., 1.), c = clamp(dot(d, uSun), 0., 1.);
  float az = .5 + .5 * dot(normalize(d.xz + 1e-5), normalize(uSun.xz));
  az *= az;
  vec3 col = mix(mix(uAway, uNear, az), uMid, smoothstep(0., .26, h));
  col = mix(col, uZenith, smoothstep(.1, .8, h));
  return col + uGlow * (pow(c, 6.) * .17 + pow(c, 32.) * .3 + pow(c, 350.) * .6);
}

// Exponential in height, integrated along the ray, in the colour of the sky behind it.
vec3 fogged(vec3 c, vec3 p, vec3 eye) {
  vec3 v = p - eye;
  float dist = length(v), k = uFog.y, dy = v.y * k;
  float f = abs(dy) < 1e-3 ? 1. : (1. - exp(-dy)) / dy;
  float amount = uFog.w * (1. - exp(-uFog.x * dist * exp(-k * max(eye.y - uFog.z, 0.)) * f));
  vec3 d = v / dist;
  d.y = max(d.y, 0.) * .5 + .015;
  float down = clamp(-v.y / dist, 0., 1.);
  vec3 air = mix(sky(normalize(d)), uMid * .62, smoothstep(.05, .75, down));
  return mix(c, air, amount * (1. - .35 * smoothstep(.2, 1., down)));
}

// A shoulder on the largest channel: hues stay as painted, only what glares goes white.
vec3 tone(vec3 c) {
  c *= uExposure * uGrade;
  float l = max(c.r, max(c.g, c.b)), k = .58;
  if (l > k) {
    float n = k + (1. - k) * (1. - exp(-(l - k) / (1. - k)));
    c = mix(c * (n / l), vec3(n), .85 * smoothstep(.9, 5., l));
  }
  return clamp(c, 0., 1.);
}

// Linear light to the screen: sRGB, a little contrast, veil, and noise of one step against bands.
vec4 shown(vec3 c, float a) {
  c = tone(c);
  c = mix(c * 12.92, 1.055 * pow(c, vec3(1. / 2.4)) - .055, step(.0031308, c));
  c = mix(c, c * c * (3. - 2. * c), .22);
  c = mix(c, uVeil.rgb, uVeil.a);
  float n = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(.06711056, .00583715)))) - .5;
  return vec4(c + n / 255., a);
}

vec3 decoded(vec3 c) { return pow(c, vec3(2.2)); }
