#version 430 core
// What sits on the lens: drops that show the scene upside down, and dirt that lets less through.
#include "light.glsl"
#include "hash.glsl"
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
uniform sampler2D glow;  // the picture blurred
uniform vec2 lens;       // drops and dirt, 0 to 1
uniform uint seed;
layout(location = 0) out vec4 out_color;

vec3 seen(vec2 pixel) {
    return imageLoad(lit_picture, ivec2(clamp(pixel, vec2(0.0), light.size.xy - 1.0))).rgb;
}

// One layer of drops on a lattice of cells, each with at most one: its slope and its cover.
vec3 drop_at(vec2 pixel, float cell_px, uint layer) {
    vec2 q = pixel / cell_px;
    vec2 cell = floor(q);
    vec3 h = hash3(uvec3(ivec2(cell) + 512, seed + layer));
    vec3 g = hash3(uvec3(ivec2(cell) + 512, seed + layer + 64u));
    float radius = mix(0.12, 0.42, h.z * h.z);
    vec2 middle = mix(vec2(radius), vec2(1.0 - radius), h.xy);
    vec2 d = (fract(q) - middle) / radius;
    d.y *= mix(0.85, 1.0, g.y);
    d *= 1.0 + 0.12 * sin(3.0 * atan(d.y, d.x) + 6.28 * g.z);
    float r2 = dot(d, d);
    float there = step(g.x, lens.x) * smoothstep(1.0, 0.6, r2);
    return vec3(d, there);
}

void main() {
    vec2 pixel = gl_FragCoord.xy;
    vec3 color = seen(pixel);
    float scale = light.size.y / 384.0;
    for (int layer = 0; layer < 3; ++layer) {
        float cell_px = scale * (layer == 0 ? 86.0 : layer == 1 ? 41.0 : 19.0);
        vec3 drop = drop_at(pixel + float(layer) * 17.0, cell_px, uint(layer) * 7u);
        if (drop.z <= 0.0) continue;
        // A drop is a short lens: it shows a wide view turned over, out of focus at its rim.
        float r2 = min(dot(drop.xy, drop.xy), 1.0);
        vec2 turned = pixel - drop.xy * cell_px * (1.1 + 1.3 * r2);
        vec3 sharp = seen(turned);
        vec3 soft = texture(glow, turned / light.size.xy).rgb;
        vec3 through = mix(sharp, soft, 0.35 + 0.4 * r2);
        through *= 1.0 - 0.5 * smoothstep(0.55, 1.0, r2) * step(0.0, -drop.y);
        color = mix(color, through, drop.z * 0.85);
    }
    if (lens.y > 0.0) {
        vec2 q = pixel / (scale * 60.0) + 512.0;
        float film = value_noise(q * 0.35, seed + 31u) * 0.6 + value_noise(q * 1.3, seed + 32u) * 0.4;
        float speck = value_noise(q * 6.0, seed + 33u) * 0.7 + value_noise(q * 13.0, seed + 34u) * 0.3;
        float covered = lens.y * smoothstep(0.75 - 0.45 * lens.y, 1.0, film + 0.25 * (speck - 0.5));
        covered = max(covered, 0.8 * smoothstep(0.83 - 0.12 * lens.y, 0.9 - 0.1 * lens.y, speck)
                               * smoothstep(0.3, 0.6, film));
        // Dirt is out of focus, takes light away, and glows where light falls on it.
        vec3 veil = texture(glow, pixel / light.size.xy).rgb;
        vec3 earth = vec3(0.55, 0.47, 0.38);
        color = mix(color, mix(color, veil, 0.6) * (0.35 + 0.3 * earth), covered);
    }
    out_color = vec4(color, 0.0);
}
