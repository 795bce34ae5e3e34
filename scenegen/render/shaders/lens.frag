#version 430 core
// Whether the exact ray of this pixel meets the triangle, and where.
uniform sampler2D rays;   // directions of depth 1 through pixel centres; w is 0 outside of the field
uniform ivec2 offset;     // from what is drawn into to the picture of rays
uniform vec2 range;       // near, far

flat in vec3 side_ab, side_bc, side_ca;
flat in vec4 plane;

#ifdef SILHOUETTE
layout(location = 0) out float covered;
#else
flat in uint shown;
layout(location = 0) out vec4 out_normal_depth;
layout(location = 1) out uint out_surface;
#endif

void main() {
    vec4 ray = texelFetch(rays, ivec2(gl_FragCoord.xy) + offset, 0);
    vec3 inside = vec3(dot(side_ab, ray.xyz), dot(side_bc, ray.xyz), dot(side_ca, ray.xyz));
    if (ray.w == 0.0 || min(min(inside.x, inside.y), inside.z) < 0.0) discard;
    float depth = plane.w / dot(plane.xyz, ray.xyz);
    if (!(depth >= range.x && depth <= range.y)) discard;
#ifdef SILHOUETTE
    covered = 1.0;
#else
    gl_FragDepth = (1.0 / range.x - 1.0 / depth) / (1.0 / range.x - 1.0 / range.y);
    vec3 normal = normalize(plane.xyz);
    out_normal_depth = vec4(plane.w > 0.0 ? -normal : normal, depth);
    out_surface = shown;
#endif
}
