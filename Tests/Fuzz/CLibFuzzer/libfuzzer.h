#pragma once
#include <stddef.h>
#include <stdint.h>

/* libFuzzer without its main, which comes with the compiler: only a program that is built for fuzzing links it. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *bytes, size_t count));
