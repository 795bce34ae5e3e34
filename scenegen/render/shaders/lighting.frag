#version 430 core
// Lights what the geometry pass left: direct light with shadows, sky, fog, and the first lamps.
// The depth test leaves out the sky.
#include "light.glsl"
#include "octahedron.glsl"
#include "hash.glsl"
#include "surface.glsl"
#ifdef LAMPS
#include "lamplit.glsl"
#endif
#ifdef SHOWN
#include "noise.glsl"
#include "display.glsl"
#endif
uniform sampler2DShadow shadow_map;
layout(std430, binding = 2) readonly buffer Emissions { vec4 emissions[]; };

layout(location = 0) out vec4 out_color;  // exposed; a: how much a wet surface reflects

#if defined(WET) && !defined(SHOWN)
layout(location = 1) out float out_film;
#endif

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
#ifdef SOFT
    // Four looks around: wider than a texel, so that its corners don't show.
    vec2 around = vec2(0.5, 1.0) / float(textureSize(shadow_map, 0).y);
    float lit = 0.25 * (texture(shadow_map, at + vec3(around * vec2(-1.1, -0.4), 0.0))
                        + texture(shadow_map, at + vec3(around * vec2(0.4, -1.1), 0.0))
                        + texture(shadow_map, at + vec3(around * vec2(1.1, 0.4), 0.0))
                        + texture(shadow_map, at + vec3(around * vec2(-0.4, 1.1), 0.0)));
#else
    float lit = texture(shadow_map, at);
#endif
    return mix(lit, 1.0, smoothstep(0.85, 0.985, edge) * (first ? 0.0 : 1.0));
}

const vec3 YELLOW = vec3(1.1, 1.05, 0.45);  // what comes through a leaf beside what it throws back
const vec3 DEEP = vec3(0.15, 0.16, 0.08);   // of the sun's light inside a crown

#ifdef SHELTER
#include "shelter.glsl"
#endif
#ifdef FALLING
uniform float falling_per_m;  // what drops and flakes take of the light outside
#endif
#ifdef WET
// Water stands in patches that grow with the rain; elsewhere stones stand out of it.
float water(vec3 p) {
    float wetness = light.horizon.w;
    vec2 w = vec2(dot(light.world_rows[0].xyz, p) + light.world_rows[0].w,
                  dot(light.world_rows[1].xyz, p) + light.world_rows[1].w);
#ifdef SHELTER
    float high = dot(light.world_rows[2].xyz, p) + light.world_rows[2].w;
    wetness *= 1.0 - smoothstep(0.0, DRAGGED, inside_room(vec3(w, high)));
#endif
    float film = value_noise(w * 0.45 + 4096.0, 7u) * 0.65
               + value_noise(w * 1.9 + 4096.0, 8u) * 0.35;
    float patches = smoothstep(1.0 - 0.45 * wetness, 1.2 - 0.5 * wetness, film);
    return wetness * (patches * 0.6 + 0.4);
}
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 nd = imageLoad(normal_depth, at);
    float exposure = light.up.w;
    uint bits = imageLoad(surface, at).r;
    Surface s = read_surface(at, bits, view_ray(gl_FragCoord.xy) * nd.w);
    float wet = 0.0;
#ifdef WET
    if (wettable(bits)) wet = water(s.position);
    moisten(s, wet);
#ifndef SHOWN
    out_film = wet;
#endif
#endif
    vec3 f0 = mirror_color(s, wet);
    float open = imageLoad(occlusion, at).r;

    float away = 1.0 - max(dot(s.normal, s.view), 0.0);
    float grazing = away * away * away * away * away;
    vec3 mirror = reflect(-s.view, s.normal);
#ifdef PANORAMA
    vec3 around = seen_around(s.normal, 1.0);
    vec3 seen = seen_around(mix(mirror, s.normal, s.rough * s.rough), s.rough);
#else
    float facing = dot(s.normal, light.up.xyz);
    vec3 around = mix(light.ground.rgb, light.sky_mean.rgb, 0.5 + 0.5 * facing);
    vec3 level = light.towards_light.xyz - light.up.xyz * dot(light.towards_light.xyz, light.up.xyz);
    around += light.sunward.rgb * dot(s.normal, level) * inversesqrt(max(dot(level, level), 1e-4));
    around = max(around, 0.0);
    vec3 seen = mix(ambient_sky(mirror), around, s.rough * s.rough);
#endif
    vec3 fresnel = f0 + (max(vec3(1.0 - s.rough), f0) - f0) * grazing;
    vec3 mirrored = fresnel * (1.0 - 0.6 * s.rough);
    vec3 color = s.albedo * ((1.0 - s.metallic) * (1.0 - mirrored.g) * open) * around;
#ifdef ROOM
    // In a tunnel what is mirrored is dark, too.
    float mirrors = mix(open, 1.0, 0.3 * smoothstep(0.0, 0.3, open));
    color += mirrored * seen * mirrors;
#else
    color += mirrored * seen * mix(open, 1.0, 0.3);
#endif

#ifdef SHADOW
    float lights = dot(nd.xyz, light.towards_light.xyz);
    bool turned = lights > 0.0 && dot(s.normal, light.towards_light.xyz) > 0.0;
    if (turned || s.through > 0.0) {
        vec3 lit_side = lights < 0.0 ? -nd.xyz : nd.xyz;
        float unshaded = shadow(s.position, lit_side) * smoothstep(0.0, 0.08, abs(lights));
        // Between leaves and through them some light gets to those behind; it is yellower there.
        vec3 passed = s.through > 0.0 ? mix(DEEP, vec3(1.0), unshaded) : vec3(unshaded);
        if (!turned) passed *= YELLOW;
        color += light.direct_lux.rgb * passed * reflect_light(s, f0, light.towards_light.xyz);
    }
#endif
    color *= exposure;
    if (may_shine(bits)) {
        vec3 glow = emissions[drawable_of(bits)].rgb * exposure;
        if (shines_through_texture(bits)) glow *= s.albedo;
        // A lamp keeps its hue however far it lies above white.
        color += glow * min(1.0, 14.0 / max(max(glow.r, glow.g), max(glow.b, 1e-6)));
    }

#ifdef FALLING
    // No drops or flakes are in the air of a tunnel.
    vec3 eye = vec3(light.world_rows[0].w, light.world_rows[1].w, light.world_rows[2].w);
    vec3 out_to = vec3(dot(light.world_rows[0].xyz, s.position),
                       dot(light.world_rows[1].xyz, s.position),
                       dot(light.world_rows[2].xyz, s.position));
    float clear = falling_per_m * roofed(eye, eye + out_to);
    float through = exp(clear - light.towards_light.w * s.range);
#else
    float through = exp(-light.towards_light.w * s.range);
#endif
    color = mix(light.fog.rgb * exposure, color, through);
#ifdef LAMPS
    color += lamplit(s, f0, open);
#endif
#ifdef SHOWN
    out_color = with_noise(encode(filmic(color)), at);
#else
#ifdef ROOM
    wet *= mirrors;
#endif
    out_color = vec4(min(color, vec3(60.0)), wet * fresnel.g * through);
#endif
}
