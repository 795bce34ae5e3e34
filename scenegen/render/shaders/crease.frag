#version 430 core
// How open each surface is to the light from around, by what stands out of its tangent plane
// nearby in the picture: at half the picture's size.
#include "light.glsl"
#include "octahedron.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(location = 0) out vec2 out_open;  // and the depth it holds for

const int TAPS = 8;
const float REACH = 0.7;     // m
const float WIDEST = 0.09;   // of the picture's height: near things ask for more than this
const float STRENGTH = 5.0;

void main() {
    ivec2 last = ivec2(light.size.xy) - 1;
    ivec2 at = min(2 * ivec2(gl_FragCoord.xy), last);
    vec4 nd = imageLoad(normal_depth, at);
    float widest = WIDEST * light.size.y;
    float spread = min(light.intrinsics.y * REACH / nd.w, widest);
    out_open = vec2(1.0, nd.w);
    if (isinf(nd.w) || spread < 1.5) return;
    float reach = spread * nd.w / light.intrinsics.y;
    vec2 pixel = vec2(at) + 0.5;
    vec3 p = view_ray(pixel) * nd.w;
    // Four turns of one spiral, which the next pass averages.
    ivec2 odd = ivec2(gl_FragCoord.xy) & 1;
    float turn = 0.392699 * float(odd.x + 2 * odd.y);
    float hidden = 0.0;
    for (int k = 0; k < TAPS; ++k) {
        float angle = turn + 2.399963 * float(k);
        float far = spread * sqrt((float(k) + 0.6) / float(TAPS));
        ivec2 there = clamp(ivec2(pixel + far * vec2(cos(angle), sin(angle))), ivec2(0), last);
        float depth = imageLoad(normal_depth, there).w;
        vec3 v = view_ray(vec2(there) + 0.5) * min(depth, 1.0e4) - p;
        float d2 = dot(v, v);
        // What stands further off than the reach belongs to something else and hides nothing.
        float near = max(1.0 - d2 / (reach * reach), 0.0);
        hidden += near * max(dot(v, nd.xyz) * inversesqrt(d2 + 1e-6) - 0.12, 0.0);
    }
    float fades = clamp(0.5 * spread - 0.75, 0.0, 1.0);
    out_open.x = max(1.0 - STRENGTH * fades * hidden / float(TAPS), 0.25);
}
