# What `make test-model` compiles of llama.cpp: the library alone, without what a test of text has no use for. CMake
# includes this before llama-cpp-python's own file, whose settings it overrules.

# Command lines, their HTTP client, pictures and sound: more than half of all files.
set(LLAMA_BUILD_COMMON OFF)
set(LLAVA_BUILD OFF)
set(LLAMA_OPENSSL OFF)
# Kernels and a library for threads that a model of 135M parameters gains nothing by.
set(GGML_OPENMP OFF)
set(GGML_LLAMAFILE OFF)

# Quick to compile rather than quick to run: the tests make a few hundred tokens.
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")

# For any machine of this kind and not for this one, which may be a virtual one that claims more than it has.
set(GGML_NATIVE OFF)
if(EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo flags REGEX "^flags" LIMIT_COUNT 1)
  if(flags AND NOT flags MATCHES " avx2( |$)")
    foreach(extension AVX AVX2 BMI2 F16C FMA)
      set(GGML_${extension} OFF)
    endforeach()
  endif()
endif()
