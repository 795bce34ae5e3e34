#version 430 core
// Finds the edges of luma and marks them in the depth, which nobody needs any more; the sensor's
// noise comes on top everywhere.
#include "light.glsl"
#include "hash.glsl"
#include "noise.glsl"
#include "shown.glsl"
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    float mid = luma(at);
    vec4 beside = luma_beside(at);
    float high = max(mid, highest(beside));
    float contrast = high + max(-mid, highest(-beside));
    gl_FragDepth = contrast >= max(0.08, high * 0.166) ? 0.0 : 1.0;
    out_color = with_noise(imageLoad(picture, at).rgb, at);
}
