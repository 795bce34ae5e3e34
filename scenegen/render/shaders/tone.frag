#version 430 core
// Scene-linear light to display values, with glow and rain; luma apart for the next pass.
#include "light.glsl"
#include "hash.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
uniform sampler2D glow;
layout(location = 0) out vec4 out_color;
layout(location = 1) out float out_luma;

// Filmic curve fitted by Narkowicz (2015) to the ACES reference rendering.
vec3 filmic(vec3 x) {
    return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

// The curve of sRGB from 0 to 1, of which roots give the power within a tenth of a level.
vec3 encode(vec3 c) {
    vec3 root = sqrt(c);
    vec3 power = 0.83372541 * root + 0.29813773 * sqrt(root) - 0.055313 * c - 0.07691117;
    return mix(12.92 * c, power, step(0.0031308, c));
}

#ifdef RAIN
// Drops draw streaks: three layers of slanted cells, each with at most one streak.
vec3 rain(vec3 color, vec2 pixel, float depth) {
    vec3 bright = mix(light.fog.rgb, light.horizon.rgb, 0.5) * light.up.w;
    float scale = 384.0 / (2.0 * light.intrinsics.w);
    for (int layer = 0; layer < 3; ++layer) {
        float size = float(layer + 1);
        float reach = 3.0 + 9.0 * float(2 - layer);
        if (depth < reach * 0.5) continue;
        vec2 q = pixel * scale / vec2(2.0 + 1.2 * size, 22.0 * size);
        q.x += q.y * 1.1;
        q.y += float(layer) * 0.37;
        uvec2 cell = uvec2(ivec2(floor(q)) + 1024);
        vec3 h = hash3(uvec3(cell, light.seeds.y + uint(layer)));
        vec2 f = fract(q);
        float streak = 1.0 - smoothstep(0.03, 0.22, abs(f.x - 0.3 - 0.4 * h.y));
        streak *= smoothstep(0.0, 0.2, f.y) * smoothstep(1.0, 0.6, f.y);
        streak *= step(1.0 - 0.30 * light.dusk.w, h.x) * (0.07 + 0.09 * h.z);
        color = mix(color, max(color, bright) * 1.15, streak);
    }
    return color;
}
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 c = imageLoad(lit_picture, at).rgb;
    c += 0.40 * texture(glow, gl_FragCoord.xy / light.size.xy).rgb;
#ifdef RAIN
    c = rain(c, gl_FragCoord.xy, imageLoad(normal_depth, at).w);
#endif
    vec3 shown = encode(filmic(c));
    out_color = vec4(shown, 1.0);
    out_luma = dot(shown, vec3(0.299, 0.587, 0.114));
}
