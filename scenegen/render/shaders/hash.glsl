// pcg3d of Jarzynski and Olano 2020, "Hash Functions for GPU Rendering".
uvec3 pcg3d(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return v;
}

vec3 hash3(uvec3 v) { return vec3(pcg3d(v)) * (1.0 / 4294967296.0); }

// Random numbers at the corners of a cell of a lattice, by the mixer lowbias32 (Wellons 2018),
// which takes a third of the multiplications of pcg3d.
vec4 corners(ivec2 cell, uint seed) {
    const uvec2 apart = uvec2(0x9e3779b1u, 0x85ebca77u);
    uvec2 low = uvec2(cell) * apart, high = low + apart;
    uvec4 h = uvec4(low.x, high.x, low.x, high.x);
    h ^= uvec4(low.y, low.y, high.y, high.y) + seed * 0xc2b2ae3du;
    h ^= h >> 16u;
    h *= 0x7feb352du;
    h ^= h >> 15u;
    h *= 0x846ca68bu;
    return vec4(ivec4(h >> 8u)) * (1.0 / 16777216.0);
}

float value_noise(vec2 p, uint seed) {
    vec2 cell = floor(p), t = p - cell;
    t = t * t * (3.0 - 2.0 * t);
    vec4 c = corners(ivec2(cell), seed);
    vec2 row = mix(c.xz, c.yw, t.x);
    return mix(row.x, row.y, t.y);
}

// The same, and how it rises along both axes.
vec3 value_noise_slope(vec2 p, uint seed) {
    vec2 cell = floor(p), t = p - cell;
    vec2 rise = 6.0 * t * (1.0 - t);
    t = t * t * (3.0 - 2.0 * t);
    vec4 c = corners(ivec2(cell), seed);
    vec2 row = mix(c.xz, c.yw, t.x);
    vec2 along = c.yw - c.xz;
    return vec3(mix(row.x, row.y, t.y),
                rise.x * mix(along.x, along.y, t.y), rise.y * (row.y - row.x));
}
