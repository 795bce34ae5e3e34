#version 430 core
// The light of another picture, where that has the rays of this one's pixels.
layout(binding = 1, rgba32f) readonly uniform image2D lit_picture;
layout(binding = 2, rg32f) readonly uniform image2D places;
uniform float share;  // of the picture's light
layout(location = 0) out vec4 out_color;

void main() {
    vec2 place = imageLoad(places, ivec2(gl_FragCoord.xy)).xy;
    if (place.x < 0.0) discard;
    ivec2 last = imageSize(lit_picture) - 1;
    vec2 centre = clamp(place - 0.5, vec2(0.0), vec2(last));
    ivec2 a = ivec2(centre), b = min(a + 1, last);
    vec2 between = centre - vec2(a);
    vec3 above = mix(imageLoad(lit_picture, a).rgb, imageLoad(lit_picture, ivec2(b.x, a.y)).rgb,
                     between.x);
    vec3 below = mix(imageLoad(lit_picture, ivec2(a.x, b.y)).rgb, imageLoad(lit_picture, b).rgb,
                     between.x);
    out_color = vec4(share * mix(above, below, between.y), 0.0);
}
