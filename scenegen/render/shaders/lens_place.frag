#version 430 core
// What sits on the lens: drops that show the scene upside down, and dirt that lets less through.
// It stays where it is throughout a scene, so this is drawn once.
#include "light.glsl"
#include "hash.glsl"
uniform vec2 lens;       // drops and dirt, 0 to 1
uniform uint seed;
layout(location = 0) out vec4 out_place;  // px to look at; blur and cover of the drop
layout(location = 1) out vec2 out_veil;   // what a drop lets through; how much dirt covers

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

float dirt(vec2 q) {
    float film = value_noise(q * 0.35, seed + 31u) * 0.6 + value_noise(q * 1.3, seed + 32u) * 0.4;
    float speck = value_noise(q * 6.0, seed + 33u) * 0.7 + value_noise(q * 13.0, seed + 34u) * 0.3;
    float covered = lens.y * smoothstep(0.75 - 0.45 * lens.y, 1.0, film + 0.25 * (speck - 0.5));
    return max(covered, 0.8 * smoothstep(0.83 - 0.12 * lens.y, 0.9 - 0.1 * lens.y, speck)
                            * smoothstep(0.3, 0.6, film));
}

void main() {
    vec2 pixel = gl_FragCoord.xy;
    float scale = light.size.y / 384.0;
    out_place = vec4(pixel, 0.0, 0.0);
    out_veil = vec2(1.0, lens.y > 0.0 ? dirt(pixel / (scale * 60.0) + 512.0) : 0.0);
    for (int layer = 0; layer < 3; ++layer) {
        float cell_px = scale * (layer == 0 ? 86.0 : layer == 1 ? 41.0 : 19.0);
        vec3 drop = drop_at(pixel + float(layer) * 17.0, cell_px, uint(layer) * 7u);
        // Where drops meet, the one that covers more is seen.
        if (drop.z * 0.85 <= out_place.w) continue;
        // A drop is a short lens: it shows a wide view turned over, out of focus at its rim.
        float r2 = min(dot(drop.xy, drop.xy), 1.0);
        vec2 turned = pixel - drop.xy * cell_px * (1.1 + 1.3 * r2);
        out_place = vec4(turned, 0.35 + 0.4 * r2, drop.z * 0.85);
        out_veil.x = 1.0 - 0.5 * smoothstep(0.55, 1.0, r2) * step(0.0, -drop.y);
    }
    out_place.xy = clamp(out_place.xy, vec2(0.5), light.size.xy - 0.5);
    gl_FragDepth = max(out_place.w, out_veil.y) > 0.0 ? 0.0 : 1.0;
}
