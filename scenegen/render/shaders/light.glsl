// The light of a frame, in the camera frame, in cd/m² and lx.
layout(std140, binding = 0) uniform Light {
    vec4 intrinsics;       // fx, fy, cx, cy
    vec4 up;               // world up; w: exposure
    vec4 towards_light;    // sun or moon; w: fog extinction 1/m
    vec4 direct_lux;       // w: sky illuminance
    vec4 zenith;           // cd/m²; w: cloud cover
    vec4 horizon;          // w: wetness
    vec4 dusk;             // w: rain, 0 to 1
    vec4 clouds;
    vec4 aureole;          // w: noise of the sensor
    vec4 fog;              // w: visibility of shadows, 0 or 1
    vec4 ground;           // luminance of what lies below the horizon; w: number of spots
    vec4 world_rows[3];    // rotation from camera to world
    vec4 cascade_texel;    // texel (m) of both, depth unit (m) of both
    mat4 cascade_clip[2];  // from the camera frame
    uvec4 seeds;           // noise, rain, frame, unused
} light;

vec3 view_ray(vec2 pixel) {
    return vec3((pixel - light.intrinsics.zw) / light.intrinsics.xy, 1.0);
}

vec3 ambient_sky(vec3 d) {
    float mu = dot(d, light.up.xyz);
    float s = dot(d, light.towards_light.xyz);
    vec3 rim = mix(light.horizon.rgb, light.dusk.rgb, 0.5 + 0.5 * s);
    vec3 above = mix(rim, light.zenith.rgb, sqrt(max(mu, 0.0)));
    return mix(light.ground.rgb, above, smoothstep(-0.06, 0.02, mu));
}
