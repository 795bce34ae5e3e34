// The room of a tunnel, where neither rain nor snow falls; see roads/shelter.py.
uniform vec3 room_low, room_high;  // corners, world

// How far a place in the world is from the nearer open end, m; 0 outside.
float inside_room(vec3 w) {
    bool there = all(greaterThanEqual(w, room_low)) && all(lessThanEqual(w, room_high));
    return there ? min(w.x - room_low.x, room_high.x - w.x) : 0.0;
}

// How much of the way from one place in the world to another is inside, m.
float roofed(vec3 from, vec3 to) {
    vec3 run = to - from;
    run = mix(run, vec3(1.0e-6), lessThan(abs(run), vec3(1.0e-6)));
    vec3 a = (room_low - from) / run, b = (room_high - from) / run;
    vec3 first = min(a, b), last = max(a, b);
    float enter = max(max(first.x, first.y), max(first.z, 0.0));
    float leave = min(min(last.x, last.y), min(last.z, 1.0));
    return max(leave - enter, 0.0) * length(run);
}
