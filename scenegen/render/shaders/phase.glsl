// Light that drops of water throw on, by steradian: most in its direction, a fiftieth of that back.
// Form of Schlick (Blasi et al. 1993) of Henyey and Greenstein's phase function.
const float FORWARD = 0.75;

float phase(float cosine) {
    float t = 1.0 - FORWARD * cosine;
    return (1.0 - FORWARD * FORWARD) / (4.0 * 3.14159265 * t * t);
}
