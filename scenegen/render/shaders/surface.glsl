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

// What lights of one colour make of a surface, summed up; `reflected` gives the light that
// leaves it. So lights that are many cost little more than their directions.
struct Sums { float lux, grazing_lux, gloss, grazing_gloss; };

// Diffuse, and GGX with the shadowing of Smith as Hammon (2017) fits it, times the cosine;
// mirrors after Schlick (1994).
void add_light(inout Sums sums, Surface s, vec3 l, float lux) {
    float nl = max(dot(s.normal, l), 0.0), facing = dot(s.normal, s.view);
    // Of the direction half-way between l and the view, only cosines are wanted.
    float twice = max(2.0 + 2.0 * dot(l, s.view), 1e-6), both = max(nl + facing, 0.0);
    float away = 1.0 - 0.5 * sqrt(twice), away2 = away * away;
    float grazing = away2 * away2 * away;
    float nv = max(facing, 0.02);
    float a = s.rough * s.rough, a2 = a * a;
    float d = both * both * (a2 - 1.0) + twice;
    float gloss = a2 * twice * twice / (2.0 * PI * d * d * mix(2.0 * nl * nv, nl + nv, a) + 1e-9);
    lux *= nl;
    gloss = min(gloss, SHARPEST) * lux;
    sums.lux += lux;
    sums.grazing_lux += grazing * lux;
    sums.gloss += gloss;
    sums.grazing_gloss += grazing * gloss;
}

vec3 reflected(Sums sums, Surface s, vec3 f0) {
    float diffuse = (1.0 - s.metallic) / PI * (1.0 - f0.g) * (sums.lux - sums.grazing_lux);
    return s.albedo * diffuse + f0 * sums.gloss + (1.0 - f0) * sums.grazing_gloss;
}

vec3 reflect_light(Surface s, vec3 f0, vec3 l) {
    Sums sums = Sums(0.0, 0.0, 0.0, 0.0);
    add_light(sums, s, l, 1.0);
    return reflected(sums, s, f0);
}
