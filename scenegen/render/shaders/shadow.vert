#version 430 core
// In the shadow pass the poses lead to clip space.
#include "part.glsl"

void main() {
    gl_Position = vec4(to_camera(in_position), 1.0);
}
