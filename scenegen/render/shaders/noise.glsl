// Photon noise grows with the root of the light; display values are about its root already.
vec4 with_noise(vec3 color, ivec2 at) {
    uvec3 a = pcg3d(uvec3(at, light.seeds.x));
    vec3 bell = (vec3(a & 0xffffu) + vec3(a >> 16u)) / 65535.0 - 1.0;
    float bright = dot(color, vec3(1.0 / 3.0));
    float amount = mix(0.006, 0.035, light.aureole.w) * (0.35 + 0.65 * sqrt(bright));
    return vec4(clamp(color + bell * amount * 2.0, 0.0, 1.0), 1.0);
}
