// What every geometry pass shares: vertices in part frames, and the part's pose.
// The pose is an instanced attribute: fetching it costs less than indexing a buffer.
layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in vec2 in_uv;
layout(location = 3) in uvec3 in_tag;  // surface, colour, texture; see gpu_scene.TAG_DTYPE
layout(location = 4) in vec4 in_row_x;  // camera_from_part, this frame
layout(location = 5) in vec4 in_row_y;
layout(location = 6) in vec4 in_row_z;
layout(location = 7) in vec4 in_next_row_x;  // next pixel from this one, moving with the part
layout(location = 8) in vec4 in_next_row_y;
layout(location = 9) in vec4 in_next_row_z;
uniform vec4 lens[2];  // see view.lens

vec3 to_camera(vec3 point) {
    vec4 p = vec4(point, 1.0);
    return vec3(dot(in_row_x, p), dot(in_row_y, p), dot(in_row_z, p));
}

vec3 turn_to_camera(vec3 v) {
    return vec3(dot(in_row_x.xyz, v), dot(in_row_y.xyz, v), dot(in_row_z.xyz, v));
}

vec4 to_clip(vec3 p) {
    return vec4(lens[0].xz * p.xy + lens[0].yw * p.z, lens[1].x * p.z + lens[1].y, p.z);
}
