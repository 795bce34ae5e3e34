#version 430 core
// Mirrored surroundings on wet ground, marched through the picture itself.
#include "light.glsl"
#include "hash.glsl"
uniform sampler2D lit_picture;
uniform sampler2D normal_depth;
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 here = texelFetch(lit_picture, at, 0);
    out_color = here;
    if (here.a <= 0.002) return;
    vec4 nd = texelFetch(normal_depth, at, 0);
    vec3 p = view_ray(gl_FragCoord.xy) * nd.w;
    vec3 jitter = hash3(uvec3(at, light.seeds.z)) - 0.5;
    vec3 n = normalize(nd.xyz + jitter * vec3(0.015, 0.015, 0.05));
    vec3 d = reflect(normalize(p), n);
    vec2 size = vec2(textureSize(normal_depth, 0));
    float t = 0.25 + 0.1 * jitter.x;
    for (int i = 0; i < 14; ++i) {
        vec3 q = p + d * t;
        if (q.z < 0.1) return;
        vec2 pixel = light.intrinsics.xy * q.xy / q.z + light.intrinsics.zw;
        if (any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, size))) return;
        float depth = texelFetch(normal_depth, ivec2(pixel), 0).w;
        if (depth > 0.0 && q.z > depth + 0.02 && q.z < depth + 0.6 + 0.35 * t) {
            vec4 hit = texelFetch(lit_picture, ivec2(pixel), 0);
            if (hit.a > 0.002) return;
            vec3 mirrored_sky = ambient_sky(d) * light.up.w;
            out_color.rgb = max(here.rgb + here.a * (min(hit.rgb, vec3(8.0)) - mirrored_sky), 0.0);
            return;
        }
        t *= 1.42;
    }
}
