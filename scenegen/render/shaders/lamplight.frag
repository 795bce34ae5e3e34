#version 430 core
// Adds what several lamps light to the picture: what they share is worked out once.
// The depth test leaves out the sky.
#include "light.glsl"
#include "octahedron.glsl"
#include "surface.glsl"
#include "beam.glsl"
#ifdef WET
layout(binding = 4, r8) readonly uniform image2D film;
#endif
#if STREET
flat in vec4 street[STREET];
flat in vec4 street_color;  // 1 / (1 - cosine of the cone)
#endif
#if BEAMS
flat in vec4 beams[4 * BEAMS];
flat in vec4 beam_color;
#endif
layout(location = 0) out vec4 out_color;

const float BURNT = 8.0;  // exposed; no lamp lights a surface to more

// Share of a lamp's light that gets through the air to the surface.
float through_air(float r) {
#ifdef FOGGY
    return exp(-light.towards_light.w * r);
#else
    return 1.0;
#endif
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 p = view_ray(gl_FragCoord.xy) * imageLoad(normal_depth, at).w;
    Surface s = read_surface(at, imageLoad(surface, at).r, p);
    float wet = 0.0;
#ifdef WET
    wet = imageLoad(film, at).r;
    moisten(s, wet);
#endif
    vec3 f0 = mirror_color(s, wet);
    vec3 lit = vec3(0.0);
#if STREET
    Sums below = Sums(0.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < STREET; ++i) {
        vec3 to = street[i].xyz - p;
        float closeness = inversesqrt(max(dot(to, to), 0.05));
        vec3 l = to * closeness;
        // They hang level.
        float share = street_share(1.0 - (1.0 - dot(l, light.up.xyz)) * street_color.w);
        share *= through_air(1.0 / closeness);
        add_light(below, s, l, share * street[i].w * closeness * closeness);
    }
    lit += street_color.rgb * reflected(below, s, f0);
#endif
#if BEAMS
    Sums ahead = Sums(0.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < BEAMS; ++i) {
        Beam beam = Beam(beams[4 * i], beams[4 * i + 1], beams[4 * i + 2], beams[4 * i + 3]);
        vec3 to = beam.position_range.xyz - p;
        float d2 = max(dot(to, to), 0.05), closeness = inversesqrt(d2);
        vec3 l = to * closeness;
        float share = beam_share(beam, l, dot(-l, beam.axis_cone.xyz) - beam.axis_cone.w, d2);
        share *= through_air(d2 * closeness);
        add_light(ahead, s, l, share * beam.intensity.x * closeness * closeness);
    }
    lit += beam_color.rgb * reflected(ahead, s, f0);
#endif
    float open = mix(imageLoad(occlusion, at).r, 1.0, 0.35);
    lit *= open * exp(-light.towards_light.w * s.range) * light.up.w;
    // What stands right before a lamp is held back, as cameras do that map tones by place.
    lit /= 1.0 + max(max(lit.r, lit.g), lit.b) / BURNT;
    out_color = vec4(lit, 0.0);
}
