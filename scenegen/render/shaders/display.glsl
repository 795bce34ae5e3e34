// Exposed light to display values, white-balanced. A little of each channel's light reaches the
// others, as in a sensor, so that what lies far above white burns out white and not in its hue.
const float CROSSTALK = 0.06;

// A curve like a camera's; its numbers are those of tone.py.
vec3 filmic(vec3 x) {
    x *= vec3(light.size.z, 1.0, light.size.w);
    x += CROSSTALK * (dot(x, vec3(0.2126, 0.7152, 0.0722)) - x);
    return clamp(x * (CURVE.x * x + CURVE.y) / (x * (CURVE.z * x + CURVE.w) + 1.0), 0.0, 1.0);
}

// The curve of sRGB from 0 to 1, of which roots give the power within a tenth of a level.
vec3 encode(vec3 c) {
    vec3 root = sqrt(c);
    vec3 power = 0.83372541 * root + 0.29813773 * sqrt(root) - 0.055313 * c - 0.07691117;
    return mix(12.92 * c, power, step(0.0031308, c));
}
