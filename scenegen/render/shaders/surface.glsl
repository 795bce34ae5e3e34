// What the geometry pass left of a surface, and how it answers to light.
// Image loads: a software rasteriser works out a level of detail for every texel it fetches.
layout(binding = 0, rgba32f) readonly uniform image2D normal_depth;
layout(binding = 1, r32ui) readonly uniform uimage2D surface;
layout(binding = 2, rg32ui) readonly uniform uimage2D finish;
layout(binding = 3, r8) readonly uniform image2D occlusion;

const float PI = 3.14159265;
const float SHARPEST = 200.0;  // of a glint, 1/sr: finer ones fall between pixels

struct Surface {
    vec3 position;  // camera frame, m
    float range;
    vec3 normal;    // smooth; the geometric one tells which side is lit
    vec3 view;      // towards the camera
    vec3 albedo;
    float rough;
    float metallic;
};

// The bits of `surface` are those of gpu_scene.TAG_DTYPE.
uint drawable_of(uint bits) { return bits & 0xfffffu; }
bool wettable(uint bits) { return (bits & (1u << 28u)) != 0u; }
bool may_shine(uint bits) { return (bits & (1u << 29u)) != 0u; }
bool shines_through_texture(uint bits) { return (bits & (1u << 31u)) != 0u; }

Surface read_surface(ivec2 at, uint bits, vec3 position) {
    uvec2 words = imageLoad(finish, at).rg;
    Surface s;
    s.position = position;
    s.range = length(position);
    s.normal = unpack_unit(words.x);
    s.view = -position / s.range;
    vec4 base = unpackUnorm4x8(words.y);
    s.albedo = base.rgb * base.rgb;
    s.rough = max(base.a, 0.06);
    s.metallic = float((bits >> 20u) & 0xffu) / 255.0;
    return s;
}

// Wet stones are dark; only water that covers them is smooth.
void moisten(inout Surface s, float wet) {
    s.albedo *= 1.0 - 0.5 * min(2.0 * wet, 1.0);
    s.rough = mix(s.rough, 0.2, wet);
}

vec3 mirror_color(Surface s, float wet) {
    return mix(vec3(wet > 0.0 ? 0.025 : 0.04), s.albedo, s.metallic);
}

// Schlick (1994): what a mirror of this colour throws back, by the cosine of incidence.
vec3 schlick(vec3 f0, float cosine) {
    float away = 1.0 - cosine, away2 = away * away;
    return f0 + (1.0 - f0) * (away2 * away2 * away);
}

// Diffuse, and GGX with the shadowing of Smith as Hammon (2017) fits it, times the cosine.
vec3 reflect_light(Surface s, vec3 f0, vec3 l) {
    float nl = dot(s.normal, l);
    if (nl <= 0.0) return vec3(0.0);
    vec3 h = normalize(l + s.view);
    float nh = max(dot(s.normal, h), 0.0), lh = max(dot(l, h), 0.0);
    float nv = max(dot(s.normal, s.view), 0.02);
    float a = s.rough * s.rough, a2 = a * a;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float gloss = a2 / (2.0 * PI * d * d * mix(2.0 * nl * nv, nl + nv, a));
    vec3 mirrored = schlick(f0, lh);
    vec3 diffuse = s.albedo * ((1.0 - s.metallic) * (1.0 - mirrored.g) / PI);
    return (diffuse + mirrored * min(gloss, SHARPEST)) * nl;
}
