#version 430 core
// One triangle that covers the picture, with the clip spaces of lamps.
#include "light_source.glsl"
uniform vec4 lamp_clip[3 * SHADES];
flat out vec4 clip[3 * SHADES];

void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    pass_light();
    clip = lamp_clip;
    gl_Position = vec4(corner, 1.0, 1.0);
}
