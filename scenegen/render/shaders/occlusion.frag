#version 430 core
// Sky that an object standing on the ground hides from the ground around and below it.
#include "light.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
flat in vec4 row_x, row_y, row_z, half_reach;
layout(location = 0) out vec4 open;

void main() {
    vec4 nd = imageLoad(normal_depth, ivec2(gl_FragCoord.xy));
    vec4 p = vec4(view_ray(gl_FragCoord.xy) * nd.w, 1.0);
    vec3 q = vec3(dot(row_x, p), dot(row_y, p), dot(row_z, p));
    float reach = half_reach.w;
    if (reach < 0.0) {
        // A room: the sky shines in through both ends; see enclosure.py.
        if (isinf(nd.w) || abs(q.x) > half_reach.x || abs(q.y) > half_reach.y + 0.05
            || q.z < -0.5 || q.z > 2.0 * half_reach.z + 0.05) discard;
        float high = 2.0 * half_reach.z;
        vec2 ends = half_reach.x + vec2(-q.x, q.x);
        open = vec4(dot(vec2(0.5), 1.0 - ends / sqrt(ends * ends + high * high)));
        return;
    }
    if (isinf(nd.w) || abs(q.z) > 0.3 || dot(nd.xyz, light.up.xyz) < 0.7) discard;
    vec2 out_by = abs(q.xy) - half_reach.xy;
    float d = length(max(out_by, 0.0));
    float inside = min(max(out_by.x, out_by.y), 0.0);
    // Half the cosine-weighted sky above a wall's foot is hidden by a wall of height h at
    // distance d: (1 - d / sqrt(d² + h²)) / 2; below the body nearly all.
    float h = half_reach.z * 2.0;
    float hidden = 0.5 * (1.0 - d / sqrt(d * d + h * h));
    // It is as wide as it is, which fills x / (x + 0.64), about 2 / pi atan(x), of the turn.
    float wide = length(half_reach.xy);
    hidden *= wide / (wide + 0.64 * d);
    hidden *= 1.0 - smoothstep(0.4, 1.0, d / reach);
    hidden = mix(hidden, 0.88, smoothstep(0.0, -0.35, inside));
    open = vec4(1.0 - hidden);
}
