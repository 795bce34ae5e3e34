#version 430 core
// Scene-linear light to display values, with glow; luma apart for the next pass, if any.
#include "light.glsl"
#include "hash.glsl"
#include "noise.glsl"
#include "display.glsl"
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
#ifdef GLOW
uniform sampler2D glow;
#endif
layout(location = 0) out vec4 out_color;
#ifndef LAST
layout(location = 1) out float out_luma;
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 c = imageLoad(lit_picture, at).rgb;
#ifdef GLOW
    c += 0.20 * texture(glow, gl_FragCoord.xy / light.size.xy).rgb;
#endif
    vec3 shown = encode(filmic(c));
#ifdef LAST
    out_color = with_noise(shown, at);
#else
    out_color = vec4(shown, 1.0);
    out_luma = dot(shown, vec3(0.299, 0.587, 0.114));
#endif
}
