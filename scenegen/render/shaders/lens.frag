#version 430 core
// Whether the exact ray of this pixel meets the triangle, and where.
uniform sampler2D rays;   // directions of depth 1 through pixel centres; w is 0 outside of the field
uniform ivec2 offset;     // from what is drawn into to the picture of rays
uniform vec2 range;       // near, far

flat in vec3 side_ab, side_bc, side_ca;
flat in vec4 plane;
#ifdef ROLLING
#include "row_motion.glsl"
flat in vec3 way_ab, way_bc, way_ca;
flat in uint group;
uniform bool two_sided;
#endif

#ifdef SILHOUETTE
layout(location = 0) out float covered;
#else
flat in uint shown;
layout(location = 0) out vec4 out_normal_depth;
layout(location = 1) out uint out_surface;
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy) + offset;
    vec4 ray = texelFetch(rays, at, 0);
    vec3 way = ray.xyz;
    float volume = plane.w;
#ifdef ROLLING
    // The ray of this row, as it meets the triangle where that is at the picture's middle.
    Rigid middle_from_row = motion_at(at.y - rows, group);
    way = turned(middle_from_row, way);
    volume -= dot(plane.xyz, middle_from_row.origin);
    if (volume == 0.0 || (volume > 0.0 && !two_sided)) discard;
    vec3 moment = cross(middle_from_row.origin, way);
    vec3 inside = vec3(dot(side_ab, way) + dot(way_ab, moment),
                       dot(side_bc, way) + dot(way_bc, moment),
                       dot(side_ca, way) + dot(way_ca, moment)) * sign(volume);
#else
    vec3 inside = vec3(dot(side_ab, way), dot(side_bc, way), dot(side_ca, way));
#endif
    if (ray.w == 0.0 || min(min(inside.x, inside.y), inside.z) < 0.0) discard;
    float depth = volume / dot(plane.xyz, way);
    if (!(depth >= range.x && depth <= range.y)) discard;
#ifdef SILHOUETTE
    covered = 1.0;
#else
    gl_FragDepth = (1.0 / range.x - 1.0 / depth) / (1.0 / range.x - 1.0 / range.y);
    vec3 normal = normalize(plane.xyz);
#ifdef ROLLING
    normal = turned_back(middle_from_row, normal);
#endif
    out_normal_depth = vec4(volume > 0.0 ? -normal : normal, depth);
    out_surface = shown;
#endif
}
