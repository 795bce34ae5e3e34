#version 430 core
// A box around all that lies before each spot, as far as it reaches.
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
    vec3 q = box_corner(gl_VertexID);
    vec3 p = q.x * side + q.y * cross(axis, side) + 0.5 * (q.z + 1.0) * axis;
    gl_Position = clip_from_camera * vec4(s.position_range.xyz + s.position_range.w * p, 1.0);
}
