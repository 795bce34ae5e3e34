#version 430 core
// Truth at the pixel centre, and what lighting needs to know of the surface.
#include "octahedron.glsl"
#ifdef TEXTURED
uniform sampler2DArray textures;
in vec2 uv;
#endif

in vec3 position;
flat in vec4 motion_x, motion_y, motion_z;
in vec3 shading_normal;
flat in uvec3 tag;

layout(location = 0) out vec4 out_normal_depth;
layout(location = 1) out uint out_surface;
layout(location = 2) out vec2 out_flow;
layout(location = 3) out uvec2 out_finish;  // smooth normal; albedo and roughness

const uint FLOWS = 1u << 30u;  // the next position has an image
const float LONGEST_FLOW = 1.0e30;
const float MOST_ACROSS = 1.0e30;

void main() {
    // Beside a pixel just below a horizon the surface may have no point in front of the camera.
    vec3 across = cross(dFdx(position), dFdy(position));
    float size = dot(across, across);
    bool told = size > 0.0 && size < MOST_ACROSS;
    vec3 geometric = normalize(told ? across : shading_normal);
    if (dot(geometric, position) > 0.0) geometric = -geometric;
    // Its length doesn't matter where it is packed.
    vec3 smooth_normal = dot(shading_normal, geometric) < 0.0 ? -shading_normal : shading_normal;

    uint finish = tag.y;
#ifdef TEXTURED
    // Fetched outside the branch: derivatives need all pixels of a quad.
    int layer = int(tag.z) - 1;
    vec4 texel = texture(textures, vec3(uv, float(max(layer, 0))));
    if (layer >= 0) {
        vec4 base = unpackUnorm4x8(tag.y);
        // sRGB to linear by a cubic, within 0.3 % of the curve.
        vec3 c = texel.rgb;
        vec3 albedo = base.rgb * base.rgb * (c * (c * (c * 0.305306 + 0.682171) + 0.012523));
        finish = packUnorm4x8(vec4(sqrt(albedo), texel.a));
    }
#endif

    // The next pixel follows from this one and its depth, so that all always agree;
    // interpolated apart, they differ by pixels in long thin triangles.
    vec2 centre = gl_FragCoord.xy;  // rows run downward: the projection is flipped
    vec4 here = vec4(centre * position.z, position.z, 1.0);
    vec3 next = vec3(dot(motion_x, here), dot(motion_y, here), dot(motion_z, here));
    out_normal_depth = vec4(geometric, position.z);
    vec2 flow = next.xy / next.z - centre;
    // A point that comes to lie in the camera's own plane has an endless flow.
    bool flows = next.z > 0.0 && max(abs(flow.x), abs(flow.y)) < LONGEST_FLOW;
    out_flow = flows ? flow : vec2(0.0);
    out_surface = flows ? tag.x | FLOWS : tag.x;
    out_finish = uvec2(pack_unit(smooth_normal), finish);
}
