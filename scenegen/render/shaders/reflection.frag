#version 430 core
// Mirrored surroundings on wet ground, marched through the picture itself.
#include "light.glsl"
#include "hash.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
layout(location = 0) out vec4 out_color;

vec4 mirrored(ivec2 at, vec4 here) {
    vec4 nd = imageLoad(normal_depth, at);
    vec3 p = view_ray(gl_FragCoord.xy) * nd.w;
    vec3 jitter = hash3(uvec3(at, light.seeds.z)) - 0.5;
    vec3 n = normalize(nd.xyz + jitter * vec3(0.006, 0.006, 0.035));
    vec3 d = reflect(normalize(p), n);
    vec2 size = light.size.xy;
    float t = 0.25 + 0.1 * jitter.x;
    for (int i = 0; i < 14; ++i) {
        vec3 q = p + d * t;
        if (q.z < 0.1) return here;
        vec2 pixel = light.intrinsics.xy * q.xy / q.z + light.intrinsics.zw;
        if (any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, size))) return here;
        float depth = imageLoad(normal_depth, ivec2(pixel)).w;
        if (q.z > depth + 0.02 && q.z < depth + 0.6 + 0.35 * t) {
            vec4 hit = imageLoad(lit_picture, ivec2(pixel));
            if (hit.a > 0.002) return here;
            vec3 mirrored_sky = ambient_sky(d) * light.up.w;
            vec3 color = here.rgb + here.a * (min(hit.rgb, vec3(8.0)) - mirrored_sky);
            return vec4(max(color, 0.0), here.a);
        }
        t *= 1.42;
    }
    return here;
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 here = imageLoad(lit_picture, at);
    out_color = here;
    // A loop rather than a branch: a software rasteriser runs both sides of a branch, but leaves
    // a loop that no pixel wants.
    for (int once = int(here.a > 0.002); once > 0; --once) out_color = mirrored(at, here);
}
