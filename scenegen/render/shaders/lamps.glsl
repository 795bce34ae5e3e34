// Light of all spots at a place in the air.
#include "beam.glsl"
#include "phase.glsl"
layout(std140, binding = 1) uniform Spots { Beam spots[16]; };
uniform int spot_count;

vec3 lamps_at(vec3 p) {
    vec3 lit = vec3(0.0);
    for (int i = 0; i < spot_count; ++i) {
        vec3 to = spots[i].position_range.xyz - p;
        float d2 = dot(to, to);
        lit += beam_illuminance(spots[i], to * inversesqrt(d2), d2);
    }
    return lit;
}

// What a ball of drops at `p` in the camera's frame throws of it towards the camera: the mean over
// its height, since the sheet of a low beam is much thinner.
vec3 lamps_thrown(vec3 p, float radius, vec3 up) {
    vec3 seen = vec3(0.0), v = normalize(p);
    for (int i = 0; i < spot_count; ++i) {
        for (int k = -2; k <= 2; ++k) {
            vec3 to = spots[i].position_range.xyz - p - up * (0.4 * float(k) * radius);
            float d2 = dot(to, to);
            vec3 l = to * inversesqrt(d2);
            seen += beam_illuminance(spots[i], l, d2 + UNFORMED) * phase(dot(l, v));
        }
    }
    return seen / 5.0;
}
