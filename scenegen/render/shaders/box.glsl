// Corners of the twelve triangles of a cube from -1 to 1.
vec3 box_corner(int vertex) {
    const int corner[36] = int[36](0,2,1, 1,2,3, 4,5,6, 5,7,6, 0,1,4, 1,5,4,
                                   2,6,3, 3,6,7, 0,4,2, 2,4,6, 1,3,5, 3,7,5);
    int k = corner[vertex];
    return vec3(k & 1, (k >> 1) & 1, (k >> 2) & 1) * 2.0 - 1.0;
}
