#version 430 core
// Lays snow on what faces the sky: copies how surfaces look before they are lit, and changes
// nothing of what they are. How much lies where is `roads.snow.cover`, for pictures.
#include "light.glsl"
#include "octahedron.glsl"
#include "hash.glsl"
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, r32ui) readonly uniform uimage2D surface;
layout(binding = 2, rg32ui) readonly uniform uimage2D finish;
layout(binding = 3, r8) readonly uniform image2D occlusion;
layout(std430, binding = 3) readonly buffer Lies { uint lies[]; };  // cover.kinds_of by drawable
uniform sampler2D traffic;   // how much each place of the road is driven on
uniform vec4 traffic_place;  // corner (m) and 1 / size (1/m) of that map
uniform vec2 depths;         // of lying snow in m; share of the road under trodden snow
#ifdef ROOM
#include "shelter.glsl"
#endif
layout(location = 0) out uint out_surface;
layout(location = 1) out uvec2 out_finish;

const uint FIELD = 1u, ROAD = 2u, PATH = 3u;
const uint WETTABLE = 1u << 28u;

// Snow that nobody clears: grass stands out of a little, a slope sheds it.
float field(float flatness, float rough, float depth) {
    float filled = smoothstep(0.0, 0.06, depth - 0.035 * rough);
    return filled * smoothstep(0.35, 0.62, flatness + 0.25 * (rough - 0.5));
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    uint bits = imageLoad(surface, at).r;
    uint kind = lies[bits & 0x7ffffu];
    vec4 nd = imageLoad(normal_depth, at);
    vec3 p = view_ray(gl_FragCoord.xy) * nd.w;
    vec2 w = vec2(dot(light.world_rows[0].xyz, p) + light.world_rows[0].w,
                  dot(light.world_rows[1].xyz, p) + light.world_rows[1].w);
    // Finer grains than a pixel are grey.
    float fine = clamp(1.0 - nd.w / (0.15 * light.intrinsics.x), 0.0, 1.0);
    vec3 waves = value_noise_slope(w * 0.9 + 4096.0, 11u);
    float rough = mix(0.5, value_noise(w * 5.0 + 4096.0, 12u), fine);
    rough = 0.55 * waves.x + 0.45 * rough;

    uvec2 words = imageLoad(finish, at).rg;
    vec3 normal = unpack_unit(words.x);
    float flatness = dot(normal, light.up.xyz);
    float open = smoothstep(0.15, 0.55, imageLoad(occlusion, at).r);
    float amount = field(flatness, rough, depths.x) * open;
    float dirty = 0.0;
    if (kind != FIELD) {
        float driven = texture(traffic, (w - traffic_place.xy) * traffic_place.zw).r;
        float lane = smoothstep(0.02, 0.12, driven);
        float track = smoothstep(0.30, 0.75, driven + 0.35 * (rough - 0.5));
        float trodden = smoothstep(0.0, 0.45, depths.y * 1.45 - rough) * (1.0 - 0.93 * track);
        if (kind == PATH) trodden = max(trodden, 0.55 * amount * smoothstep(0.35, 0.6, rough));
        // Ploughs leave a strip along the edge, and what lies beyond the traffic stays.
        float left = amount * (1.0 - lane) * smoothstep(0.25, 0.6, rough) * float(kind == ROAD);
        amount = max(trodden, left);
        dirty = lane * (0.35 + 0.65 * smoothstep(0.05, 0.5, driven)) * (1.0 - 0.6 * depths.y);
    }
#ifdef ROOM
    float high = dot(light.world_rows[2].xyz, p) + light.world_rows[2].w;
    amount *= 1.0 - smoothstep(0.0, DRIFTED, inside_room(vec3(w, high)));
#endif
    vec4 base = unpackUnorm4x8(words.y);
    vec3 snow = mix(vec3(0.86, 0.88, 0.91), vec3(0.44, 0.42, 0.40), dirty);
    snow *= 0.94 + 0.12 * (rough - 0.5);
    // Snow rounds what lies under it and has waves of its own.
    vec2 slope = 0.7 * waves.yz;
    vec3 east = vec3(light.world_rows[0].x, light.world_rows[0].y, light.world_rows[0].z);
    vec3 north = vec3(light.world_rows[1].x, light.world_rows[1].y, light.world_rows[1].z);
    float wavy = kind == FIELD ? 0.35 : 0.15;
    vec3 above = normalize(mix(normal, light.up.xyz, 0.3) - wavy * (slope.x * east + slope.y * north));
    normal = normalize(mix(normal, above, amount));
    vec3 albedo = mix(base.rgb * base.rgb, snow, amount);
    float matt = mix(base.a, 0.9, amount);
    bool covered = kind != 0u && amount >= 0.01;
    uvec2 snowy = uvec2(pack_unit(normal), packUnorm4x8(vec4(sqrt(albedo), matt)));
    out_finish = covered ? snowy : words;
    out_surface = covered && amount > 0.35 ? bits & ~WETTABLE : bits;
}
