#version 430 core
#include "part.glsl"

out vec3 position;  // camera frame, this frame
flat out vec4 motion_x, motion_y, motion_z;
out vec3 shading_normal;
#ifdef TEXTURED
out vec2 uv;
#endif
flat out uvec3 tag;

void main() {
    position = to_camera(in_position);
    motion_x = in_next_row_x;
    motion_y = in_next_row_y;
    motion_z = in_next_row_z;
    shading_normal = turn_to_camera(in_normal);
#ifdef TEXTURED
    uv = in_uv;
#endif
    tag = in_tag;
    gl_Position = to_clip(position);
}
