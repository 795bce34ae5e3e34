// What several lamps light of a surface: what they share is worked out once.
#include "beam.glsl"
#if STREET
flat in vec4 street[STREET];
flat in vec4 street_color;  // 1 / (1 - cosine of the cone)
#endif
#if BEAMS
flat in vec4 beams[4 * BEAMS];
flat in vec4 beam_color;
#endif

#ifdef SHADED
// Which of the lamps that throw shadows light the pixel: a channel each, of four at most.
layout(binding = 6, rgba8) readonly uniform image2D shade;
#if STREET
flat in vec4 street_channels;
#endif
#if BEAMS
flat in vec4 beam_channels;
#endif
#endif

const float BURNT = 8.0;  // exposed; no lamp lights a surface to more

// Share of a lamp's light that gets through the air to the surface.
float through_air(float r) {
#ifdef FOGGY
    return exp(-light.towards_light.w * r);
#else
    return 1.0;
#endif
}

// Exposed; `open` is how much of the light from around reaches the surface.
vec3 lamplit(Surface s, vec3 f0, float open) {
    vec3 lit = vec3(0.0);
#ifdef SHADED
    vec4 seen = imageLoad(shade, ivec2(gl_FragCoord.xy));
#endif
#if STREET
    Sums below = Sums(0.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < STREET; ++i) {
        vec3 to = street[i].xyz - s.position;
        float closeness = inversesqrt(max(dot(to, to), 0.05));
        vec3 l = to * closeness;
        // They hang level.
        float share = street_share(1.0 - (1.0 - dot(l, light.up.xyz)) * street_color.w);
        share *= through_air(1.0 / closeness);
#ifdef SHADED
        share *= seen[int(street_channels[i])];
#endif
        add_light(below, s, l, share * street[i].w * closeness * closeness);
    }
    lit += street_color.rgb * reflected(below, s, f0);
#endif
#if BEAMS
    Sums ahead = Sums(0.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < BEAMS; ++i) {
        Beam beam = Beam(beams[4 * i], beams[4 * i + 1], beams[4 * i + 2], beams[4 * i + 3]);
        vec3 to = beam.position_range.xyz - s.position;
        float d2 = max(dot(to, to), 0.05), closeness = inversesqrt(d2);
        vec3 l = to * closeness;
        float share = beam_share(beam, l, dot(-l, beam.axis_cone.xyz) - beam.axis_cone.w, d2);
        share *= through_air(d2 * closeness);
#ifdef SHADED
        share *= seen[int(beam_channels[i])];
#endif
        add_light(ahead, s, l, share * beam.intensity.x * closeness * closeness);
    }
    lit += beam_color.rgb * reflected(ahead, s, f0);
#endif
    lit *= mix(open, 1.0, 0.35) * exp(-light.towards_light.w * s.range) * light.up.w;
    // What stands right before a lamp is held back, as cameras do that map tones by place.
    return lit / (1.0 + max(max(lit.r, lit.g), lit.b) / BURNT);
}
