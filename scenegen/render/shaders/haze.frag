#version 430 core
// Light of one spot that fog throws towards the camera: single scattering along the view, drawn
// at a quarter of the picture's size.
#include "light.glsl"
#include "beam.glsl"
#include "phase.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
flat in vec4 position_range, axis_cone, intensity, up_cut;
layout(location = 0) out vec4 out_color;  // a: nearness of the surface, 1/m

const int STEPS = 7;
const float HALO = 0.015;    // of a lamp's intensity

void main() {
    vec2 pixel = min(4.0 * gl_FragCoord.xy, light.size.xy - 0.5);
    vec3 ray = view_ray(pixel);
    float stretch = length(ray);
    vec3 v = ray / stretch;
    vec3 to = position_range.xyz;
    float abreast = dot(to, v), reach = position_range.w;
    float off2 = max(dot(to, to) - abreast * abreast, 1e-4);
    float half_chord = sqrt(max(reach * reach - off2, 0.0));
    float depth = imageLoad(normal_depth, ivec2(pixel)).w;
    float begin = max(abreast - half_chord, 0.0);
    float end = max(min(depth * stretch, abreast + half_chord), begin);
    // Equal angles as seen from the lamp (Kulla and Fajardo 2012): its 1 / r² cancels.
    float off = max(sqrt(off2), 0.15);
    float first = atan((begin - abreast) / off), last = atan((end - abreast) / off);
    float fog = light.towards_light.w;
    // The thin sheet of a low beam would fall between the steps: a thicker, weaker one.
    Beam beam = Beam(position_range, axis_cone, intensity, vec4(0.0, 0.0, 0.0, min(up_cut.w, 0.0)));
    float sum = 0.0;
    for (int i = 0; i < STEPS; ++i) {
        float along = abreast + off * tan(mix(first, last, (float(i) + 0.5) / float(STEPS)));
        vec3 l = to - v * along;
        float r2 = dot(l, l), r = sqrt(r2);
        l /= r;
        float formed = r2 / (r2 + UNFORMED);
        float rise = (dot(-l, up_cut.xyz) + 0.04) / 0.12;
        float sheet = mix(1.0, 0.35 * exp(-rise * rise), max(up_cut.w, 0.0));
        // Light that was scattered before makes a halo around the lamp.
        float ahead = max(dot(-l, axis_cone.xyz) / (axis_cone.w + 1.0), 0.0);
        float thrown = formed * (spot_share(beam, l, r2) * sheet + HALO * ahead * ahead);
        sum += thrown * exp(-fog * (along + r)) * phase(dot(l, v));
    }
    vec3 color = intensity.rgb * sum * (last - first) / (off * float(STEPS)) * fog * light.up.w;
    out_color = vec4(min(color, vec3(8.0)), 1.0 / depth);
}
