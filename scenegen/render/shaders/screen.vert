#version 430 core
// One triangle that covers the picture, as far away as the depth goes.
#include "light_source.glsl"

void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    pass_light();
    gl_Position = vec4(corner, 1.0, 1.0);
}
