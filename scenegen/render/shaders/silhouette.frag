#version 430 core
layout(location = 0) out float covered;

void main() { covered = 1.0; }
