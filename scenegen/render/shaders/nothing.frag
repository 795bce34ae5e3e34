#version 430 core
// The truth where there is no surface. Writing it there costs less than clearing everywhere.
uniform uint no_surface;
layout(location = 0) out vec4 out_normal_depth;
layout(location = 1) out uint out_surface;
layout(location = 2) out vec2 out_flow;

void main() {
    out_normal_depth = vec4(0.0, 0.0, 0.0, uintBitsToFloat(0x7f800000u));
    out_surface = no_surface;
    out_flow = vec2(0.0);
}
