#version 430 core
#include "part.glsl"
uniform mat4 clip_from_camera;

void main() {
    gl_Position = clip_from_camera * vec4(to_camera(in_position), 1.0);
}
