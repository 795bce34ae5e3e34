#version 430 core
// Adds what one spot lights to the picture.
#include "light.glsl"
#include "octahedron.glsl"
#include "surface.glsl"
#include "beam.glsl"
#ifdef WET
layout(binding = 4, r8) readonly uniform image2D film;
#endif
flat in vec4 position_range, direction_cone, intensity, up_cut;
layout(location = 0) out vec4 out_color;

const float BURNT = 8.0;  // exposed; no lamp lights a surface to more

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 p = view_ray(gl_FragCoord.xy) * imageLoad(normal_depth, at).w;
    vec3 to = position_range.xyz - p;
    float d2 = dot(to, to);
    vec3 l = to * inversesqrt(d2);
    // The box around the beam holds more than the beam.
    if (d2 >= position_range.w * position_range.w
        || dot(-l, direction_cone.xyz) <= direction_cone.w) discard;
    Surface s = read_surface(at, imageLoad(surface, at).r, p);
    float wet = 0.0;
#ifdef WET
    wet = imageLoad(film, at).r;
    moisten(s, wet);
#endif
    float open = mix(imageLoad(occlusion, at).r, 1.0, 0.35);
    float through = exp(-light.towards_light.w * s.range) * light.up.w;
    Beam beam = Beam(position_range, direction_cone, intensity, up_cut);
    vec3 lit = beam_illuminance(beam, l, d2) * open * reflect_light(s, mirror_color(s, wet), l) * through;
    // What stands right before a lamp is held back, as cameras do that map tones by place.
    lit /= 1.0 + max(max(lit.r, lit.g), lit.b) / BURNT;
    out_color = vec4(lit, 0.0);
}
