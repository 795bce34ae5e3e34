#version 430 core
// Mirrored surroundings on wet ground, marched through the picture itself at half its size: what
// they differ by from the sky that lighting took for them.
#include "light.glsl"
#include "hash.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
layout(location = 0) out vec4 out_color;  // a: distance to what is mirrored, 0 where nothing is

const int STEPS = 14;

vec2 pixel_of(vec3 q) { return light.intrinsics.xy * q.xy / q.z + light.intrinsics.zw; }

vec4 mirrored(ivec2 at, float share) {
    vec4 nd = imageLoad(normal_depth, at);
    vec3 p = view_ray(vec2(at) + 0.5) * nd.w;
    vec2 w = vec2(dot(light.world_rows[0].xyz, p) + light.world_rows[0].w,
                  dot(light.world_rows[1].xyz, p) + light.world_rows[1].w);
    // Ripples: broad enough not to fall between pixels.
    float fine = clamp(1.0 - nd.w / (0.04 * light.intrinsics.x), 0.0, 1.0);
    vec2 ripple = (vec2(value_noise(w * 6.0 + 4096.0, 21u), value_noise(w * 6.0 + 4096.0, 22u)) - 0.5)
                * 0.02 * fine;
    vec3 n = normalize(nd.xyz + ripple.x * light.world_rows[0].xyz + ripple.y * light.world_rows[1].xyz);
    vec3 d = reflect(normalize(p), n);
    vec2 size = light.size.xy;
    float t = 0.2, before = 0.0;
    for (int i = 0; i < STEPS; ++i) {
        vec3 q = p + d * t;
        if (q.z < 0.1) return vec4(0.0);
        vec2 pixel = pixel_of(q);
        if (any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, size))) return vec4(0.0);
        float depth = imageLoad(normal_depth, ivec2(pixel)).w;
        if (q.z > depth + 0.02 && q.z < depth + 0.6 + 0.35 * t) {
            // Between the last two steps the ray went in: halve four times.
            float low = before, high = t;
            for (int k = 0; k < 4; ++k) {
                float mid = 0.5 * (low + high);
                q = p + d * mid;
                bool inside = q.z > imageLoad(normal_depth, ivec2(pixel_of(q))).w + 0.02;
                low = inside ? low : mid;
                high = inside ? mid : high;
            }
            pixel = clamp(pixel_of(p + d * high), vec2(0.0), size - 1.0);
            vec4 hit = imageLoad(lit_picture, ivec2(pixel));
            if (hit.a > 0.002) return vec4(0.0);
            vec3 sky = ambient_sky(d) * light.up.w;
            return vec4(share * (min(hit.rgb, vec3(8.0)) - sky), high);
        }
        before = t;
        t *= 1.42;
    }
    return vec4(0.0);
}

void main() {
    ivec2 at = min(2 * ivec2(gl_FragCoord.xy), ivec2(light.size.xy) - 1);
    float share = imageLoad(lit_picture, at).a;
    out_color = vec4(0.0);
    // A loop rather than a branch: a software rasteriser runs both sides of a branch, but leaves
    // a loop that no pixel wants.
    for (int once = int(share > 0.002); once > 0; --once) out_color = mirrored(at, share);
}
