// Walls with windows: uMap rgb wall, alpha glass; uDetail r how bright a room is lit, g its hue.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

uniform sampler2D uMap, uDetail;
uniform vec3 uLamp;

void main() {
  vec4 t = texture2D(uMap, vUv);
  vec3 c = vColor.rgb * decoded(t.rgb) * vTint;
  vec3 dir = normalize(vPos - cameraPosition), n = normalize(vNormal), r = reflect(dir, n);
  float nv = max(dot(n, -dir), 0.), f = .10 + .75 * pow(1. - nv, 4.), lumen = dot(vColor.rgb, vec3(.33));
  vec3 up = sky(normalize(vec3(r.x, abs(r.y) + .03, r.z)));
  up *= mix(.35, 1., smoothstep(-.15, .25, r.y)) * smoothstep(0., .35, lumen * 1.6 + .12);
  vec2 room = texture2D(uDetail, vUv * .5 + vColor.a * vec2(3.7, 7.3)).rg;
  vec3 lamp = mix(uLamp, uLamp.bgr * .9 + .1, step(.86, room.g) * .55) * uGain;
  c = mix(c, mix(c * .16, up, f) + lamp * room.r * (1. - f * .6), t.a);
  gl_FragColor = shown(fogged(c, vPos, cameraPosition), 1.);
}
