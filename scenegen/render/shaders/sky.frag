#version 430 core
// Sky, sun and clouds, where the depth test finds no surface.
#include "light.glsl"
#ifdef SHOWN
#include "hash.glsl"
#include "noise.glsl"
#include "display.glsl"
#endif
uniform sampler2D cloud_layer;  // how much it covers, and how deep in shade; see clouds.py
uniform sampler2D dome;         // see skydome.py
layout(location = 0) out vec4 out_color;  // exposed; a: how much a wet surface reflects

const float CLOUD_PERIOD = 8.0;

vec3 sky(vec3 d) {
    vec3 w = vec3(dot(light.world_rows[0].xyz, d), dot(light.world_rows[1].xyz, d),
                  dot(light.world_rows[2].xyz, d));
    vec3 sun = light.towards_light.xyz;
    float s = max(dot(d, sun), 0.0);
    float s_up = dot(sun, light.up.xyz);
    // Half the turn from the sun, as the dome is laid out.
    float level = sqrt(max((1.0 - w.z * w.z) * (1.0 - s_up * s_up), 1e-8));
    float turned = clamp((dot(d, sun) - w.z * s_up) / level, -1.0, 1.0);
    vec2 at = vec2(sqrt(0.5 - 0.5 * turned), sqrt(max(w.z, 0.0)));
    vec2 cells = vec2(textureSize(dome, 0));
    vec3 color = texture(dome, (at * (cells - 1.0) + 0.5) / cells).rgb;
    float s8 = s * s * s * s * s * s * s * s;
    float s64 = s8 * s8 * s8 * s8 * s8 * s8 * s8 * s8;
    float s512 = s64 * s64 * s64 * s64 * s64 * s64 * s64 * s64;
    color += light.aureole.rgb * (0.06 * s8 + 0.25 * s64 + 1.2 * s512);
    float cover = light.zenith.w;
    float hidden = 0.0;
    if (cover > 0.02 && w.z > 0.01) {
        vec2 p = w.xy / (w.z + 0.10) * 1.1;
        vec2 cloud = texture(cloud_layer, p / CLOUD_PERIOD).rg;
        hidden = cloud.r * smoothstep(0.01, 0.12, w.z);
        // Thin edges let the sun through, more so beside it.
        vec3 bright = light.clouds.rgb + light.direct_lux.rgb * (0.10 + 0.25 * s64);
        vec3 shaded = light.clouds.rgb * mix(0.62, 0.84, cover);
        color = mix(color, mix(bright, shaded, cloud.g), hidden * 0.96);
    }
    color += light.aureole.rgb * 40.0 * smoothstep(0.99985, 0.99995, s) * (1.0 - hidden);
    // Fog is deepest where the view is level; its layer is taken as 250 m high.
    float through = exp(-light.towards_light.w * 250.0 / max(w.z, 0.004));
    return mix(light.fog.rgb, color, through);
}

void main() {
    vec3 color = sky(normalize(view_ray(gl_FragCoord.xy)));
    color = min(color * light.up.w, vec3(60.0));
#ifdef SHOWN
    out_color = with_noise(encode(filmic(color)), ivec2(gl_FragCoord.xy));
#else
    out_color = vec4(color, 0.0);
#endif
}
