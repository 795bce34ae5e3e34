#version 430 core
// Adds what several lamps light to the picture. The depth test leaves out the sky.
#include "light.glsl"
#include "octahedron.glsl"
#include "surface.glsl"
#include "lamplit.glsl"
#ifdef WET
layout(binding = 4, r8) readonly uniform image2D film;
#endif
layout(location = 0) out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 p = view_ray(gl_FragCoord.xy) * imageLoad(normal_depth, at).w;
    Surface s = read_surface(at, imageLoad(surface, at).r, p);
    float wet = 0.0;
#ifdef WET
    wet = imageLoad(film, at).r;
    moisten(s, wet);
#endif
    out_color = vec4(lamplit(s, mirror_color(s, wet), imageLoad(occlusion, at).r), 0.0);
}
