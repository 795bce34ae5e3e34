#version 430 core
// Corners in the camera frame; lens.geom finds out where a lens can image the triangle.
#include "part.glsl"

out vec3 corner;
#ifndef SILHOUETTE
flat out uint drawable;
#endif
#ifdef ROLLING
layout(location = 10) in uint in_group;
flat out uint moving;
#endif

void main() {
    corner = to_camera(in_position);
#ifndef SILHOUETTE
    drawable = in_tag.x & 0x7ffffu;
#endif
#ifdef ROLLING
    moving = in_group;
#endif
}
