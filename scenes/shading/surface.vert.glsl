// Every surface but water: instances with a tint, and leaves that sway by COLOR_0.a.
attribute vec4 color;
uniform float uTime, uWind;
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

void main() {
  mat4 m = modelMatrix;
  vTint = vec3(1.);
#ifdef USE_INSTANCING
  m = m * instanceMatrix;
#endif
#ifdef USE_INSTANCING_COLOR
  vTint = instanceColor.rgb;
#endif
  vec4 p = m * vec4(moved(position), 1.);
#ifdef SWAY
  vec3 root = m[3].xyz;
  float a = color.a * color.a, ph = root.x * .13 + root.z * .17;
  float gust = .55 + .45 * sin(uTime * .6 + p.x * .05 - p.z * .07);
  vec2 lean = vec2(.30, .12) + vec2(.16, .08) * sin(uTime * 2.1 + ph * 6. + p.y * .6);
  p.xz += uWind * a * gust * (lean + .05 * sin(uTime * 5.3 + p.zx * 2.));
  p.y -= uWind * a * gust * .06;
#endif
  vColor = color;
  vPos = p.xyz;
  vUv = uv;
  vNormal = normalize(mat3(m) * normal);
  gl_Position = projectionMatrix * viewMatrix * p;
}
