// The light of a frame, in the camera frame, in cd/m² and lx.
#define MEMBER flat
in Light {
#include "light_members.glsl"
} light;

vec3 view_ray(vec2 pixel) {
    return vec3((pixel - light.intrinsics.zw) / light.intrinsics.xy, 1.0);
}

#ifdef PANORAMA
// What a surface of some roughness sees towards a direction; see surroundings.py.
uniform sampler3D surroundings;
vec3 seen_around(vec3 d, float rough) {
    vec3 w = vec3(dot(light.world_rows[0].xyz, d), dot(light.world_rows[1].xyz, d),
                  dot(light.world_rows[2].xyz, d));
    const float PANORAMA_PI = 3.14159265;
    vec2 at = vec2(atan(w.y, w.x) * (0.5 / PANORAMA_PI), acos(clamp(w.z, -1.0, 1.0)) / PANORAMA_PI);
    float levels = float(textureSize(surroundings, 0).z);
    return textureLod(surroundings, vec3(at, (rough * (levels - 1.0) + 0.5) / levels), 0.0).rgb;
}
vec3 ambient_sky(vec3 d) { return seen_around(d, 0.0); }
#else
vec3 ambient_sky(vec3 d) {
    float mu = dot(d, light.up.xyz);
    float s = dot(d, light.towards_light.xyz);
    vec3 rim = mix(light.horizon.rgb, light.dusk.rgb, 0.5 + 0.5 * s);
    vec3 above = mix(rim, light.zenith.rgb, sqrt(max(mu, 0.0)));
    return mix(light.ground.rgb, above, smoothstep(-0.06, 0.02, mu - light.ground.w));
}
#endif
