// Light of one spot. Axis and the cosine of the cone are both over one less that cosine, so that
// `inner` is 0 at the rim and 1 on the axis; cd and 1 / reach²; the vehicle's up with 1 for a beam
// that is cut off at the lamp's height, 0 for a plain one, -1 for a street lamp.
struct Beam { vec4 position_range; vec4 axis_cone; vec4 intensity; vec4 up_cut; };

const float UNFORMED = 16.0;  // m²: closer to a lamp its light is still spread over its face

// Share of a street lamp's intensity: it is brightest towards the road between it and the next,
// five times as bright as right below.
float street_share(float inner) {
    float aside = min(1.114 - 0.664 * inner, 1.0);
    return aside * aside * smoothstep(0.0, 0.3, inner);
}

// Share of the intensity of a headlamp. Low beams are cut off at about the height of the lamp,
// throw little at the ground just ahead, and are wide: two fifths at 10 degrees to the side, a
// tenth at 20.
float beam_share(Beam b, vec3 l, float inner, float d2) {
    float rise = dot(-l, b.up_cut.xyz), within = max(inner, 0.0);
    float short_of = (1.0 - inner) / (b.axis_cone.w + 1.0);  // one less the cosine from the axis
    float side2 = max(short_of * (2.0 - short_of) - rise * rise, 0.0);
    float wide = 1.0 / (1.0 + 20.0 * side2);
    float low = mix(1.0, 0.10, smoothstep(-0.015, 0.012, rise)) * exp(min(rise, 0.0) / 0.055);
    low *= wide * wide * min(4.0 * within, 1.0);
    float shorter = d2 * b.intensity.w, window = max(1.0 - shorter * shorter, 0.0);
    return mix(within * within, low, b.up_cut.w) * window * window;
}

// Share by either, where `l` leads to the spot over the root of `d2`.
float spot_share(Beam b, vec3 l, float d2) {
    float inner = dot(-l, b.axis_cone.xyz) - b.axis_cone.w;
    return b.up_cut.w < 0.0 ? street_share(inner) : beam_share(b, l, inner, d2);
}

// Illuminance on a surface that faces the spot.
vec3 beam_illuminance(Beam b, vec3 l, float d2) {
    return b.intensity.rgb * (spot_share(b, l, d2) / max(d2, 0.05));
}
