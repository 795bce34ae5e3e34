#version 430 core
// Sky, sun and clouds, where the depth test finds no surface.
#include "light.glsl"
uniform sampler2D cloud_noise;
layout(location = 0) out vec4 out_color;  // exposed; a: how much a wet surface reflects

const float CLOUD_PERIOD = 16.0;

vec3 sky(vec3 d) {
    vec3 color = ambient_sky(d);
    vec3 w = vec3(dot(light.world_rows[0].xyz, d), dot(light.world_rows[1].xyz, d),
                  dot(light.world_rows[2].xyz, d));
    float s = max(dot(d, light.towards_light.xyz), 0.0);
    float s8 = s * s * s * s * s * s * s * s;
    float s64 = s8 * s8 * s8 * s8 * s8 * s8 * s8 * s8;
    color += light.aureole.rgb * (0.10 * s8 + 0.5 * s64);
    float cover = light.zenith.w;
    if (cover > 0.02 && w.z > 0.01) {
        vec2 p = w.xy / (w.z + 0.12) * 1.3;
        // Four octaves of noise, worked out once a scene; see clouds.py.
        float n = texture(cloud_noise, p / CLOUD_PERIOD).r;
        float edge = 0.78 - 0.62 * cover;
        float density = smoothstep(edge, edge + 0.22, n) * smoothstep(0.01, 0.15, w.z);
        vec3 cloud = light.clouds.rgb * (1.25 - 0.55 * smoothstep(edge + 0.1, edge + 0.45, n));
        color = mix(color, cloud, density * 0.92);
    }
    color += light.aureole.rgb * 40.0 * smoothstep(0.99985, 0.99995, s) * (1.0 - cover);
    // Fog is deepest where the view is level; its layer is taken as 250 m high.
    float through = exp(-light.towards_light.w * 250.0 / max(w.z, 0.004));
    return mix(light.fog.rgb, color, through);
}

void main() {
    vec3 color = sky(normalize(view_ray(gl_FragCoord.xy)));
    out_color = vec4(min(color * light.up.w, vec3(60.0)), 0.0);
}
