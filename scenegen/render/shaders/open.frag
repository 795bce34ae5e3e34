#version 430 core
// Takes the openness of creases from half the size to the picture's, across no edge of depth.
#include "light.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 5, rgba32f) readonly uniform image2D half_open;
layout(location = 0) out vec4 open;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    float depth = imageLoad(normal_depth, at).w;
    ivec2 first = (at - 1) >> 1, last = imageSize(half_open) - 1;
    float sum = 0.0, total = 0.0;
    for (int k = 0; k < 4; ++k) {
        vec2 seen = imageLoad(half_open, clamp(first + ivec2(k & 1, k >> 1), ivec2(0), last)).xy;
        float w = 1.0 / (0.02 + abs(seen.y - depth) / depth);
        sum += w * seen.x;
        total += w;
    }
    open = vec4(sum / total);
}
