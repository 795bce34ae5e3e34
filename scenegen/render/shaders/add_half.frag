#version 430 core
// Adds a picture of half the size.
#include "light.glsl"
uniform sampler2D half_picture;
layout(location = 0) out vec4 out_color;

void main() {
    out_color = vec4(texture(half_picture, gl_FragCoord.xy / light.size.xy).rgb, 0.0);
}
