// The picture in display values, and what both passes of smoothing share.
layout(binding = 0, r8) readonly uniform image2D luma_picture;
layout(binding = 1, rgba8) readonly uniform image2D picture;

ivec2 inside(ivec2 at) { return clamp(at, ivec2(0), ivec2(light.size.xy) - 1); }

float luma(ivec2 at) { return imageLoad(luma_picture, inside(at)).r; }

// Luma above, below, left and right.
vec4 luma_beside(ivec2 at) {
    return vec4(luma(at + ivec2(0, -1)), luma(at + ivec2(0, 1)),
                luma(at + ivec2(-1, 0)), luma(at + ivec2(1, 0)));
}

float highest(vec4 v) { return max(max(v.x, v.y), max(v.z, v.w)); }

// Photon noise grows with the root of the light; display values are about its root already.
vec4 with_noise(vec3 color, ivec2 at) {
    uvec3 a = pcg3d(uvec3(at, light.seeds.x));
    vec3 bell = (vec3(a & 0xffffu) + vec3(a >> 16u)) / 65535.0 - 1.0;
    float bright = dot(color, vec3(1.0 / 3.0));
    float amount = mix(0.006, 0.035, light.aureole.w) * (0.35 + 0.65 * sqrt(bright));
    return vec4(clamp(color + bell * amount * 2.0, 0.0, 1.0), 1.0);
}
