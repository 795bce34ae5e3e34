// Light of one spot: position and reach, axis and cosine of the cone, cd, and the vehicle's up
// with 1 for a beam that is cut off at the lamp's height, 0 for a plain one, -1 for a street lamp.
struct Beam { vec4 position_range; vec4 direction_cone; vec4 intensity; vec4 up_cut; };

// Illuminance on a surface that faces the spot; `l` leads to it over the root of `d2`.
vec3 beam_illuminance(Beam b, vec3 l, float d2) {
    float along = dot(-l, b.direction_cone.xyz), rim = b.direction_cone.w;
    float inner = max((along - rim) / (1.0 - rim), 0.0);
    float cut = b.up_cut.w;
    // Low beams are cut off at about the height of the lamp, and throw little at the ground
    // just ahead.
    float rise = dot(-l, b.up_cut.xyz);
    float low = mix(1.0, 0.10, smoothstep(-0.015, 0.012, rise)) * exp(min(rise, 0.0) / 0.055);
    float beam = inner * inner * mix(1.0, low, max(cut, 0.0));
    // A street lamp is brightest towards the road between it and the next.
    float aside = 0.45 / max(along, 0.45);
    if (cut < 0.0) beam = aside * aside * smoothstep(0.0, 0.3, inner);
    float reach2 = b.position_range.w * b.position_range.w;
    float window = max(1.0 - (d2 * d2) / (reach2 * reach2), 0.0);
    return b.intensity.rgb * beam * window * window / max(d2, 0.05);
}
