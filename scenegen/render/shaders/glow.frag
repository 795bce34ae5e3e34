#version 430 core
// Gathers what is brighter than white, or all, into a quarter-size picture.
#ifdef SHOWN
layout(binding = 1, rgba8) readonly uniform image2D lit_picture;
#else
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
#endif
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 first = ivec2(gl_FragCoord.xy) * 4;
    vec3 sum = vec3(0.0);
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) {
            vec3 c = imageLoad(lit_picture, first + ivec2(x, y)).rgb;
#ifdef SHOWN
            c *= c * (0.9 + 0.1 / (1.01 - c));  // about the light that is shown so
#endif
#ifdef ALL
            sum += min(c, 20.0);
#else
            sum += max(c - 1.2, 0.0);
#endif
        }
    out_color = vec4(sum / 16.0, 1.0);
}
