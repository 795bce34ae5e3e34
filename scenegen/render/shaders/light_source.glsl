// Hands the light of a frame to the fragments, which read a flat input far faster than a block:
// a software rasteriser fetches the latter number by number for every pixel.
#define MEMBER
layout(std140, binding = 0) uniform Source {
#include "light_members.glsl"
} source;
#undef MEMBER
#define MEMBER flat
out Light {
#include "light_members.glsl"
} light;

void pass_light() {
    light.intrinsics = source.intrinsics;
    light.up = source.up;
    light.towards_light = source.towards_light;
    light.direct_lux = source.direct_lux;
    light.zenith = source.zenith;
    light.horizon = source.horizon;
    light.dusk = source.dusk;
    light.clouds = source.clouds;
    light.aureole = source.aureole;
    light.fog = source.fog;
    light.ground = source.ground;
    light.sky_mean = source.sky_mean;
    light.sunward = source.sunward;
    light.size = source.size;
    light.world_rows = source.world_rows;
    light.cascade_texel = source.cascade_texel;
    light.cascade_clip = source.cascade_clip;
    light.seeds = source.seeds;
}
