// Light of all spots at a place in the air.
#include "beam.glsl"
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
