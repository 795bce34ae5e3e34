#version 430 core
// A box around each spot's beam, as far as it reaches.
#include "light_source.glsl"
#include "box.glsl"
struct Spot { vec4 position_range; vec4 axis_cone; vec4 intensity; vec4 up_cut; };
layout(std140, binding = 1) uniform Spots { Spot spots[16]; };
uniform mat4 clip_from_camera;
flat out vec4 position_range, axis_cone, intensity, up_cut;

void main() {
    Spot s = spots[gl_InstanceID];
    position_range = s.position_range;
    axis_cone = s.axis_cone;
    intensity = s.intensity;
    up_cut = s.up_cut;
    pass_light();
    vec3 axis = normalize(s.axis_cone.xyz);
    vec3 side = normalize(cross(axis, abs(axis.y) < 0.9 ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0)));
    vec3 upright = cross(axis, side);
    float cosine = s.axis_cone.w / length(s.axis_cone.xyz), reach = s.position_range.w;
    float wide = cosine > 0.0 ? sqrt(1.0 - cosine * cosine) : 1.0;
    vec3 q = box_corner(gl_VertexID);
    float along = q.z > 0.0 ? 1.0 : min(cosine, 0.0);
    vec3 p = s.position_range.xyz + reach * (wide * (q.x * side + q.y * upright) + along * axis);
    gl_Position = clip_from_camera * vec4(p, 1.0);
}
