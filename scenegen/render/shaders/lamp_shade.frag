#version 430 core
// Which of the first lamps light a surface: a channel each. The depth test leaves out the sky.
#include "light.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
uniform sampler2DShadow lamp_map;  // see lamp_shadows.py, also for MAPS, TEXELS, NEAR and FAR
flat in vec4 clip[3 * SHADES];      // rows x, y and w
layout(location = 0) out vec4 out_lit;

float lit(int lamp, vec3 p, vec3 normal) {
    vec4 x = clip[3 * lamp], y = clip[3 * lamp + 1], w = clip[3 * lamp + 2];
    float depth = dot(w, vec4(p, 1.0));
    if (depth < NEAR) return 1.0;
    // A texel is so wide there.
    float texel = 2.0 * depth * inversesqrt(dot(x.xyz, x.xyz)) / TEXELS;
    vec4 from = vec4(p + normal * (1.5 * texel), 1.0);
    depth = dot(w, from);
    vec2 flat_at = vec2(dot(x, from), dot(y, from)) / depth;
    float edge = max(abs(flat_at.x), abs(flat_at.y));
    if (edge >= 1.0) return 1.0;
    float z = (0.5 * (FAR + NEAR) - FAR * NEAR / depth) / (FAR - NEAR) + 0.5;
    vec3 at = vec3(0.5 * flat_at + 0.5, z);
    // Two looks beside each other, which stay in the map of the lamp.
    at = clamp(at, vec3(vec2(2.5 / TEXELS), 0.0), vec3(vec2(1.0 - 2.5 / TEXELS), 1.0));
    at.x = (at.x + float(lamp)) / MAPS;
    vec2 around = vec2(1.0 / MAPS, 1.0) / TEXELS;
    float seen = 0.5 * (texture(lamp_map, at + vec3(around * vec2(-0.8, -0.3), 0.0))
                        + texture(lamp_map, at + vec3(around * vec2(0.8, 0.3), 0.0)));
    return mix(seen, 1.0, smoothstep(0.85, 1.0, edge));
}

void main() {
    vec4 nd = imageLoad(normal_depth, ivec2(gl_FragCoord.xy));
    vec3 p = view_ray(gl_FragCoord.xy) * nd.w;
    out_lit = vec4(1.0);
    out_lit.x = lit(0, p, nd.xyz);
#if SHADES > 1
    out_lit.y = lit(1, p, nd.xyz);
#endif
#if SHADES > 2
    out_lit.z = lit(2, p, nd.xyz);
#endif
#if SHADES > 3
    out_lit.w = lit(3, p, nd.xyz);
#endif
}
