// What the geometry pass left of a surface, and how it answers to light.
// Image loads: a software rasteriser works out a level of detail for every texel it fetches.
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, rgba32ui) readonly uniform uimage2D surface;
layout(binding = 2, r8) readonly uniform image2D occlusion;

const float PI = 3.14159265;

struct Surface {
    vec3 position;  // camera frame, m
    float range;
    vec3 normal;    // smooth; the geometric one tells which side is lit
    vec3 view;      // towards the camera
    vec3 albedo;
    float rough;
    float metallic;
};

Surface read_surface(uvec4 bits, vec3 position) {
    Surface s;
    s.position = position;
    s.range = length(position);
    s.normal = unpack_unit(bits.y);
    s.view = -position / s.range;
    vec4 base = unpackUnorm4x8(bits.z);
    s.albedo = base.rgb * base.rgb;
    s.rough = max(base.a, 0.06);
    s.metallic = float(bits.w & 0xffu) / 255.0;
    return s;
}

// A film of water darkens and smoothens.
void moisten(inout Surface s, float wet) {
    s.albedo *= mix(1.0, 0.45, wet);
    s.rough = mix(s.rough, 0.16, wet);
}

vec3 mirror_color(Surface s, float wet) {
    return mix(vec3(wet > 0.0 ? 0.025 : 0.04), s.albedo, s.metallic);
}

// Diffuse and GGX in the form of Lazarov 2013, times the cosine.
vec3 reflect_light(Surface s, vec3 f0, vec3 l) {
    float nl = dot(s.normal, l);
    if (nl <= 0.0) return vec3(0.0);
    vec3 h = normalize(l + s.view);
    float nh = max(dot(s.normal, h), 0.0), lh = max(dot(l, h), 0.0);
    float a = s.rough * s.rough, a2 = a * a;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float gloss = a2 / (4.0 * PI * d * d * max(lh * lh, 0.1) * (s.rough + 0.5));
    return (s.albedo * (1.0 - s.metallic) / PI + f0 * min(gloss, 60.0)) * nl;
}
