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
    float through;  // what comes through from behind, as a share of what is thrown back
    vec2 rugged;    // see `ruggedness`
};

// The bits of `surface` are those of gpu_scene.TAG_DTYPE.
uint drawable_of(uint bits) { return bits & 0x7ffffu; }
bool lets_through(uint bits) { return (bits & (1u << 19u)) != 0u; }
bool wettable(uint bits) { return (bits & (1u << 28u)) != 0u; }
bool may_shine(uint bits) { return (bits & (1u << 29u)) != 0u; }
bool shines_through_texture(uint bits) { return (bits & (1u << 31u)) != 0u; }

// Stones and soil turn facets back to where light comes from, so that headlamps light a road at
// all: Oren and Nayar's model (1994) in Fujii's form. A road of a tenth throws back 12 mcd/m² per
// lux 30 m ahead of a car, as dry roads do; what facets hide, most get from each other.
vec2 ruggedness(float rough) {
    float sigma = 0.4 * smoothstep(0.6, 0.9, rough);
    float matt = 1.0 / (1.0 + 0.1 * sigma);
    return vec2(matt, matt * sigma);
}

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
    s.through = lets_through(bits) ? 0.6 : 0.0;
    s.rugged = ruggedness(s.rough);
    return s;
}

// Wet stones are dark; only water that covers them is smooth.
void moisten(inout Surface s, float wet) {
    s.albedo *= 1.0 - 0.5 * min(2.0 * wet, 1.0);
    s.rough = mix(s.rough, 0.2, wet);
    s.rugged = ruggedness(s.rough);
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
    float cosine = dot(s.normal, l), facing = dot(s.normal, s.view), back = dot(l, s.view);
    float nl = max(cosine, -s.through * cosine);
    // Of the direction half-way between l and the view, only cosines are wanted.
    float twice = max(2.0 + 2.0 * back, 1e-6), both = max(cosine + facing, 0.0);
    float away = 1.0 - 0.5 * sqrt(twice), away2 = away * away;
    float grazing = cosine < 0.0 ? 0.0 : away2 * away2 * away;
    float nv = max(facing, 0.02);
    float a = s.rough * s.rough, a2 = a * a;
    float d = both * both * (a2 - 1.0) + twice;
    float gloss = a2 * twice * twice / (2.0 * PI * d * d * mix(2.0 * nl * nv, nl + nv, a) + 1e-9);
    float toward = cosine < 0.0 ? 0.0 : back - cosine * facing;
    toward /= toward > 0.0 ? max(nl, nv) : 1.0;
    lux *= nl;
    gloss = min(gloss, SHARPEST) * lux;
    lux *= s.rugged.x + s.rugged.y * toward;
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
