/*
 * SPDX-License-Identifier: Apache-2.0
 */

// A stand-in for the NVIDIA driver's library. It answers from the file "control" beside itself, which is read
// again whenever it changed. See the package documentation for the format.

#define _GNU_SOURCE
#define NVML_NO_UNVERSIONED_FUNC_DEFS 1
#include "nvml.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_ENTRIES 2048

static struct { char *key, *value; } entries[MAX_ENTRIES];
static int entry_count;
static char *text;
static struct stat seen;
static char control_path[4096];
static struct timespec loaded, loaded_at; // by the monotonic and the other clock

__attribute__((constructor)) static void on_load(void) {
  Dl_info info;
  dladdr((void *)on_load, &info);
  snprintf(control_path, sizeof control_path, "%s", info.dli_fname);
  char *slash = strrchr(control_path, '/');
  snprintf(slash ? slash + 1 : control_path, 16, "control");
  clock_gettime(CLOCK_MONOTONIC, &loaded);
  clock_gettime(CLOCK_REALTIME, &loaded_at);
  srandom(loaded_at.tv_nsec);
}

static void reload(void) {
  struct stat now;
  if (stat(control_path, &now) != 0) { entry_count = 0; memset(&seen, 0, sizeof seen); return; }
  if (now.st_ino == seen.st_ino && now.st_size == seen.st_size && now.st_mtim.tv_sec == seen.st_mtim.tv_sec &&
      now.st_mtim.tv_nsec == seen.st_mtim.tv_nsec) return;
  seen = now;
  int fd = open(control_path, O_RDONLY | O_CLOEXEC);
  free(text);
  text = calloc(1, now.st_size + 1);
  if (fd < 0 || read(fd, text, now.st_size) < 0) _exit(99);
  close(fd);
  entry_count = 0;
  char *rest = text, *line;
  while ((line = strsep(&rest, "\n")) != NULL && entry_count < MAX_ENTRIES) {
    if (*line == '#' || *line == 0) continue;
    char *value = strchr(line, ' ');
    if (value == NULL) continue;
    *value++ = 0;
    entries[entry_count].key = line;
    entries[entry_count++].value = value + strspn(value, " ");
  }
}

// The last entry of a name counts, so that a test can append to a profile.
static const char *find(const char *key) {
  for (int i = entry_count - 1; i >= 0; i--)
    if (strcmp(entries[i].key, key) == 0) return entries[i].value;
  return NULL;
}

// What a device has of its own comes before what all have. "-" takes an entry away.
static const char *get(int device, const char *format, ...) {
  char name[128], own[160];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  snprintf(own, sizeof own, "%d.%s", device, name);
  const char *value = device >= 0 ? find(own) : NULL;
  if (value == NULL) value = find(name);
  return value != NULL && strcmp(value, "-") == 0 ? NULL : value;
}

// fuzz <per cent>: how often a driver that lost its mind answers at random.
static int mad(void) {
  const char *value = find("fuzz");
  return value != NULL && random() % 100 < atoi(value);
}

static unsigned long long mad_number(void) {
  static const unsigned long long numbers[] = {0, 1, 2, 255, 0x7fffffff, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0xfffffffffffffffe, 0xffffffffffffffff};
  int i = random() % 14;
  return i < 10 ? numbers[i] : ((unsigned long long)random() << 33) ^ random();
}

// A number, or "number+rate/s" that grows with the time since the library was loaded.
static unsigned long long number(const char *value) {
  char *end;
  if (mad()) return mad_number();
  unsigned long long n = *value == '-' ? (unsigned long long)strtoll(value, &end, 0) : strtoull(value, &end, 0);
  if (*end == '+') {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (now.tv_sec - loaded.tv_sec) + (now.tv_nsec - loaded.tv_nsec) / 1e9;
    n += (unsigned long long)(strtod(end + 1, NULL) * seconds);
  }
  return n;
}

static const char *setting(int device, const char *what, const char *function) {
  const char *value = get(device, "%s.%s", what, function);
  return value != NULL ? value : get(device, "%s.*", what);
}

static void put_raw(const void *bytes, size_t size) {
  if (write(4, bytes, size) < 0) _exit(98);
}

static void fail_hard(const char *how) {
  if (strcmp(how, "segv") == 0) *(volatile int *)0 = 1;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "garbage") == 0) put_raw("this is no message of the protocol", 34);
  if (strcmp(how, "oversized") == 0) put_raw("LG\1\4\377\377\377\377", 8);
  if (strcmp(how, "truncated") == 0) { put_raw("LG\1\4\0\1\0\0half", 12); _exit(0); }
  if (strcmp(how, "exit") == 0) _exit(7);
}

// What every function does first.
static nvmlReturn_t enter(const char *function, int device) {
  reload();
  const char *value;
  if ((value = get(-1, "log")) != NULL) {
    FILE *log = fopen(value, "ae");
    if (log) { fprintf(log, "%d %s\n", device, function); fclose(log); }
  }
  if ((value = setting(device, "delay", function)) != NULL) usleep(number(value) * 1000);
  if (setting(device, "hang", function) != NULL) for (;;) pause();
  if ((value = setting(device, "crash", function)) != NULL) fail_hard(value);
  if (strncmp(function, "nvmlInit", 8) != 0 && mad()) { // codes of a device: those that end the library are tried one by one
    static const int codes[] = {2, 3, 4, 6, 13, 15, 16, 17, 23, 25, 26, 27, 28, 77, 999};
    return (nvmlReturn_t)codes[random() % (sizeof codes / sizeof *codes)];
  }
  if ((value = setting(device, "ret", function)) != NULL) return (nvmlReturn_t)number(value);
  if (device >= 0 && (value = get(device, "lost")) != NULL) return (nvmlReturn_t)number(value);
  if (device >= 0 && (value = get(device, "reset")) != NULL && loaded_at.tv_sec + loaded_at.tv_nsec / 1e9 < strtod(value, NULL))
    return NVML_ERROR_GPU_IS_LOST;
  return NVML_SUCCESS;
}

// A handle is an address, as a real driver's is: Go's runtime gives up where it meets a small number in the place of one. Its distance
// from the first is the number of a device, from one on, and above that of a MIG device or GPU instance on it.
static char handles[1 << 24];
static void *handle_of(int device, unsigned int part) { return handles + (((size_t)part << 16 | (size_t)(device + 1)) & (sizeof handles - 1)); }
static int index_of(nvmlDevice_t device) { return (int)(((char *)device.handle - handles) & 0xffff) - 1; }
static int mig_of(nvmlDevice_t device) { return (int)((size_t)((char *)device.handle - handles) >> 16) - 1; }

// One thread is in the library at a time, since all look at the same entries.
static pthread_mutex_t one_at_a_time = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int come(void) { pthread_mutex_lock(&one_at_a_time); return 0; }
static void leave(int *unused) { pthread_mutex_unlock(&one_at_a_time); }

#define ENTER(device) \
  int inside_ __attribute__((cleanup(leave), unused)) = come(); \
  do { nvmlReturn_t ret_ = enter(__func__, device); if (ret_ != NVML_SUCCESS) return ret_; } while (0)

static nvmlReturn_t give_text(int device, const char *key, char *out, unsigned int size) {
  const char *value = get(device, "%s", key);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  snprintf(out, size, value, device);
  if (mad()) for (unsigned int i = 0; i + 1 < size && i < 40; i++) out[i] = (char)random();
  return NVML_SUCCESS;
}

#define GIVE(device, key, out) \
  do { \
    const char *value_ = get(device, key); \
    if (value_ == NULL) return NVML_ERROR_NOT_SUPPORTED; \
    *(out) = number(value_); \
  } while (0)

// A function of a device that gives one number.
#define NUMBER(function, type, key) \
  nvmlReturn_t function(nvmlDevice_t d, type *out) { \
    ENTER(index_of(d)); \
    GIVE(index_of(d), key, out); \
    return NVML_SUCCESS; \
  }

#define TEXT(function, key) \
  nvmlReturn_t function(nvmlDevice_t d, char *out, unsigned int size) { \
    ENTER(index_of(d)); \
    return give_text(index_of(d), key, out, size); \
  }

nvmlReturn_t nvmlInit_v2(void) { ENTER(-1); return NVML_SUCCESS; }
nvmlReturn_t nvmlShutdown(void) { ENTER(-1); return NVML_SUCCESS; }
const char *nvmlErrorString(nvmlReturn_t result) { return result == NVML_SUCCESS ? "fine" : "not fine"; }

nvmlReturn_t nvmlSystemGetDriverVersion(char *out, unsigned int size) { ENTER(-1); return give_text(-1, "driver", out, size); }
nvmlReturn_t nvmlSystemGetNVMLVersion(char *out, unsigned int size) { ENTER(-1); return give_text(-1, "library", out, size); }
nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *out) { ENTER(-1); GIVE(-1, "cuda", out); return NVML_SUCCESS; }

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *out) { ENTER(-1); GIVE(-1, "count", out); return NVML_SUCCESS; }
nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *out) {
  int inside __attribute__((cleanup(leave), unused)) = come();
  const char *of = get((int)index, "is"); // which device stands at this index
  int device = of != NULL ? (int)number(of) : (int)index;
  ENTER(device);
  out->handle = handle_of(device, 0);
  return NVML_SUCCESS;
}

// mig.<i> <uuid> <gpu instance> <compute instance> <profile> <profile id> <placement start> <memory total> <memory used>
struct mig { char uuid[96], profile[32]; unsigned int gi, ci, profile_id, start; unsigned long long total, used; };
static int find_mig(int device, int i, struct mig *out) {
  const char *value = get(device, "mig.%d", i);
  return value != NULL && sscanf(value, "%95s %u %u %31s %u %u %llu %llu", out->uuid, &out->gi, &out->ci, out->profile, &out->profile_id,
                                 &out->start, &out->total, &out->used) == 8;
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t d, char *out, unsigned int size) {
  ENTER(index_of(d));
  struct mig m;
  if (mig_of(d) < 0) return give_text(index_of(d), "uuid", out, size);
  if (!find_mig(index_of(d), mig_of(d), &m)) return NVML_ERROR_NOT_FOUND;
  snprintf(out, size, "%s", m.uuid);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t d, char *out, unsigned int size) {
  ENTER(index_of(d));
  struct mig m;
  nvmlReturn_t ret = give_text(index_of(d), "name", out, size);
  if (ret != NVML_SUCCESS || mig_of(d) < 0) return ret;
  if (!find_mig(index_of(d), mig_of(d), &m)) return NVML_ERROR_NOT_FOUND;
  size_t length = strlen(out);
  snprintf(out + length, size - length, " MIG %s", m.profile);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t d, unsigned int *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "minor");
  *out = value != NULL ? number(value) : (unsigned int)index_of(d);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t d, unsigned int *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "mig.max", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t d, unsigned int index, nvmlDevice_t *out) {
  ENTER(index_of(d));
  struct mig m;
  if (!find_mig(index_of(d), (int)index, &m)) return NVML_ERROR_NOT_FOUND;
  out->handle = handle_of(index_of(d), index + 1);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t d, unsigned int *out) {
  ENTER(index_of(d));
  struct mig m;
  if (!find_mig(index_of(d), mig_of(d), &m)) return NVML_ERROR_INVALID_ARGUMENT;
  *out = m.gi;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t d, unsigned int *out) {
  ENTER(index_of(d));
  struct mig m;
  if (!find_mig(index_of(d), mig_of(d), &m)) return NVML_ERROR_INVALID_ARGUMENT;
  *out = m.ci;
  return NVML_SUCCESS;
}
// A GPU instance is its device and its id.
nvmlReturn_t nvmlDeviceGetGpuInstanceById(nvmlDevice_t d, unsigned int id, nvmlGpuInstance_t *out) {
  ENTER(index_of(d));
  out->handle = handle_of(index_of(d), id + 1);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlGpuInstanceGetInfo(nvmlGpuInstance_t instance, nvmlGpuInstanceInfo_t *out) {
  int device = (int)(((char *)instance.handle - handles) & 0xffff) - 1;
  unsigned int id = (unsigned int)((size_t)((char *)instance.handle - handles) >> 16) - 1;
  ENTER(device);
  struct mig m;
  for (int i = 0; i < 16; i++) {
    if (!find_mig(device, i, &m) || m.gi != id) continue;
    memset(out, 0, sizeof *out);
    out->id = id;
    out->profileId = m.profile_id;
    out->placement.start = m.start;
    return NVML_SUCCESS;
  }
  return NVML_ERROR_NOT_FOUND;
}
TEXT(nvmlDeviceGetSerial, "serial")
TEXT(nvmlDeviceGetVbiosVersion, "vbios")
NUMBER(nvmlDeviceGetArchitecture, nvmlDeviceArchitecture_t, "architecture")
NUMBER(nvmlDeviceGetVirtualizationMode, nvmlGpuVirtualizationMode_t, "virtualization")

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t d, nvmlPciInfo_t *out) {
  ENTER(index_of(d));
  memset(out, 0, sizeof *out);
  GIVE(index_of(d), "pci.bus", &out->bus);
  out->bus += index_of(d);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t d, int *major, int *minor) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "compute_capability");
  return value != NULL && sscanf(value, "%d.%d", major, minor) == 2 ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}

// What one of the device's NVLinks has of a sum over all. Links that are not there have nothing.
static int share_of_link(int device, unsigned int field, unsigned int link, unsigned long long *n) {
  const char *links = get(device, "nvlink.links");
  int shared = (field >= 138 && field <= 141) || (field >= 201 && field <= 225 && field != 220 && field != 222) || (field >= 235 && field <= 250);
  if (!shared || link == ~0u) return 1;
  unsigned long long shares = links != NULL ? number(links) : 0;
  if (link >= shares) return 0;
  *n /= shares;
  return 1;
}

// The driver's release, by the library's version: 580 for 13.580.95.05.
static int release(void) {
  const char *version = get(-1, "library");
  int number = 0;
  return version != NULL && sscanf(version, "%*d.%d", &number) == 1 ? number : 0;
}

// Release 590 gave the numbers 251 to 271 other meanings. A profile names the values, and the number that each has
// depends on the release.
static const char *renumbered(int device, unsigned int id) {
  static const char *throttled[] = {"throttle.time.software_thermal", "throttle.time.hardware_thermal", "throttle.time.power_brake"};
  unsigned int throttle = release() >= 590 ? 269 : 251, smoothing = release() >= 590 ? 251 : 256;
  if (release() < 570) return NULL;
  if (id >= throttle && id < throttle + 3) return get(device, "%s", throttled[id - throttle]);
  if (id >= smoothing && id < smoothing + 18) return get(device, "power_smoothing.%u", id - smoothing);
  return NULL;
}

// field.<id> <type> <number>; a device without the field answers like a driver that has it, a field of type
// "unknown" like one that has never heard of it.
static void give_field(int device, nvmlFieldValue_t *field) {
  static const char *types[] = {"double", "uint", "ulong", "ull", "sll", "sint", "ushort"};
  char type[16] = "";
  int moved = field->fieldId >= 251 && field->fieldId <= 273, of_scope = 0;
  const char *value = moved ? renumbered(device, field->fieldId) : get(device, "field.%u@%u", field->fieldId, field->scopeId);
  of_scope = !moved && value != NULL;
  if (value == NULL && !moved && !(field->fieldId >= 185 && field->fieldId <= 192 && field->scopeId != 0))
    value = get(device, "field.%u", field->fieldId);
  field->nvmlReturn = NVML_ERROR_NOT_SUPPORTED;
  if (value == NULL) return;
  if (strncmp(value, "ret ", 4) == 0) { field->nvmlReturn = (nvmlReturn_t)number(value + 4); return; }
  sscanf(value, "%15s", type);
  if (strcmp(type, "future") == 0) { field->valueType = (nvmlValueType_t)99; field->nvmlReturn = NVML_SUCCESS; return; }
  field->latencyUsec = 7;
  for (int i = 0; i < 7; i++) {
    if (strcmp(type, types[i]) != 0) continue;
    const char *digits = strchr(value, ' ') + 1;
    unsigned long long n = number(digits);
    if (!of_scope && !share_of_link(device, field->fieldId, field->scopeId, &n)) {
      field->nvmlReturn = NVML_ERROR_INVALID_ARGUMENT;
      return;
    }
    memset(&field->value, 0, sizeof field->value);
    switch (i) {
      case 0: field->value.dVal = (double)n; break;
      case 1: case 5: field->value.uiVal = (unsigned int)n; break;
      case 6: field->value.usVal = (unsigned short)n; break;
      default: field->value.ullVal = n;
    }
    field->valueType = (nvmlValueType_t)(mad() ? random() % 12 : i);
    field->nvmlReturn = NVML_SUCCESS;
  }
}
nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t d, int count, nvmlFieldValue_t *values) {
  ENTER(index_of(d));
  for (int i = 0; i < count; i++) give_field(index_of(d), &values[i]);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t d, nvmlMemory_v2_t *out) {
  ENTER(index_of(d));
  struct mig m;
  if (out->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  if (mig_of(d) >= 0) {
    if (!find_mig(index_of(d), mig_of(d), &m)) return NVML_ERROR_NOT_FOUND;
    out->total = mad() ? mad_number() : m.total;
    out->used = mad() ? mad_number() : m.used;
    out->reserved = 0;
    out->free = out->total - out->used;
    return NVML_SUCCESS;
  }
  GIVE(index_of(d), "memory.total", &out->total);
  GIVE(index_of(d), "memory.used", &out->used);
  GIVE(index_of(d), "memory.reserved", &out->reserved);
  out->free = out->total - out->used - out->reserved;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t d, nvmlMemory_t *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "memory.total", &out->total);
  GIVE(index_of(d), "memory.used", &out->used);
  const char *reserved = get(index_of(d), "memory.reserved");
  if (reserved != NULL) out->used += number(reserved);
  out->free = out->total - out->used;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetBAR1MemoryInfo(nvmlDevice_t d, nvmlBAR1Memory_t *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "bar1.total", &out->bar1Total);
  GIVE(index_of(d), "bar1.used", &out->bar1Used);
  out->bar1Free = out->bar1Total - out->bar1Used;
  return NVML_SUCCESS;
}

// samples.<type> <number>...: one sample every 100 ms, the last one taken just now. As the driver does, the
// buffer is offered larger than what is in it.
nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t d, nvmlSamplingType_t type, unsigned long long since,
                                  nvmlValueType_t *value_type, unsigned int *count, nvmlSample_t *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "samples.%d", (int)type);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  if (out == NULL) { *count = 100; return NVML_SUCCESS; }
  unsigned long long numbers[100];
  int n = 0;
  char *end;
  for (const char *p = value; n < 100; p = end) {
    numbers[n] = strtoull(p, &end, 0);
    if (end == p) break;
    n++;
  }
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  unsigned long long micros = now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
  unsigned int given = 0;
  for (int i = 0; i < n; i++) {
    unsigned long long stamp = micros - (n - 1 - i) * 100000ULL;
    if (stamp <= since) continue;
    out[given].timeStamp = stamp;
    out[given++].sampleValue.ullVal = numbers[i];
  }
  *value_type = NVML_VALUE_TYPE_UNSIGNED_INT;
  *count = given;
  return given > 0 ? NVML_SUCCESS : NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t d, nvmlUtilization_t *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "utilization.gpu", &out->gpu);
  GIVE(index_of(d), "utilization.memory", &out->memory);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetEncoderUtilization(nvmlDevice_t d, unsigned int *out, unsigned int *period) {
  ENTER(index_of(d));
  *period = 167000;
  GIVE(index_of(d), "utilization.encoder", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetDecoderUtilization(nvmlDevice_t d, unsigned int *out, unsigned int *period) {
  ENTER(index_of(d));
  *period = 167000;
  GIVE(index_of(d), "utilization.decoder", out);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetJpgUtilization(nvmlDevice_t d, unsigned int *out, unsigned int *period) {
  ENTER(index_of(d));
  *period = 167000;
  GIVE(index_of(d), "utilization.jpeg", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetOfaUtilization(nvmlDevice_t d, unsigned int *out, unsigned int *period) {
  ENTER(index_of(d));
  *period = 167000;
  GIVE(index_of(d), "utilization.ofa", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetEncoderStats(nvmlDevice_t d, unsigned int *sessions, unsigned int *fps, unsigned int *latency) {
  ENTER(index_of(d));
  *fps = *latency = 0;
  GIVE(index_of(d), "encoder.sessions", sessions);
  return NVML_SUCCESS;
}

// mode.<name> <current> <pending>
static nvmlReturn_t give_mode(int device, const char *what, unsigned int *current, unsigned int *pending) {
  const char *value = get(device, "mode.%s", what);
  return value != NULL && sscanf(value, "%u %u", current, pending) == 2 ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}
nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t d, unsigned int *current, unsigned int *pending) {
  ENTER(index_of(d));
  return give_mode(index_of(d), "mig", current, pending);
}
nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t d, nvmlEnableState_t *current, nvmlEnableState_t *pending) {
  ENTER(index_of(d));
  return give_mode(index_of(d), "ecc", current, pending);
}
nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t d, nvmlEnableState_t *current) {
  unsigned int pending;
  ENTER(index_of(d));
  return give_mode(index_of(d), "persistence", current, &pending);
}
nvmlReturn_t nvmlSystemGetConfComputeState(nvmlConfComputeSystemState_t *out) {
  ENTER(-1);
  memset(out, 0, sizeof *out);
  GIVE(-1, "confidential", &out->ccFeature);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlGetExcludedDeviceCount(unsigned int *out) {
  ENTER(-1);
  const char *value = get(-1, "excluded.count");
  *out = value != NULL ? number(value) : 0;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlGetExcludedDeviceInfoByIndex(unsigned int index, nvmlExcludedDeviceInfo_t *out) {
  ENTER(-1);
  memset(out, 0, sizeof *out);
  const char *value = get(-1, "excluded.%u", index);
  if (value == NULL) return NVML_ERROR_NOT_FOUND;
  out->pciInfo.bus = number(value);
  return NVML_SUCCESS;
}

NUMBER(nvmlDeviceGetPowerUsage, unsigned int, "power")
NUMBER(nvmlDeviceGetEnforcedPowerLimit, unsigned int, "power.limit")
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, unsigned int, "power.limit.default")
NUMBER(nvmlDeviceGetTotalEnergyConsumption, unsigned long long, "energy")
NUMBER(nvmlDeviceGetFanSpeed, unsigned int, "fan")
NUMBER(nvmlDeviceGetCurrentClocksEventReasons, unsigned long long, "throttle.reasons")
NUMBER(nvmlDeviceGetCurrentClocksThrottleReasons, unsigned long long, "throttle.reasons")
NUMBER(nvmlDeviceGetPerformanceState, nvmlPstates_t, "pstate")
NUMBER(nvmlDeviceGetPcieReplayCounter, unsigned int, "pcie.replays")
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, unsigned int, "pcie.width")
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, unsigned int, "pcie.width.max")
NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, unsigned int, "pcie.generation")
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, unsigned int, "pcie.generation.max")

nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t d, unsigned int *min, unsigned int *max) {
  ENTER(index_of(d));
  GIVE(index_of(d), "power.limit.min", min);
  GIVE(index_of(d), "power.limit.max", max);
  return NVML_SUCCESS;
}
// Takes its time, as the driver does.
nvmlReturn_t nvmlDeviceGetPcieThroughput(nvmlDevice_t d, nvmlPcieUtilCounter_t counter, unsigned int *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "pcie.throughput.%d", (int)counter);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  usleep(20000);
  *out = number(value);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t d, nvmlTemperature_t *out) {
  ENTER(index_of(d));
  if (out->version != nvmlTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  GIVE(index_of(d), "temperature", &out->temperature);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t d, nvmlTemperatureSensors_t sensor, unsigned int *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "temperature", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t d, nvmlMarginTemperature_t *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "temperature.margin", &out->marginTemperature);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t d, nvmlTemperatureThresholds_t type, unsigned int *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "temperature.threshold.%d", (int)type);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  *out = number(value);
  return NVML_SUCCESS;
}

static nvmlReturn_t give_clock(int device, const char *what, int type, unsigned int *out) {
  const char *value = get(device, "%s.%d", what, type);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  *out = number(value);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t d, nvmlClockType_t type, unsigned int *out) {
  ENTER(index_of(d));
  return give_clock(index_of(d), "clock", type, out);
}
nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t d, nvmlClockType_t type, unsigned int *out) {
  ENTER(index_of(d));
  return give_clock(index_of(d), "clock.max", type, out);
}

// nvlink.links <total>, nvlink.active <number>
nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t d, unsigned int link, nvmlEnableState_t *out) {
  ENTER(index_of(d));
  const char *links = get(index_of(d), "nvlink.links"), *active = get(index_of(d), "nvlink.active");
  if (links == NULL) return NVML_ERROR_NOT_SUPPORTED;
  if (link >= number(links)) return NVML_ERROR_INVALID_ARGUMENT;
  *out = active == NULL || link < number(active) ? NVML_FEATURE_ENABLED : NVML_FEATURE_DISABLED;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t d, nvmlGpuFabricInfoV_t *out) {
  ENTER(index_of(d));
  const char *health = get(index_of(d), "fabric.health");
  if (health == NULL && out->version == nvmlGpuFabricInfo_v3) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  if (out->version != nvmlGpuFabricInfo_v3 && out->version != nvmlGpuFabricInfo_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  GIVE(index_of(d), "fabric.state", &out->state);
  const char *status = get(index_of(d), "fabric.status"), *mask = get(index_of(d), "fabric.mask"), *clique = get(index_of(d), "fabric.clique");
  out->status = status != NULL ? (nvmlReturn_t)number(status) : NVML_SUCCESS;
  out->healthMask = mask != NULL ? number(mask) : 0;
  if (clique != NULL) {
    out->cliqueId = number(clique);
    for (int i = 0; i < 16; i++) out->clusterUuid[i] = (unsigned char)(0xa0 + i);
  }
  if (out->version == nvmlGpuFabricInfo_v3) out->healthSummary = number(health);
  return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t d, nvmlMemoryErrorType_t type, nvmlEccCounterType_t counter,
                                         unsigned long long *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "ecc.%d", (int)type);
  if (value == NULL) return NVML_ERROR_NOT_SUPPORTED;
  *out = number(value);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetSramEccErrorStatus(nvmlDevice_t d, nvmlEccSramErrorStatus_t *out) {
  ENTER(index_of(d));
  if (out->version != nvmlEccSramErrorStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  GIVE(index_of(d), "ecc.sram.exceeded", &out->bThresholdExceeded);
  const char *value = get(index_of(d), "ecc.sram"); // volatile: corrected, parity, SEC-DED; aggregate: L2, SM, PCIe, MCU, other
  if (value != NULL)
    sscanf(value, "%llu %llu %llu %llu %llu %llu %llu %llu", &out->volatileCor, &out->volatileUncParity, &out->volatileUncSecDed,
           &out->aggregateUncBucketL2, &out->aggregateUncBucketSm, &out->aggregateUncBucketPcie, &out->aggregateUncBucketMcu,
           &out->aggregateUncBucketOther);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t d, nvmlMemoryErrorType_t type, nvmlEccCounterType_t counter,
                                             nvmlMemoryLocation_t location, unsigned long long *out) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "ecc.%d@%d", (int)type, (int)location);
  if (value == NULL || counter != NVML_VOLATILE_ECC) return NVML_ERROR_NOT_SUPPORTED;
  *out = number(value);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetRepairStatus(nvmlDevice_t d, nvmlRepairStatus_t *out) {
  ENTER(index_of(d));
  if (out->version != nvmlRepairStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  GIVE(index_of(d), "repair.channel", &out->bChannelRepairPending);
  GIVE(index_of(d), "repair.tpc", &out->bTpcRepairPending);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t d, unsigned int *correctable, unsigned int *uncorrectable,
                                       unsigned int *pending, unsigned int *failure) {
  ENTER(index_of(d));
  GIVE(index_of(d), "remap.correctable", correctable);
  GIVE(index_of(d), "remap.uncorrectable", uncorrectable);
  GIVE(index_of(d), "remap.pending", pending);
  GIVE(index_of(d), "remap.failure", failure);
  return NVML_SUCCESS;
}

// process.<n> <pid> <memory or -1> [gpu instance, compute instance, SM, memory, encoder, decoder %], and
// processes.many <count> <first pid>, of a GB each.
struct process { unsigned int pid; long long memory; int gi, ci; unsigned int sm, mem, enc, dec; };
static int many_processes(int device, int *first) {
  const char *many = get(device, "processes.many");
  int count = 0;
  return many != NULL && sscanf(many, "%d %d", &count, first) == 2 ? count : 0;
}
static int find_process(int device, int n, struct process *out) {
  *out = (struct process){.gi = -1, .ci = -1};
  const char *value = get(device, "process.%d", n);
  if (value == NULL || sscanf(value, "%u %lli %d %d %u %u %u %u", &out->pid, &out->memory, &out->gi, &out->ci, &out->sm, &out->mem, &out->enc, &out->dec) < 2) return 0;
  if (mad()) out->pid = (unsigned int)mad_number();
  if (mad()) out->memory = (long long)mad_number();
  if (mad()) out->sm = (unsigned int)mad_number();
  return 1;
}
static int count_processes(int device) {
  struct process p;
  int n = 0, first;
  if ((n = many_processes(device, &first)) > 0) return n;
  while (find_process(device, n, &p)) n++;
  return n;
}
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t d, unsigned int *count, nvmlProcessInfo_t *out) {
  ENTER(index_of(d));
  unsigned int n = (unsigned int)count_processes(index_of(d)), room = *count;
  *count = n;
  if (n > room) return NVML_ERROR_INSUFFICIENT_SIZE;
  struct process p;
  int first;
  if (many_processes(index_of(d), &first) > 0) {
    for (unsigned int i = 0; i < n; i++)
      out[i] = (nvmlProcessInfo_t){.pid = (unsigned int)first + i, .usedGpuMemory = 1 << 30, .gpuInstanceId = ~0u, .computeInstanceId = ~0u};
    return NVML_SUCCESS;
  }
  for (unsigned int i = 0; i < n; i++) {
    find_process(index_of(d), (int)i, &p);
    out[i] = (nvmlProcessInfo_t){.pid = p.pid, .usedGpuMemory = (unsigned long long)p.memory, .gpuInstanceId = (unsigned int)p.gi, .computeInstanceId = (unsigned int)p.ci};
  }
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t d, nvmlProcessUtilizationSample_t *out, unsigned int *count, unsigned long long since) {
  ENTER(index_of(d));
  struct timespec now;
  struct process p;
  unsigned int n = 0, room = *count;
  clock_gettime(CLOCK_REALTIME, &now);
  for (int i = 0; find_process(index_of(d), i, &p); i++) {
    if (p.sm == 0 && p.mem == 0) continue;
    if (out != NULL && n < room)
      out[n] = (nvmlProcessUtilizationSample_t){.pid = p.pid, .timeStamp = now.tv_sec * 1000000ULL + now.tv_nsec / 1000, .smUtil = p.sm, .memUtil = p.mem, .encUtil = p.enc, .decUtil = p.dec};
    n++;
  }
  *count = n;
  if (n == 0) return NVML_ERROR_NOT_FOUND;
  return out == NULL || n > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

// The newer form, for a library with the entry "processes.newer".
nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t d, nvmlProcessesUtilizationInfo_t *in) {
  ENTER(index_of(d));
  if (get(-1, "processes.newer") == NULL) return NVML_ERROR_NOT_SUPPORTED;
  if (in->version != nvmlProcessesUtilizationInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  nvmlProcessUtilizationSample_t *old = calloc(in->processSamplesCount + 1, sizeof *old);
  unsigned int room = in->processSamplesCount;
  nvmlReturn_t ret = nvmlDeviceGetProcessUtilization(d, old, &in->processSamplesCount, in->lastSeenTimeStamp);
  for (unsigned int i = 0; ret == NVML_SUCCESS && i < in->processSamplesCount && i < room; i++)
    in->procUtilArray[i] = (nvmlProcessUtilizationInfo_v1_t){.timeStamp = old[i].timeStamp, .pid = old[i].pid, .smUtil = old[i].smUtil, .memUtil = old[i].memUtil, .encUtil = old[i].encUtil, .decUtil = old[i].decUtil};
  free(old);
  return ret;
}

// gpm.<id> <number>, gpm.<id>@<gpu instance> <number>: per cent or MiB/s. A sample is where and when it was taken.
struct nvmlGpmSample_st { int device, gi; struct timespec at; };
static const char *gpm_value(int device, int gi, unsigned int id) {
  return gi >= 0 ? get(device, "gpm.%u@%d", id, gi) : get(device, "gpm.%u", id);
}
nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t d, nvmlGpmSupport_t *out) {
  ENTER(index_of(d));
  if (out->version != NVML_GPM_SUPPORT_VERSION) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  const char *value = get(index_of(d), "gpm");
  out->isSupportedDevice = value != NULL ? number(value) : 0;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlGpmSampleAlloc(nvmlGpmSample_t *out) {
  ENTER(-1);
  out->handle = calloc(1, sizeof *out->handle);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlGpmSampleFree(nvmlGpmSample_t sample) {
  ENTER(-1);
  free(sample.handle);
  return NVML_SUCCESS;
}
static nvmlReturn_t gpm_sample(int device, int gi, nvmlGpmSample_t out) {
  if (get(device, "gpm") == NULL) return NVML_ERROR_NOT_SUPPORTED;
  out.handle->device = device;
  out.handle->gi = gi;
  clock_gettime(CLOCK_MONOTONIC, &out.handle->at);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t d, nvmlGpmSample_t out) {
  ENTER(index_of(d));
  return gpm_sample(index_of(d), -1, out);
}
nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t d, unsigned int gi, nvmlGpmSample_t out) {
  ENTER(index_of(d));
  return mig_of(d) >= 0 ? NVML_ERROR_INVALID_ARGUMENT : gpm_sample(index_of(d), (int)gi, out);
}
nvmlReturn_t nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *in) {
  struct nvmlGpmSample_st *a = in->sample1.handle, *b = in->sample2.handle;
  ENTER(b->device);
  double apart = (b->at.tv_sec - a->at.tv_sec) + (b->at.tv_nsec - a->at.tv_nsec) / 1e9;
  if (in->version != NVML_GPM_METRICS_GET_VERSION) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  if (a->device != b->device || a->gi != b->gi || apart < 0.1) return NVML_ERROR_INVALID_ARGUMENT;
  for (unsigned int i = 0; i < in->numMetrics && i < sizeof in->metrics / sizeof *in->metrics; i++) {
    const char *value = gpm_value(b->device, b->gi, in->metrics[i].metricId);
    in->metrics[i].nvmlReturn = value == NULL ? NVML_ERROR_NOT_SUPPORTED : NVML_SUCCESS;
    in->metrics[i].value = value == NULL ? 0 : mad() ? (random() % 2 ? 0.0 / 0.0 : -1e300) : strtod(value, NULL);
  }
  return NVML_SUCCESS;
}

// event.<n> <device> <type> <data> [times, gpu instance, compute instance, severity]: what happens to a device, in the order
// of n. What is there when a set of events is made happened before it. An event with a severity comes in the newer form, too.
struct nvmlEventSet_st { unsigned long long masks[64]; int next; unsigned long long left; int structured, told; };
struct happening { int device, gi, ci; unsigned long long type, data, times; unsigned int severity; };
static int find_event(int n, struct happening *out) {
  const char *value = get(-1, "event.%d", n);
  *out = (struct happening){.times = 1, .gi = -1, .ci = -1};
  return value != NULL && sscanf(value, "%d %lli %lli %lli %d %d %u", &out->device, (long long *)&out->type, (long long *)&out->data,
                                 (long long *)&out->times, &out->gi, &out->ci, &out->severity) >= 3;
}
nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *out) {
  ENTER(-1);
  struct happening h;
  out->handle = calloc(1, sizeof *out->handle);
  while (find_event(out->handle->next, &h)) out->handle->next++;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
  ENTER(-1);
  free(set.handle);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t d, unsigned long long *out) {
  ENTER(index_of(d));
  GIVE(index_of(d), "events", out);
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t d, unsigned long long types, nvmlEventSet_t set) {
  ENTER(index_of(d));
  const char *value = get(index_of(d), "events");
  if (value == NULL || (types & ~number(value)) != 0) return NVML_ERROR_NOT_SUPPORTED;
  set.handle->masks[index_of(d)] |= types;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlEventSetRegisterGpuOperationalEvents_v1(nvmlEventSet_t set, const nvmlGpuOperationalEventConfig_v1_t *config) {
  ENTER(-1);
  if (get(-1, "events.structured") == NULL) return NVML_ERROR_NOT_SUPPORTED;
  set.handle->structured = 1;
  return NVML_SUCCESS;
}
// The next event, or none. newer says that the caller takes the newer form.
static int next_event(nvmlEventSet_t set, int newer, struct happening *h) {
  struct nvmlEventSet_st *s = set.handle;
  for (; find_event(s->next, h); s->next++) {
    if (s->left == 0) s->left = h->times;
    if (h->device >= 64 || (s->masks[h->device] & h->type) == 0) { s->left = 0; continue; }
    if (newer && s->structured && h->severity > 0 && !s->told) { s->told = 1; return 2; }
    if (--s->left == 0) { s->next++; s->told = 0; }
    return 1;
  }
  return 0;
}
static nvmlReturn_t wait_for_event(nvmlEventSet_t set, unsigned int ms, int newer, struct happening *h, int *form) {
  for (unsigned int waited = 0;; waited += 2) {
    pthread_mutex_lock(&one_at_a_time);
    reload();
    *form = next_event(set, newer, h);
    pthread_mutex_unlock(&one_at_a_time);
    if (*form != 0) return NVML_SUCCESS;
    if (waited >= ms) return NVML_ERROR_TIMEOUT;
    usleep(2000);
  }
}
static nvmlReturn_t enter_wait(const char *function) {
  int inside __attribute__((cleanup(leave), unused)) = come();
  return enter(function, -1);
}
nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *out, unsigned int ms) {
  struct happening h;
  int form;
  nvmlReturn_t ret = enter_wait(__func__);
  if (ret != NVML_SUCCESS || (ret = wait_for_event(set, ms, 0, &h, &form)) != NVML_SUCCESS) return ret;
  out->device.handle = handle_of(h.device, 0);
  out->eventType = h.type;
  out->eventData = mad() ? mad_number() : h.data;
  out->gpuInstanceId = (unsigned int)h.gi;
  out->computeInstanceId = (unsigned int)h.ci;
  return NVML_SUCCESS;
}
static unsigned int context_xid;
nvmlReturn_t nvmlEventSetWait_v3(nvmlEventSet_t set, nvmlEventSetWait_v3_t *out) {
  struct happening h;
  int form;
  unsigned int ms = out->timeoutMs;
  nvmlReturn_t ret = enter_wait(__func__);
  if (ret != NVML_SUCCESS || (ret = wait_for_event(set, ms, 1, &h, &form)) != NVML_SUCCESS) return ret;
  int inside __attribute__((cleanup(leave), unused)) = come();
  memset(out, 0, sizeof *out);
  give_text(h.device, "uuid", out->uuid, sizeof out->uuid);
  out->gpuInstanceId = (unsigned int)h.gi;
  out->computeInstanceId = (unsigned int)h.ci;
  if (form == 2) {
    out->dataType = NVML_EVENT_DATA_TYPE_GPU_OPERATIONAL_EVENT;
    out->severity = h.severity;
    context_xid = (unsigned int)h.data;
    return NVML_SUCCESS;
  }
  out->eventType = h.type;
  out->eventData = mad() ? mad_number() : h.data;
  return NVML_SUCCESS;
}
nvmlReturn_t nvmlEventSetGetGpuOperationalEventContextLegacyXid_v1(nvmlEventSet_t set, nvmlEventSetGetGpuOperationalEventContextLegacyXid_v1_t *out) {
  ENTER(-1);
  out->xidCode = context_xid;
  return NVML_SUCCESS;
}
