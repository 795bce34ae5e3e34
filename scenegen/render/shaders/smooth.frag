#version 430 core
// Smooths stair-steps along edges of luma (after the idea of Lottes 2009, FXAA), then adds
// the sensor's noise.
#include "light.glsl"
#include "hash.glsl"
layout(binding = 0, r8) readonly uniform image2D luma_picture;
layout(binding = 1, rgba8) readonly uniform image2D picture;
layout(location = 0) out vec4 out_color;

float luma(ivec2 at) {
    return imageLoad(luma_picture, clamp(at, ivec2(0), ivec2(light.size.xy) - 1)).r;
}

vec3 smoothed(ivec2 at, vec3 color, float mid, vec4 beside, float contrast) {
    float n = beside.x, s = beside.y, w = beside.z, e = beside.w;
    float nw = luma(at + ivec2(-1, -1)), ne = luma(at + ivec2(1, -1));
    float sw = luma(at + ivec2(-1, 1)), se = luma(at + ivec2(1, 1));
    float rows = abs(nw + ne - 2.0 * n) + 2.0 * abs(w + e - 2.0 * mid) + abs(sw + se - 2.0 * s);
    float cols = abs(nw + sw - 2.0 * w) + 2.0 * abs(n + s - 2.0 * mid) + abs(ne + se - 2.0 * e);
    bool level = cols >= rows;  // the edge runs from left to right
    float before = level ? n : w, after = level ? s : e;
    bool back = abs(before - mid) >= abs(after - mid);
    ivec2 across = level ? ivec2(0, back ? -1 : 1) : ivec2(back ? -1 : 1, 0);
    ivec2 along = level ? ivec2(1, 0) : ivec2(0, 1);
    float beyond = back ? before : after;
    float middle = 0.5 * (mid + beyond);
    float limit = 0.25 * abs(beyond - mid);

    // Walk both ways to where the step ends; where this pixel lies between tells the blend.
    int left = 0, right = 0;
    float at_left = 0.0, at_right = 0.0;
    bool more_left = true, more_right = true;
    for (int step = 0; step < 3; ++step) {
        int k = 1 + step * (step + 1);  // 1, 3, 7
        if (more_left) {
            ivec2 q = at - along * k;
            at_left = 0.5 * (luma(q) + luma(q + across)) - middle;
            left = k;
            more_left = abs(at_left) < limit;
        }
        if (more_right) {
            ivec2 q = at + along * k;
            at_right = 0.5 * (luma(q) + luma(q + across)) - middle;
            right = k;
            more_right = abs(at_right) < limit;
        }
    }
    float nearest = float(min(left, right));
    float at_end = left < right ? at_left : at_right;
    bool wanted = (at_end < 0.0) != (mid - middle < 0.0);
    float edge = wanted ? 0.5 - nearest / float(left + right) : 0.0;
    float around = (2.0 * (n + s + w + e) + nw + ne + sw + se) / 12.0;
    float speck = clamp(abs(around - mid) / contrast, 0.0, 1.0);
    speck = speck * speck * (3.0 - 2.0 * speck);
    float blend = clamp(max(edge, speck * speck * 0.6), 0.0, 0.6);
    ivec2 other = clamp(at + across, ivec2(0), ivec2(light.size.xy) - 1);
    return mix(color, imageLoad(picture, other).rgb, blend);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 c = imageLoad(picture, at).rgb;
    float mid = luma(at);
    float n = luma(at + ivec2(0, -1)), s = luma(at + ivec2(0, 1));
    float w = luma(at + ivec2(-1, 0)), e = luma(at + ivec2(1, 0));
    float high = max(mid, max(max(n, s), max(w, e)));
    float contrast = high - min(mid, min(min(n, s), min(w, e)));
    // A loop rather than a branch: see lighting.frag.
    for (int once = int(contrast >= max(0.06, high * 0.15)); once > 0; --once) {
        c = smoothed(at, c, mid, vec4(n, s, w, e), contrast);
    }
    // Photon noise grows with the root of the light; display values are about its root already.
    uvec3 a = pcg3d(uvec3(at, light.seeds.x));
    vec3 bell = (vec3(a & 0xffffu) + vec3(a >> 16u)) / 65535.0 - 1.0;
    float bright = dot(c, vec3(1.0 / 3.0));
    float amount = mix(0.006, 0.035, light.aureole.w) * (0.35 + 0.65 * sqrt(bright));
    out_color = vec4(clamp(c + bell * amount * 2.0, 0.0, 1.0), 1.0);
}
