#version 430 core
// A box around each object that stands on the ground, as large as its contact shadow.
struct Box { vec4 rows[3]; vec4 half_reach; };  // box_from_camera; half size, reach
layout(std140, binding = 2) uniform Boxes { Box boxes[64]; };
uniform mat4 clip_from_camera;
flat out int box;

void main() {
    // Corners of a cube's twelve triangles, from the bits of a strip's table.
    const int corner[36] = int[36](0,2,1, 1,2,3, 4,5,6, 5,7,6, 0,1,4, 1,5,4,
                                   2,6,3, 3,6,7, 0,4,2, 2,4,6, 1,3,5, 3,7,5);
    int k = corner[gl_VertexID];
    box = gl_InstanceID;
    Box b = boxes[box];
    vec3 half_size = b.half_reach.xyz;
    vec3 q = (vec3(k & 1, (k >> 1) & 1, (k >> 2) & 1) * 2.0 - 1.0)
           * vec3(half_size.xy + b.half_reach.w, 0.35);
    // The box frame lies on the ground; rows are a rigid inverse, so transpose to go back.
    vec3 t = vec3(b.rows[0].w, b.rows[1].w, b.rows[2].w);
    vec3 d = q - t;
    vec3 p = b.rows[0].xyz * d.x + b.rows[1].xyz * d.y + b.rows[2].xyz * d.z;
    gl_Position = clip_from_camera * vec4(p, 1.0);
}
