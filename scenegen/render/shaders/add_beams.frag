#version 430 core
// Adds the light that fog throws back from a quarter of the size, across no edge of depth.
#include "light.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 5, rgba32f) readonly uniform image2D beams;  // a: nearness
layout(location = 0) out vec4 out_color;

void main() {
    float nearness = 1.0 / imageLoad(normal_depth, ivec2(gl_FragCoord.xy)).w;
    vec2 place = 0.25 * gl_FragCoord.xy - 0.5;
    ivec2 first = ivec2(floor(place)), last = imageSize(beams) - 1;
    vec2 t = place - vec2(first);
    vec3 sum = vec3(0.0);
    float total = 0.0;
    for (int k = 0; k < 4; ++k) {
        ivec2 corner = ivec2(k & 1, k >> 1);
        vec4 seen = imageLoad(beams, clamp(first + corner, ivec2(0), last));
        vec2 share = mix(1.0 - t, t, vec2(corner));
        float apart = abs(seen.a - nearness) / (nearness + 0.004);
        float w = (share.x * share.y + 0.01) / (0.05 + apart);
        sum += w * seen.rgb;
        total += w;
    }
    out_color = vec4(sum / total, 0.0);
}
