// Light baked into vertex colours; a texture (a lightmap of what is lost, or a picture) darkens it.
varying vec4 vColor;
varying vec3 vPos, vNormal, vTint;
varying vec2 vUv;

uniform sampler2D uMap;

void main() {
  vec3 c = vColor.rgb * vTint * uGain;
#ifdef MAP
  c *= decoded(texture2D(uMap, vUv).rgb);
#endif
  gl_FragColor = shown(fogged(c, vPos, cameraPosition), 1.);
}
