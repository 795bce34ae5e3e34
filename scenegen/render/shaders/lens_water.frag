#version 430 core
// Shows the lit picture through what `lens_place.frag` found on the lens; of display values only
// what it changes is drawn.
#include "light.glsl"
#ifdef SHOWN
layout(binding = 1, rgba8) readonly uniform image2D lit_picture;
#else
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
#endif
layout(binding = 5, rgba32f) readonly uniform image2D place_picture;
layout(binding = 6, rg32f) readonly uniform image2D veil_picture;
uniform sampler2D glow;  // the picture blurred
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 color = imageLoad(lit_picture, at).rgb;
    vec4 place = imageLoad(place_picture, at);
    vec2 veil = imageLoad(veil_picture, at).rg;
    vec3 soft = texture(glow, place.xy / light.size.xy).rgb;
    vec3 sharp = imageLoad(lit_picture, ivec2(place.xy)).rgb;
    vec3 earth = vec3(0.55, 0.47, 0.38), passed = 0.35 + 0.3 * earth;
#ifdef SHOWN
    soft = min(sqrt(0.92 * soft), 1.0);
    veil.x = sqrt(veil.x);
    passed = sqrt(passed);
#endif
    color = mix(color, mix(sharp, soft, place.z) * veil.x, place.w);
    // Dirt is out of focus, takes light away, and glows where light falls on it.
    color = mix(color, mix(color, soft, 0.6) * passed, veil.y);
    out_color = vec4(color, 0.0);
}
