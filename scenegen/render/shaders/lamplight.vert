#version 430 core
// One triangle that covers the picture, with the lamps whose light it adds.
#include "light_source.glsl"
#if STREET
uniform vec4 street_lamps[STREET];  // place in the camera frame, cd
uniform vec4 street_looks;          // colour, 1 / (1 - cosine of the cone)
flat out vec4 street[STREET];
flat out vec4 street_color;
#ifdef SHADED
uniform vec4 street_shades;
flat out vec4 street_channels;
#endif
#endif
#if BEAMS
uniform vec4 beam_lamps[4 * BEAMS];  // see beam.glsl, but cd without colour
uniform vec4 beam_looks;             // colour
flat out vec4 beams[4 * BEAMS];
flat out vec4 beam_color;
#ifdef SHADED
uniform vec4 beam_shades;
flat out vec4 beam_channels;
#endif
#endif

void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    pass_light();
#if STREET
    street = street_lamps;
    street_color = street_looks;
#ifdef SHADED
    street_channels = street_shades;
#endif
#endif
#if BEAMS
    beams = beam_lamps;
    beam_color = beam_looks;
#ifdef SHADED
    beam_channels = beam_shades;
#endif
#endif
    gl_Position = vec4(corner, 1.0, 1.0);
}
