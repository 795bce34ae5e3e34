#version 430 core
#include "part.glsl"
uniform mat4 clip_from_camera;

out vec3 position;       // camera frame, this frame
out vec3 next_position;  // next camera's frame, next pose
out vec3 shading_normal;
out vec2 uv;
flat out uvec4 tag;      // ids, material | lit << 31, colour, layer

void main() {
    position = to_camera(in_position);
    next_position = to_next_camera(in_position);
    shading_normal = turn_to_camera(in_normal);
    uv = in_uv;
    tag = in_tag;
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
