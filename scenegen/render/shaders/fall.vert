#version 430 core
// Drops and flakes as streaks of what they move while the shutter is open.
#include "light_source.glsl"
#include "hash.glsl"
#include "lamps.glsl"
#ifdef SHOWN
#include "display.glsl"
#endif
uniform mat4 clip_from_camera;
uniform vec4 box;             // side (m), middle of the box ahead of the camera in the world
uniform vec4 sizes;           // least (mm), slope (1/mm), largest (mm), swell
uniform vec4 moment;          // time (s), exposure (s), bodies that each stands for, 1 for snow
uniform vec3 camera_velocity; // world, m/s
uniform uint seed;
#ifdef ROOM
#include "shelter.glsl"
#endif
out vec2 across_along;
flat out vec4 shade;          // exposed colour, and how much it covers

vec3 turn(vec3 v) {  // from the world to the camera
    return v.x * source.world_rows[0].xyz + v.y * source.world_rows[1].xyz
         + v.z * source.world_rows[2].xyz;
}

// Rain by Atlas, Srivastava and Sekhon (1973); flakes of snow by size little (Langleben 1954).
vec3 velocity(float d_mm, vec3 h, float snow) {
    float drop = 9.65 - 10.3 * exp(-0.6 * d_mm);
    float flake = 0.95 + 0.35 * (h.z - 0.5) + 0.1 * d_mm;
    float gust = mix(0.5, 1.1, snow);
    return vec3(gust * (h.x - 0.5) + 0.4, gust * (h.y - 0.5) - 0.25, -mix(drop, flake, snow));
}

void main() {
    pass_light();
    uint id = uint(gl_InstanceID);
    vec3 place = hash3(uvec3(id, seed, 1u)), other = hash3(uvec3(id, seed, 2u));
    float snow = moment.w;
    float far_share = exp(-sizes.y * (sizes.z - sizes.x));
    float d_mm = sizes.x - log(mix(1.0, far_share, other.x)) / sizes.y;
    vec3 v = velocity(d_mm, hash3(uvec3(id, seed, 3u)), snow);
    vec3 middle = box.yzw;
    vec3 p = place * box.x + v * moment.x;
    p += snow * 0.12 * sin(vec3(1.7, 1.3, 0.0) * moment.x * (0.7 + other.y) + 6.28 * other.zyx);
    p = middle + mod(p - middle + 0.5 * box.x, box.x) - 0.5 * box.x;
    vec3 eye = vec3(source.world_rows[0].w, source.world_rows[1].w, source.world_rows[2].w);
    vec3 c = turn(p - eye);
    vec3 half_way = 0.5 * moment.y * turn(v - camera_velocity);
    float radius = 0.5e-3 * d_mm * sizes.w;
    // No part of a streak may lie behind the camera.
    float nearest = c.z - abs(half_way.z);
    float focal = source.intrinsics.x;
    vec2 slope = (c.xy + half_way.xy) / (c.z + half_way.z) - (c.xy - half_way.xy) / (c.z - half_way.z);
    float moved_px = length(slope) * focal, wide_px = 2.0 * radius / c.z * focal;
    // Its share of the light of a pixel: what it covers of the width, for as long as it is there.
    float drawn_px = max(wide_px, 1.1);
    float cover = wide_px * wide_px / (drawn_px * (wide_px + moved_px)) * moment.z;
    cover = min(cover, mix(0.3, 0.85, snow));
    cover *= smoothstep(0.25, 0.8, nearest);
    vec3 along = vec3(half_way.xy - c.xy / c.z * half_way.z, 0.0);
    along = length(along) > 1e-6 ? normalize(along) : vec3(0.0, 1.0, 0.0);
    vec3 side = vec3(-along.y, along.x, 0.0);
    float thick = 0.5 * drawn_px * c.z / focal;
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec3 q = c + corner.y * (half_way + along * thick) + corner.x * side * thick;
    across_along = corner;

    // A drop shows the sky and the street upside down, bent into one point; a flake is white.
    vec3 around = mix(source.ground.rgb, source.sky_mean.rgb, 0.5);
    vec3 drop = 0.35 * source.ground.rgb + 0.75 * source.horizon.rgb;
    vec3 flake = 0.9 * around + 0.2 * source.direct_lux.rgb / 3.14159;
    vec3 seen = mix(drop, flake, snow) + mix(0.12, 0.25, snow) * lamps_at(c);
    float through = exp(-source.towards_light.w * length(c));
    seen = mix(source.fog.rgb, seen, through) * source.up.w;
    shade = vec4(min(seen, vec3(8.0)), cover);
#ifdef SHOWN
    shade.rgb = encode(filmic(shade.rgb));
#endif
#ifdef ROOM
    cover *= float(inside_room(p) == 0.0);
#endif
    gl_Position = nearest > 0.2 && cover > 0.003
        ? clip_from_camera * vec4(q, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
