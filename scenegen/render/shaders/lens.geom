#version 430 core
// Bounds the image of a triangle under a lens by a rectangle. Which of its pixels show the
// triangle is decided by their exact rays in lens.frag, so the bounds may be loose.
layout(triangles) in;
layout(triangle_strip, max_vertices = 4) out;
in vec3 corner[];
#ifndef SILHOUETTE
flat in uint drawable[];
flat out uint shown;
#endif

flat out vec3 side_ab, side_bc, side_ca;  // normals of the planes through the eye and an edge
flat out vec4 plane;                      // normal, and its product with any point of the triangle

uniform bool two_sided;
uniform bool fisheye;
uniform float field;        // greatest angle from the axis that has an image
uniform vec4 radial;        // k1 to k4
uniform vec2 tangential;    // p1, p2
uniform vec4 intrinsics;    // fx, fy, cx, cy
uniform vec4 window;        // first px and size of what is drawn into

const int MOST_PIECES = 16;
const float PIECE = 0.06;   // rad
const float HALF_TURN = 1.5707963;
const float BEHIND = 2.6;   // rad: near the far end of the axis directions have no clear image

vec2 image(vec3 p) {
    float across = length(p.xy);
    float angle = min(atan(across, p.z), field);
    vec2 way = across > 0.0 ? p.xy / across : vec2(1.0, 0.0);
    float r = fisheye ? angle : tan(angle);
    float s = r * r;
    vec2 at = way * r;
    vec2 m = at * (1.0 + s * (radial.x + s * (radial.y + s * (radial.z + s * radial.w))));
    m += vec2(2.0 * tangential.x * at.x * at.y + tangential.y * (s + 2.0 * at.x * at.x),
              2.0 * tangential.y * at.x * at.y + tangential.x * (s + 2.0 * at.y * at.y));
    return intrinsics.xy * m + intrinsics.zw;
}

// The same number from both triangles of an edge, but for the sign: no ray slips through.
vec3 side(vec3 a, vec3 b) {
    bool swapped = a.x != b.x ? a.x > b.x : a.y != b.y ? a.y > b.y : a.z > b.z;
    precise vec3 first = swapped ? b : a;
    precise vec3 way = (swapped ? a : b) - first;
    precise vec3 normal = vec3(first.y * way.z - first.z * way.y,
                               first.z * way.x - first.x * way.z,
                               first.x * way.y - first.y * way.x);
    return swapped ? -normal : normal;
}

void main() {
    vec3 a = corner[0], b = corner[1], c = corner[2];
    vec3 normal = cross(b - a, c - a);
    float volume = dot(normal, a);
    if (volume == 0.0 || (volume > 0.0 && !two_sided)) return;
    // What lies behind a plane, or in the cone opposite to a field of more than half of all
    // directions, is convex: a triangle is out of sight with its corners.
    float ahead = field < HALF_TURN ? 0.0 : cos(field) - 1.0e-4;
    if (max(max(a.z / length(a), b.z / length(b)), c.z / length(c)) < ahead) return;
    float facing = sign(volume);

    vec3 way[3] = vec3[3](normalize(a), normalize(b), normalize(c));
    vec2 px[3] = vec2[3](image(a), image(b), image(c));
    vec2 low, high, along = vec2(1.0, 0.0);
    float least = min(min(way[0].z, way[1].z), way[2].z);
    bool everywhere = least < cos(BEHIND);
    float longest = 0.0;
    for (int i = 0; i < 3; ++i) {
        vec2 chord = px[(i + 1) % 3] - px[i];
        float size = dot(chord, chord);
        if (size > longest) {
            longest = size;
            along = chord * inversesqrt(size);
        }
    }
    vec2 beside = vec2(-along.y, along.x);
    low = vec2(1.0e9);
    high = vec2(-1.0e9);
    float bent = 0.0;
    for (int i = 0; i < 3; ++i) {
        vec3 from = way[i], to = way[(i + 1) % 3];
        float arc = atan(length(cross(from, to)), dot(from, to));
        int pieces = clamp(int(ceil(arc / PIECE)), 1, MOST_PIECES);
        vec2 before = px[i], last = px[i];
        for (int k = 0; k < pieces; ++k) {
            float share = float(k) / float(pieces);
            vec2 at = px[i];
            if (k > 0) {
                // Slerp: even steps of angle, however near the edge passes the camera.
                vec3 between = sin(arc * (1.0 - share)) * from + sin(arc * share) * to;
                everywhere = everywhere || between.z < length(between) * cos(BEHIND);
                at = image(between);
            }
            vec2 local = vec2(dot(at, along), dot(at, beside));
            low = min(low, local);
            high = max(high, local);
            if (k > 1) bent = max(bent, length(at - 2.0 * last + before));
            before = last;
            last = at;
        }
        if (pieces > 1) bent = max(bent, length(px[(i + 1) % 3] - 2.0 * last + before));
    }
    vec2 first = window.xy, size = window.zw;
    float slack = 1.0 + 0.5 * bent;
    if (everywhere) {
        along = vec2(1.0, 0.0);
        beside = vec2(0.0, 1.0);
        low = first;
        high = first + size;
    }
    low -= slack;
    high += slack;
    for (int i = 0; i < 4; ++i) {
        vec2 local = vec2((i & 1) == 0 ? low.x : high.x, (i & 2) == 0 ? low.y : high.y);
        vec2 at = along * local.x + beside * local.y;
        side_ab = side(a, b) * facing;
        side_bc = side(b, c) * facing;
        side_ca = side(c, a) * facing;
        plane = vec4(normal, volume);
#ifndef SILHOUETTE
        shown = drawable[0];
#endif
        gl_Position = vec4((at - first) / size * 2.0 - 1.0, 0.0, 1.0);
        EmitVertex();
    }
    EndPrimitive();
}
