#version 430 core
// A box around each object that stands on the ground, as large as its contact shadow.
#include "light_source.glsl"
#include "box.glsl"
struct Box { vec4 rows[3]; vec4 half_reach; };  // box_from_camera; half size, reach
layout(std140, binding = 2) uniform Boxes { Box boxes[64]; };
uniform mat4 clip_from_camera;
flat out vec4 row_x, row_y, row_z, half_reach;

void main() {
    Box b = boxes[gl_InstanceID];
    row_x = b.rows[0];
    row_y = b.rows[1];
    row_z = b.rows[2];
    half_reach = b.half_reach;
    pass_light();
    vec3 half_size = b.half_reach.xyz;
    vec3 q = box_corner(gl_VertexID) * vec3(half_size.xy + b.half_reach.w, 0.35);
    // A room, whose reach is below 0, is as high as it is.
    if (b.half_reach.w < 0.0) {
        q = box_corner(gl_VertexID) * (half_size + 0.6) + vec3(0.0, 0.0, half_size.z);
    }
    // The box frame lies on the ground; rows are a rigid inverse, so transpose to go back.
    vec3 t = vec3(b.rows[0].w, b.rows[1].w, b.rows[2].w);
    vec3 d = q - t;
    vec3 p = b.rows[0].xyz * d.x + b.rows[1].xyz * d.y + b.rows[2].xyz * d.z;
    gl_Position = clip_from_camera * vec4(p, 1.0);
}
