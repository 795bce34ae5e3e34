#version 430 core
// Scene-linear light to display values, with glow and rain; luma in alpha for the next pass.
#include "light.glsl"
#include "hash.glsl"
uniform sampler2D lit_picture;
uniform sampler2D glow;
uniform sampler2D normal_depth;
layout(location = 0) out vec4 out_color;

// Filmic curve fitted by Narkowicz (2015) to the ACES reference rendering.
vec3 filmic(vec3 x) {
    return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

vec3 encode(vec3 c) {
    return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

#ifdef RAIN
// Drops draw streaks: three layers of slanted cells, each with at most one streak.
vec3 rain(vec3 color, vec2 pixel, float depth) {
    vec3 bright = mix(light.fog.rgb, light.horizon.rgb, 0.5) * light.up.w;
    float scale = 384.0 / (2.0 * light.intrinsics.w);
    for (int layer = 0; layer < 3; ++layer) {
        float size = float(layer + 1);
        float reach = 3.0 + 9.0 * float(2 - layer);
        if (depth > 0.0 && depth < reach * 0.5) continue;
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
    vec2 size = vec2(textureSize(lit_picture, 0));
    vec3 c = texelFetch(lit_picture, ivec2(gl_FragCoord.xy), 0).rgb;
    c += 0.40 * texture(glow, gl_FragCoord.xy / size).rgb;
#ifdef RAIN
    c = rain(c, gl_FragCoord.xy, texelFetch(normal_depth, ivec2(gl_FragCoord.xy), 0).w);
#endif
    vec3 shown = encode(filmic(c));
    out_color = vec4(shown, dot(shown, vec3(0.299, 0.587, 0.114)));
}
