// The picture in display values, and what both passes of smoothing share.
layout(binding = 0, r8) readonly uniform image2D luma_picture;
layout(binding = 1, rgba8) readonly uniform image2D picture;

ivec2 inside(ivec2 at) { return clamp(at, ivec2(0), ivec2(light.size.xy) - 1); }

float luma(ivec2 at) { return imageLoad(luma_picture, inside(at)).r; }

// Luma above, below, left and right.
vec4 luma_beside(ivec2 at) {
    return vec4(luma(at + ivec2(0, -1)), luma(at + ivec2(0, 1)),
                luma(at + ivec2(-1, 0)), luma(at + ivec2(1, 0)));
}

float highest(vec4 v) { return max(max(v.x, v.y), max(v.z, v.w)); }
