// The light of a frame, in the camera frame, in cd/m² and lx.
#define MEMBER flat
in Light {
#include "light_members.glsl"
} light;

vec3 view_ray(vec2 pixel) {
    return vec3((pixel - light.intrinsics.zw) / light.intrinsics.xy, 1.0);
}

vec3 ambient_sky(vec3 d) {
    float mu = dot(d, light.up.xyz);
    float s = dot(d, light.towards_light.xyz);
    vec3 rim = mix(light.horizon.rgb, light.dusk.rgb, 0.5 + 0.5 * s);
    vec3 above = mix(rim, light.zenith.rgb, sqrt(max(mu, 0.0)));
    return mix(light.ground.rgb, above, smoothstep(-0.06, 0.02, mu - light.ground.w));
}
