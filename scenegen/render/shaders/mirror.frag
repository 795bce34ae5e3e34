#version 430 core
// Adds the mirrored surroundings to wet ground, drawn out along the view as rough water does.
#include "light.glsl"
layout(binding = 1, rgba32f) readonly uniform image2D mirrored_picture;
layout(binding = 4, r8) readonly uniform image2D film;
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    float wet = imageLoad(film, at).r;
    if (wet <= 0.0) discard;
    ivec2 last = imageSize(mirrored_picture) - 1;
    vec2 centre = (gl_FragCoord.xy - 0.5) * 0.5;
    // The wetter the smoother; a pixel to each side hides the half size.
    float stride = mix(2.2, 0.7, smoothstep(0.55, 0.95, wet));
    vec3 sum = vec3(0.0);
    float total = 0.0;
    for (int k = -3; k <= 3; ++k) {
        float x = float(k);
        float w = exp(-0.22 * x * x);
        vec2 p = centre + vec2(0.0, x * stride);
        ivec2 a = clamp(ivec2(floor(p)), ivec2(0), last);
        ivec2 b = min(a + ivec2(1, 0), last);
        vec3 c = mix(imageLoad(mirrored_picture, a).rgb, imageLoad(mirrored_picture, b).rgb,
                     fract(p.x));
        sum += w * c;
        total += w;
    }
    out_color = vec4(sum / total, 0.0);
}
