#version 430 core
in vec2 across_along;
flat in vec4 shade;
layout(location = 0) out vec4 out_color;

void main() {
    // Round across, and fading towards both ends.
    vec2 q = across_along * across_along;
    float a = shade.a * max(1.0 - q.x, 0.0) * (1.0 - q.y * q.y) * 1.5;
    a = min(a, 1.0);
#ifdef SHOWN
    a *= 1.6 - 0.6 * a;  // what the same share of light makes of display values
#endif
    out_color = vec4(shade.rgb * a, a);
}
