#version 430 core
#include "part.glsl"
uniform mat4 clip_from_camera;

out vec3 position;       // camera frame, this frame
flat out vec4 motion_x, motion_y, motion_z;  // next camera from this one, with the part
out vec3 shading_normal;
out vec2 uv;
flat out uvec4 tag;      // ids, material | lit << 31, colour, texture and finish

void main() {
    position = to_camera(in_position);
    motion_x = in_next_row_x;
    motion_y = in_next_row_y;
    motion_z = in_next_row_z;
    shading_normal = turn_to_camera(in_normal);
    uv = in_uv;
    tag = in_tag;
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
