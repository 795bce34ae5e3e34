// What every geometry pass shares: vertices in part frames, poses by part.
layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in vec2 in_uv;
layout(location = 3) in uint in_drawable;  // one an instance

struct Drawable {
    uint part;
    uint material;
    uint ids;    // instance | semantic << 16
    uint color;  // base colour, packed
    int layer;   // of the texture array, -1 is none
    int two_sided;
    float reserved_a;
    float reserved_b;
};
layout(std430, binding = 0) readonly buffer Drawables { Drawable drawables[]; };
// Three rows a part: this frame's camera_from_part, then the next frame's.
layout(std430, binding = 1) readonly buffer Poses { vec4 pose_rows[]; };
uniform int part_count;

vec3 to_camera(uint part, vec3 point, bool next) {
    uint first = 3u * (part + (next ? uint(part_count) : 0u));
    vec4 p = vec4(point, 1.0);
    return vec3(dot(pose_rows[first], p), dot(pose_rows[first + 1u], p),
                dot(pose_rows[first + 2u], p));
}

vec3 turn_to_camera(uint part, vec3 v) {
    uint first = 3u * part;
    return vec3(dot(pose_rows[first].xyz, v), dot(pose_rows[first + 1u].xyz, v),
                dot(pose_rows[first + 2u].xyz, v));
}
