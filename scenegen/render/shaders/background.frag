#version 430 core
// Clears the truth: integer and float targets together, which glClear cannot do.
uniform uint sky_ids;
layout(location = 0) out vec4 out_normal_depth;
layout(location = 1) out uint out_ids;
layout(location = 2) out vec2 out_flow;
layout(location = 3) out uvec4 out_surface;

void main() {
    out_normal_depth = vec4(0.0);
    out_ids = sky_ids;
    out_flow = vec2(3.0e38);
    out_surface = uvec4(0u);
}
