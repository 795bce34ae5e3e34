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

#ifdef ROLLING
#include "row_motion.glsl"
flat in uint moving[];
flat out uint group;
flat out vec3 way_ab, way_bc, way_ca;
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

// The rectangle that is found, its axes, and what its bounds can be off by.
vec2 low = vec2(1.0e9), high = vec2(-1.0e9), along = vec2(1.0, 0.0), beside = vec2(0.0, 1.0);
float bent = 0.0;
bool everywhere = false;

void extend(vec2 at) {
    vec2 local = vec2(dot(at, along), dot(at, beside));
    low = min(low, local);
    high = max(high, local);
}

// Choose axes by the longest side of the image.
void align(vec3 p[3]) {
    vec2 px[3] = vec2[3](image(p[0]), image(p[1]), image(p[2]));
    float longest = 0.0;
    for (int i = 0; i < 3; ++i) {
        vec2 chord = px[(i + 1) % 3] - px[i];
        float size = dot(chord, chord);
        if (size > longest) {
            longest = size;
            along = chord * inversesqrt(size);
        }
    }
    beside = vec2(-along.y, along.x);
}

// Extend the rectangle by the image of a triangle.
void enclose(vec3 p[3]) {
    vec3 way[3] = vec3[3](normalize(p[0]), normalize(p[1]), normalize(p[2]));
    vec2 px[3] = vec2[3](image(p[0]), image(p[1]), image(p[2]));
    everywhere = everywhere || min(min(way[0].z, way[1].z), way[2].z) < cos(BEHIND);
    for (int i = 0; i < 3; ++i) {
        vec3 from = way[i], to = way[(i + 1) % 3];
        float arc = atan(length(cross(from, to)), dot(from, to));
        int pieces = clamp(int(ceil(arc / PIECE)), 1, MOST_PIECES);
        vec2 before = px[i], last = px[i];
        extend(px[i]);
        for (int k = 1; k < pieces; ++k) {
            float share = float(k) / float(pieces);
            // Slerp: even steps of angle, however near the edge passes the camera.
            vec3 between = sin(arc * (1.0 - share)) * from + sin(arc * share) * to;
            everywhere = everywhere || between.z < length(between) * cos(BEHIND);
            vec2 at = image(between);
            extend(at);
            if (k > 1) bent = max(bent, length(at - 2.0 * last + before));
            before = last;
            last = at;
        }
        if (pieces > 1) bent = max(bent, length(px[(i + 1) % 3] - 2.0 * last + before));
    }
}

// Whether a triangle can be seen: not from behind, nor where there is no image. What lies
// behind a plane, or in the cone opposite to a field of more than half of all directions, is
// convex: a triangle is out of sight with its corners.
bool in_sight(vec3 p[3]) {
    float volume = dot(cross(p[1] - p[0], p[2] - p[0]), p[0]);
    if (volume == 0.0 || (volume > 0.0 && !two_sided)) return false;
    float ahead = field < HALF_TURN ? 0.0 : cos(field) - 1.0e-4;
    vec3 z = vec3(p[0].z / length(p[0]), p[1].z / length(p[1]), p[2].z / length(p[2]));
    return max(max(z.x, z.y), z.z) >= ahead;
}

#ifdef ROLLING
vec3[3] seen_at(vec3 p[3], float row) {
    Rigid m = motion_at(int(row), moving[0]);
    return vec3[3](turned_back(m, p[0] - m.origin), turned_back(m, p[1] - m.origin),
                   turned_back(m, p[2] - m.origin));
}

// Least and greatest height that corners have moved by as rows see them.
vec2 risen(vec3 p[3], vec2 span) {
    vec2 most = vec2(0.0);
    for (int k = 0; k < 2; ++k) {
        vec3 there[3] = seen_at(p, span[k]);
        for (int i = 0; i < 3; ++i) {
            float moved = image(there[i]).y - image(p[i]).y;
            most = vec2(min(most.x, moved), max(most.y, moved));
        }
    }
    return most;
}

// Enclose a triangle as those rows see it in which it may appear. Rows see it elsewhere, so in
// other rows, and so on: each step moves the rows by a share of what the last one did.
bool enclose_moving(vec3 p[3]) {
    enclose(p);
    float slack = 1.0 + 0.5 * bent;
    vec2 one = (low.x - slack) * along, other = (high.x + slack) * along;
    float lower = min(one.y, other.y) + min((low.y - slack) * beside.y, (high.y + slack) * beside.y);
    float upper = max(one.y, other.y) + max((low.y - slack) * beside.y, (high.y + slack) * beside.y);
    vec2 still = everywhere ? vec2(0.0, float(rows)) : vec2(lower, upper);
    vec2 first = still + risen(p, still);
    vec2 second = still + risen(p, first);
    vec2 span = second + (abs(second - first) + 1.0) * vec2(-1.0, 1.0);
    span = clamp(floor(span), 0.0, float(rows) - 1.0);
    vec3 at[3] = seen_at(p, span.x), end[3] = seen_at(p, span.y);
    vec3 between[3] = seen_at(p, floor(0.5 * (span.x + span.y)));
    if (!in_sight(at) && !in_sight(between) && !in_sight(end)) return false;
    low = vec2(1.0e9);
    high = vec2(-1.0e9);
    enclose(at);
    enclose(end);
    enclose(between);
    float off = 0.0;
    for (int i = 0; i < 3; ++i)
        off = max(off, length(image(at[i]) + image(end[i]) - 2.0 * image(between[i])));
    bent += 2.0 * off;
    return true;
}
#endif

void main() {
    vec3 p[3] = vec3[3](corner[0], corner[1], corner[2]);
    vec3 a = p[0], b = p[1], c = p[2];
    vec3 normal = cross(b - a, c - a);
    float volume = dot(normal, a);
    align(p);
#ifdef ROLLING
    if (!enclose_moving(p)) return;
    float facing = 1.0;  // may change from row to row
#else
    if (!in_sight(p)) return;
    enclose(p);
    float facing = sign(volume);
#endif
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
#ifdef ROLLING
        way_ab = b - a;
        way_bc = c - b;
        way_ca = a - c;
        group = moving[0];
#endif
#ifndef SILHOUETTE
        shown = drawable[0];
#endif
        gl_Position = vec4((at - first) / size * 2.0 - 1.0, 0.0, 1.0);
        EmitVertex();
    }
    EndPrimitive();
}
