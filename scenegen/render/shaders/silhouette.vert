#version 430 core
#include "part.glsl"
uniform mat4 clip_from_camera;

void main() {
    Drawable d = drawables[in_drawable];
    gl_Position = clip_from_camera * vec4(to_camera(d.part, in_position, false), 1.0);
}
