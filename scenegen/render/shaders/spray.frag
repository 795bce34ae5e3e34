#version 430 core
// Soft where a surface stands in it.
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
in vec2 corner;
flat in vec4 shade;
flat in vec2 place;
layout(location = 0) out vec4 out_color;

void main() {
    float r2 = dot(corner, corner);
    if (r2 >= 1.0) discard;
    float behind = imageLoad(normal_depth, ivec2(gl_FragCoord.xy)).w - place.x + place.y;
    float a = shade.a * (1.0 - r2) * (1.0 - r2) * smoothstep(0.0, 2.0 * place.y, behind);
#ifdef SHOWN
    a *= 1.6 - 0.6 * a;  // what the same share of light makes of display values
#endif
    out_color = vec4(shade.rgb * a, a);
}
