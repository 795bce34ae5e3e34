    // MEMBER is nothing in a uniform block and `flat` between the stages.
    MEMBER vec4 intrinsics;       // fx, fy, cx, cy
    MEMBER vec4 up;               // world up; w: exposure
    MEMBER vec4 towards_light;    // sun or moon; w: fog extinction 1/m
    MEMBER vec4 direct_lux;       // w: sky illuminance
    MEMBER vec4 zenith;           // cd/m²; w: cloud cover
    MEMBER vec4 horizon;          // w: wetness
    MEMBER vec4 dusk;             // w: unused
    MEMBER vec4 clouds;
    MEMBER vec4 aureole;          // w: noise of the sensor
    MEMBER vec4 fog;              // w: visibility of shadows, 0 or 1
    MEMBER vec4 ground;           // luminance of what lies below the skyline; w: its height, a sine
    MEMBER vec4 sky_mean;         // luminance of the sky on the whole
    MEMBER vec4 sunward;          // what a surface that faces the sun's side sees more; w: unused
    MEMBER vec4 size;             // of the picture, px; gains of red and blue
    MEMBER vec4 world_rows[3];    // rotation from camera to world
    MEMBER vec4 cascade_texel;    // texel (m) of both, depth unit (m) of both
    MEMBER mat4 cascade_clip[2];  // from the camera frame
    MEMBER uvec4 seeds;           // noise, rain, frame, unused
