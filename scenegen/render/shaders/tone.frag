#version 430 core
// Scene-linear light to display values, with glow; luma apart for the next pass.
#include "light.glsl"
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
uniform sampler2D glow;
layout(location = 0) out vec4 out_color;
layout(location = 1) out float out_luma;

// Filmic curve fitted by Narkowicz (2015) to the ACES reference rendering.
vec3 filmic(vec3 x) {
    return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

// The curve of sRGB from 0 to 1, of which roots give the power within a tenth of a level.
vec3 encode(vec3 c) {
    vec3 root = sqrt(c);
    vec3 power = 0.83372541 * root + 0.29813773 * sqrt(root) - 0.055313 * c - 0.07691117;
    return mix(12.92 * c, power, step(0.0031308, c));
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 c = imageLoad(lit_picture, at).rgb;
    c += 0.40 * texture(glow, gl_FragCoord.xy / light.size.xy).rgb;
    vec3 shown = encode(filmic(c));
    out_color = vec4(shown, 1.0);
    out_luma = dot(shown, vec3(0.299, 0.587, 0.114));
}
