#version 430 core
// Puffs of spray as squares that face the camera.
#include "light_source.glsl"
#include "lamps.glsl"
#ifdef SHOWN
#include "display.glsl"
#endif
layout(location = 0) in vec4 in_center_radius;
layout(location = 1) in float in_cover;
uniform mat4 clip_from_camera;
out vec2 corner;
flat out vec4 shade;  // exposed colour, and how much it covers
flat out vec2 place;  // middle's depth, radius

void main() {
    pass_light();
    corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec3 c = in_center_radius.xyz;
    float radius = in_center_radius.w;
    vec3 around = 0.35 * source.ground.rgb + 0.65 * source.sky_mean.rgb;
    vec3 seen = around + 0.06 * source.direct_lux.rgb + lamps_thrown(c, radius, source.up.xyz);
    float through = exp(-source.towards_light.w * length(c));
    seen = mix(source.fog.rgb, seen, through) * source.up.w;
    shade = vec4(min(seen, vec3(4.0)), in_cover);
#ifdef SHOWN
    shade.rgb = encode(filmic(shade.rgb));
#endif
    place = vec2(c.z, radius);
    gl_Position = clip_from_camera * vec4(c + radius * vec3(corner, 0.0), 1.0);
}
