#version 430 core
#include "part.glsl"
uniform mat4 clip_from_camera;

out vec3 position;       // camera frame, this frame
out vec3 next_position;  // next camera's frame, next pose
out vec3 shading_normal;
out vec2 uv;
flat out uvec4 tag;      // ids, drawable, colour, layer

void main() {
    Drawable d = drawables[in_drawable];
    position = to_camera(d.part, in_position, false);
    next_position = to_camera(d.part, in_position, true);
    shading_normal = turn_to_camera(d.part, in_normal);
    uv = in_uv;
    tag = uvec4(d.ids, in_drawable, d.color, uint(d.layer));
    gl_Position = clip_from_camera * vec4(position, 1.0);
}
