// pcg3d of Jarzynski and Olano 2020, "Hash Functions for GPU Rendering".
uvec3 pcg3d(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return v;
}

vec3 hash3(uvec3 v) { return vec3(pcg3d(v)) * (1.0 / 4294967296.0); }

float value_noise(vec2 p, uint seed) {
    vec2 cell = floor(p), t = fract(p);
    t = t * t * (3.0 - 2.0 * t);
    uvec2 c = uvec2(ivec2(cell));
    float a = hash3(uvec3(c, seed)).x, b = hash3(uvec3(c + uvec2(1u, 0u), seed)).x;
    float d = hash3(uvec3(c + uvec2(0u, 1u), seed)).x, e = hash3(uvec3(c + 1u, seed)).x;
    return mix(mix(a, b, t.x), mix(d, e, t.x), t.y);
}

// The same, and how it rises along both axes.
vec3 value_noise_slope(vec2 p, uint seed) {
    vec2 cell = floor(p), t = fract(p);
    vec2 rise = 6.0 * t * (1.0 - t);
    t = t * t * (3.0 - 2.0 * t);
    uvec2 c = uvec2(ivec2(cell));
    float a = hash3(uvec3(c, seed)).x, b = hash3(uvec3(c + uvec2(1u, 0u), seed)).x;
    float d = hash3(uvec3(c + uvec2(0u, 1u), seed)).x, e = hash3(uvec3(c + 1u, seed)).x;
    return vec3(mix(mix(a, b, t.x), mix(d, e, t.x), t.y),
                rise.x * mix(b - a, e - d, t.y), rise.y * mix(d - a, e - b, t.x));
}
