// Light of one spot: position and reach, axis and cosine of the cone, cd, up and cut-off.
struct Beam { vec4 position_range; vec4 direction_cone; vec4 intensity; vec4 up_cut; };

// Illuminance on a surface that faces the spot; `l` leads to it over the root of `d2`.
vec3 beam_illuminance(Beam b, vec3 l, float d2) {
    float inner = (dot(-l, b.direction_cone.xyz) - b.direction_cone.w) / (1.0 - b.direction_cone.w);
    float beam = max(inner, 0.0);
    beam *= beam;
    // Low beams are cut off at about the height of the lamp, and throw little at the ground
    // just ahead.
    float rise = dot(-l, b.up_cut.xyz);
    float low = mix(1.0, 0.10, smoothstep(-0.015, 0.012, rise)) * exp(min(rise, 0.0) / 0.055);
    beam *= mix(1.0, low, b.up_cut.w);
    float reach2 = b.position_range.w * b.position_range.w;
    float window = max(1.0 - (d2 * d2) / (reach2 * reach2), 0.0);
    return b.intensity.rgb * beam * window * window / max(d2, 0.05);
}
