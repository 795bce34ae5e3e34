#version 430 core
// Adds what one spot lights to the picture.
#include "light.glsl"
#include "octahedron.glsl"
#include "surface.glsl"
#ifdef WET
layout(binding = 4, r8) readonly uniform image2D film;
#endif
flat in vec4 position_range, direction_cone, intensity, up_cut;
layout(location = 0) out vec4 out_color;

// Illuminance on a surface that faces the spot.
vec3 illuminance(vec3 l, float d2) {
    float inner = (dot(-l, direction_cone.xyz) - direction_cone.w) / (1.0 - direction_cone.w);
    float beam = max(inner, 0.0);
    beam *= beam;
    // Low beams are cut off at about the height of the lamp, and throw little at the ground
    // just ahead.
    float rise = dot(-l, up_cut.xyz);
    float low = mix(1.0, 0.10, smoothstep(-0.015, 0.012, rise)) * exp(min(rise, 0.0) / 0.055);
    beam *= mix(1.0, low, up_cut.w);
    float reach2 = position_range.w * position_range.w;
    float window = max(1.0 - (d2 * d2) / (reach2 * reach2), 0.0);
    return intensity.rgb * beam * window * window / max(d2, 0.05);
}

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
    vec3 lit = illuminance(l, d2) * open * reflect_light(s, mirror_color(s, wet), l) * through;
    out_color = vec4(min(lit, vec3(60.0)), 0.0);
}
