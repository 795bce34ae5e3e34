#version 430 core
// Lights what the geometry pass left: direct light with shadows, sky, spots, fog.
#include "light.glsl"
#include "octahedron.glsl"
#include "hash.glsl"
uniform sampler2D normal_depth;
uniform usampler2D surface;
uniform sampler2D occlusion;
uniform sampler2DShadow shadow_map;
uniform sampler2D cloud_noise;

struct Spot { vec4 position_range; vec4 direction_cone; vec4 intensity; vec4 up_cut; };
layout(std430, binding = 2) readonly buffer Emissions { vec4 emissions[]; };
// A uniform block: all pixels read the same entry, which a storage buffer fetches one by one.
layout(std140, binding = 1) uniform Spots { Spot spots[64]; };

layout(location = 0) out vec4 out_color;  // exposed; a: how much a wet surface reflects

const float PI = 3.14159265;
const float CLOUD_PERIOD = 16.0;

vec3 sky(vec3 d) {
    vec3 color = ambient_sky(d);
    vec3 w = vec3(dot(light.world_rows[0].xyz, d), dot(light.world_rows[1].xyz, d),
                  dot(light.world_rows[2].xyz, d));
    float s = max(dot(d, light.towards_light.xyz), 0.0);
    color += light.aureole.rgb * (0.10 * pow(s, 8.0) + 0.5 * pow(s, 64.0));
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
    vec2 step = 1.0 / vec2(textureSize(shadow_map, 0));
    float sum = texture(shadow_map, at + vec3(step * vec2(-0.5, -0.3), 0.0))
              + texture(shadow_map, at + vec3(step * vec2(0.5, 0.3), 0.0));
    return mix(sum * 0.5, 1.0, smoothstep(0.85, 0.985, edge) * (first ? 0.0 : 1.0));
}

// Diffuse and GGX in the form of Lazarov 2013, times the cosine.
vec3 reflect_light(vec3 n, vec3 v, vec3 l, vec3 diffuse, vec3 f0, float rough) {
    float nl = dot(n, l);
    if (nl <= 0.0) return vec3(0.0);
    vec3 h = normalize(l + v);
    float nh = max(dot(n, h), 0.0), lh = max(dot(l, h), 0.0);
    float a = rough * rough, a2 = a * a;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float gloss = a2 / (4.0 * PI * d * d * max(lh * lh, 0.1) * (rough + 0.5));
    return (diffuse / PI + f0 * min(gloss, 60.0)) * nl;
}

// Illuminance of a spot on a surface that faces it.
vec3 spot_lux(Spot s, vec3 l, float d2) {
    float inner = (dot(-l, s.direction_cone.xyz) - s.direction_cone.w)
                / (1.0 - s.direction_cone.w);
    float beam = max(inner, 0.0);
    beam *= beam;
    // Low beams are cut off at about the height of the lamp, and throw little at the ground
    // just ahead.
    float rise = dot(-l, s.up_cut.xyz);
    float low = mix(1.0, 0.10, smoothstep(-0.015, 0.012, rise)) * exp(min(rise, 0.0) / 0.055);
    beam *= mix(1.0, low, s.up_cut.w);
    float reach2 = s.position_range.w * s.position_range.w;
    float window = max(1.0 - (d2 * d2) / (reach2 * reach2), 0.0);
    return s.intensity.rgb * beam * window * window / max(d2, 0.05);
}

vec4 lit_surface(ivec2 at, vec4 nd, vec3 ray) {
    float exposure = light.up.w;
    uvec4 s = texelFetch(surface, at, 0);
    vec3 p = ray * nd.w;
    vec3 n = unpack_unit(s.y);
    vec4 base = unpackUnorm4x8(s.z);
    vec3 albedo = base.rgb * base.rgb;
    float rough = max(base.a, 0.06), metallic = float(s.w & 0xffu) / 255.0;
    float range = length(p);
    vec3 v = -p / range;

    float wet = 0.0;
#ifdef WET
    wet = light.horizon.w * float(s.w >> 8u);
    if (wet > 0.0) {
        vec3 w = vec3(dot(light.world_rows[0].xyz, p) + light.world_rows[0].w,
                      dot(light.world_rows[1].xyz, p) + light.world_rows[1].w, 0.0);
        float film = value_noise(w.xy * 0.45 + 4096.0, 7u) * 0.65
                   + value_noise(w.xy * 1.9 + 4096.0, 8u) * 0.35;
        wet *= smoothstep(0.55 - 0.6 * light.horizon.w, 0.85 - 0.5 * light.horizon.w, film) * 0.6
             + 0.4;
        albedo *= mix(1.0, 0.45, wet);
        rough = mix(rough, 0.16, wet);
    }
#endif
    vec3 f0 = mix(vec3(wet > 0.0 ? 0.025 : 0.04), albedo, metallic);
    vec3 diffuse = albedo * (1.0 - metallic);
    float open = texelFetch(occlusion, at, 0).r;

    float facing = dot(n, light.up.xyz);
    vec3 sky_mean = light.direct_lux.w / PI
                  * (0.35 * light.horizon.rgb + 0.65 * light.zenith.rgb)
                  / max(dot(0.35 * light.horizon.rgb + 0.65 * light.zenith.rgb, vec3(1.0 / 3.0)), 1e-9);
    vec3 around = mix(light.ground.rgb, sky_mean, 0.5 + 0.5 * facing);
    vec3 color = diffuse * around * open;

    float nv = max(dot(n, v), 0.0);
    vec3 fresnel = f0 + (max(vec3(1.0 - rough), f0) - f0) * pow(1.0 - nv, 5.0);
    vec3 mirror = reflect(-v, n);
    vec3 seen = mix(ambient_sky(mirror), around, rough * rough);
    color += fresnel * seen * mix(open, 1.0, 0.3) * (1.0 - 0.6 * rough);

#ifdef SHADOW
    float lights = dot(nd.xyz, light.towards_light.xyz);
    bool turned = lights > 0.0 && dot(n, light.towards_light.xyz) > 0.0;
    for (int once = int(turned); once > 0; --once) {
        float unshaded = shadow(p, nd.xyz) * smoothstep(0.0, 0.08, lights);
        color += light.direct_lux.rgb * unshaded
               * reflect_light(n, v, light.towards_light.xyz, diffuse, f0, rough);
    }
#endif
    int count = int(light.ground.w);
    for (int i = 0; i < count; ++i) {
        vec3 to = spots[i].position_range.xyz - p;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(d2);
        bool reached = d2 < spots[i].position_range.w * spots[i].position_range.w
                    && dot(-l, spots[i].direction_cone.xyz) > spots[i].direction_cone.w
                    && dot(n, l) > 0.0;
        for (int once = int(reached); once > 0; --once) {
            color += spot_lux(spots[i], l, d2) * mix(open, 1.0, 0.35)
                   * reflect_light(n, v, l, diffuse, f0, rough);
        }
    }
    color *= exposure;
    for (int once = int(s.x >> 31u); once > 0; --once) {
        vec3 glow = emissions[s.x & 0x7fffffffu].rgb * exposure;
        // A lamp keeps its hue however far it lies above white.
        color += glow * min(1.0, 7.0 / max(max(glow.r, glow.g), max(glow.b, 1e-6)));
    }

    float through = exp(-light.towards_light.w * range);
    color = mix(light.fog.rgb * exposure, color, through);
    return vec4(min(color, vec3(60.0)), wet * fresnel.g * through);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 nd = texelFetch(normal_depth, at, 0);
    vec3 ray = view_ray(gl_FragCoord.xy);
    bool surface_here = nd.w > 0.0;
    out_color = vec4(0.0);
    // A software rasteriser runs both sides of a branch, but leaves a loop that no pixel wants.
    for (int once = int(!surface_here); once > 0; --once) {
        out_color = vec4(min(sky(normalize(ray)) * light.up.w, vec3(60.0)), 0.0);
    }
    for (int once = int(surface_here); once > 0; --once) {
        out_color = lit_surface(at, nd, ray);
    }
}
