#version 430 core
// Lights what the geometry pass left: direct light with shadows, sky, fog. Spots come later.
#include "light.glsl"
#include "octahedron.glsl"
#include "hash.glsl"
#include "surface.glsl"
uniform sampler2DShadow shadow_map;
uniform sampler2D cloud_noise;
layout(std430, binding = 2) readonly buffer Emissions { vec4 emissions[]; };

layout(location = 0) out vec4 out_color;  // exposed; a: how much a wet surface reflects

#ifdef WET
layout(location = 1) out float out_film;
#endif

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

float shadow(vec3 p, vec3 n) {
    float slope = 1.0 - max(dot(n, light.towards_light.xyz), 0.0);
    vec4 size = light.cascade_texel;
    vec3 push = n * (0.6 + 1.2 * slope);
    vec3 near = (light.cascade_clip[0] * vec4(p + push * size.x, 1.0)).xyz;
    vec3 far = (light.cascade_clip[1] * vec4(p + push * size.y, 1.0)).xyz;
    bool first = max(abs(near.x), abs(near.y)) < 0.985;
    vec3 clip = first ? near : far;
    float edge = max(abs(clip.x), abs(clip.y));
    vec3 at = clip * 0.5 + 0.5;
    at.z -= 0.3 * (first ? size.x / size.z : size.y / size.w);
    at.x = 0.5 * (clamp(at.x, 0.0, 1.0) + (first ? 0.0 : 1.0));
    return mix(texture(shadow_map, at), 1.0, smoothstep(0.85, 0.985, edge) * (first ? 0.0 : 1.0));
}

#ifdef WET
// Water lies in patches that grow with the rain.
float water(vec3 p, float wettable) {
    float wetness = light.horizon.w;
    vec2 w = vec2(dot(light.world_rows[0].xyz, p) + light.world_rows[0].w,
                  dot(light.world_rows[1].xyz, p) + light.world_rows[1].w);
    float film = value_noise(w * 0.45 + 4096.0, 7u) * 0.65
               + value_noise(w * 1.9 + 4096.0, 8u) * 0.35;
    float patches = smoothstep(0.55 - 0.6 * wetness, 0.85 - 0.5 * wetness, film);
    return wetness * wettable * (patches * 0.6 + 0.4);
}
#endif

vec4 lit_surface(ivec2 at, vec4 nd, vec3 ray) {
    float exposure = light.up.w;
    uvec4 bits = imageLoad(surface, at);
    Surface s = read_surface(bits, ray * nd.w);
    float wet = 0.0;
#ifdef WET
    float wettable = float(bits.w >> 8u);
    if (wettable > 0.0) wet = water(s.position, wettable);
    moisten(s, wet);
    out_film = wet;
#endif
    vec3 f0 = mirror_color(s, wet);
    float open = imageLoad(occlusion, at).r;

    float facing = dot(s.normal, light.up.xyz);
    vec3 around = mix(light.ground.rgb, light.sky_mean.rgb, 0.5 + 0.5 * facing);
    vec3 color = s.albedo * (1.0 - s.metallic) * around * open;

    float away = 1.0 - max(dot(s.normal, s.view), 0.0);
    float grazing = away * away * away * away * away;
    vec3 fresnel = f0 + (max(vec3(1.0 - s.rough), f0) - f0) * grazing;
    vec3 mirror = reflect(-s.view, s.normal);
    vec3 seen = mix(ambient_sky(mirror), around, s.rough * s.rough);
    color += fresnel * seen * mix(open, 1.0, 0.3) * (1.0 - 0.6 * s.rough);

#ifdef SHADOW
    float lights = dot(nd.xyz, light.towards_light.xyz);
    bool turned = lights > 0.0 && dot(s.normal, light.towards_light.xyz) > 0.0;
    if (turned) {
        float unshaded = shadow(s.position, nd.xyz) * smoothstep(0.0, 0.08, lights);
        color += light.direct_lux.rgb * unshaded
               * reflect_light(s, f0, light.towards_light.xyz);
    }
#endif
    color *= exposure;
    for (int once = int(bits.x >> 31u); once > 0; --once) {
        vec3 glow = emissions[bits.x & 0x7fffffffu].rgb * exposure;
        // A lamp keeps its hue however far it lies above white.
        color += glow * min(1.0, 7.0 / max(max(glow.r, glow.g), max(glow.b, 1e-6)));
    }

    float through = exp(-light.towards_light.w * s.range);
    color = mix(light.fog.rgb * exposure, color, through);
    return vec4(min(color, vec3(60.0)), wet * fresnel.g * through);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 nd = imageLoad(normal_depth, at);
    vec3 ray = view_ray(gl_FragCoord.xy);
    bool surface_here = !isinf(nd.w);
    out_color = vec4(0.0);
#ifdef WET
    out_film = 0.0;
#endif
    // A software rasteriser runs both sides of a branch, but leaves a loop that no pixel wants.
    for (int once = int(!surface_here); once > 0; --once) {
        out_color = vec4(min(sky(normalize(ray)) * light.up.w, vec3(60.0)), 0.0);
    }
    for (int once = int(surface_here); once > 0; --once) {
        out_color = lit_surface(at, nd, ray);
    }
}
