#version 430 core
#include "part.glsl"

void main() {
    gl_Position = to_clip(to_camera(in_position));
}
