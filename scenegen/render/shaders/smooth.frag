#version 430 core
// Smooths stair-steps along the edges that were marked (after the idea of Lottes 2009, FXAA).
#include "light.glsl"
#include "hash.glsl"
#include "noise.glsl"
#include "shown.glsl"
layout(location = 0) out vec4 out_color;

vec3 smoothed(ivec2 at, vec3 color, float mid) {
    vec4 beside = luma_beside(at);
    float n = beside.x, s = beside.y, w = beside.z, e = beside.w;
    float contrast = max(mid, highest(beside)) + max(-mid, highest(-beside));
    float rows = abs(w + e - 2.0 * mid), cols = abs(n + s - 2.0 * mid);
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
    float around = (n + s + w + e) / 4.0;
    float speck = clamp(abs(around - mid) / contrast, 0.0, 1.0);
    speck = speck * speck * (3.0 - 2.0 * speck);
    float blend = clamp(max(edge, speck * speck * 0.6), 0.0, 0.6);
    return mix(color, imageLoad(picture, inside(at + across)).rgb, blend);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    out_color = with_noise(smoothed(at, imageLoad(picture, at).rgb, luma(at)), at);
}
