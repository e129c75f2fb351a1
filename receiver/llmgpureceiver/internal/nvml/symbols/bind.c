/*
 * SPDX-License-Identifier: Apache-2.0
 */

//go:build linux && cgo && (amd64 || arm64)

#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#define HIDDEN __attribute__((visibility("hidden")))

// What a stub jumps to when the driver lacks the function: NVML_ERROR_FUNCTION_NOT_FOUND.
static int function_not_found(void) { return 13; }

// nvmlErrorString alone returns text.
static const char *no_text(void) { return ""; }

// Finds the function of a stub among the libraries loaded with global scope, as the dynamic linker would. The
// stubs are hidden, so the search cannot come back to them. A function that is missing is not remembered: the
// library may be loaded later.
HIDDEN void *llm_nvml_bind(void **slot, const char *name) {
  void *function = dlsym(RTLD_DEFAULT, name);
  if (function != NULL) {
    __atomic_store_n(slot, function, __ATOMIC_RELEASE);
    return function;
  }
  return strcmp(name, "nvmlErrorString") == 0 ? (void *)no_text : (void *)function_not_found;
}

HIDDEN int llm_nvml_exists(const char *name) { return dlsym(RTLD_DEFAULT, name) != NULL; }
