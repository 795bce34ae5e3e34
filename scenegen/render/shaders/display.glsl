// Exposed light to display values, white-balanced. A little of each channel's light reaches the
// others, as in a sensor, so that what lies far above white burns out white and not in its hue.
const float CROSSTALK = 0.06;

// A curve like a camera's: a short toe, nearly even up to a half, white at about two.
vec3 filmic(vec3 x) {
    x *= vec3(light.size.z, 1.0, light.size.w);
    x += CROSSTALK * (dot(x, vec3(0.2126, 0.7152, 0.0722)) - x);
    return clamp(x * (0.55 * x + 0.09) / (x * (0.55 * x + 0.04) + 0.14), 0.0, 1.0);
}

// The curve of sRGB from 0 to 1, of which roots give the power within a tenth of a level.
vec3 encode(vec3 c) {
    vec3 root = sqrt(c);
    vec3 power = 0.83372541 * root + 0.29813773 * sqrt(root) - 0.055313 * c - 0.07691117;
    return mix(12.92 * c, power, step(0.0031308, c));
}
