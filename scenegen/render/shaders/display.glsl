// Filmic curve fitted by Narkowicz (2015) to the ACES reference rendering.
vec3 filmic(vec3 x) {
    return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

// The curve of sRGB from 0 to 1, of which roots give the power within a tenth of a level.
vec3 encode(vec3 c) {
    vec3 root = sqrt(c);
    vec3 power = 0.83372541 * root + 0.29813773 * sqrt(root) - 0.055313 * c - 0.07691117;
    return mix(12.92 * c, power, step(0.0031308, c));
}
