// From the camera's frame at a row to that at the picture's middle; see row_motion.py.
uniform sampler2D motion;  // three texels a row, the rows of a 3x4 matrix; a line a group
uniform int rows;

struct Rigid { vec3 x, y, z, origin; };

Rigid motion_at(int row, uint number) {
    ivec2 at = ivec2(3 * clamp(row, 0, rows - 1), int(number));
    vec4 x = texelFetch(motion, at, 0);
    vec4 y = texelFetch(motion, at + ivec2(1, 0), 0);
    vec4 z = texelFetch(motion, at + ivec2(2, 0), 0);
    return Rigid(x.xyz, y.xyz, z.xyz, vec3(x.w, y.w, z.w));
}

vec3 turned(Rigid m, vec3 v) { return vec3(dot(m.x, v), dot(m.y, v), dot(m.z, v)); }

vec3 turned_back(Rigid m, vec3 v) { return m.x * v.x + m.y * v.y + m.z * v.z; }
