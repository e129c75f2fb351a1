// SPDX-License-Identifier: Apache-2.0
//
// A second opinion: reads the GPUs by a libnvidia-ml, in its own way, and prints a line for each reading: the UUID, the
// metric, its attributes and the value, parted by tabs. It shares nothing with the receiver but NVIDIA's header.

#define NVML_NO_UNVERSIONED_FUNC_DEFS 1
#include "nvml.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;
static char uuid[96];

static void say(const char *metric, const char *attributes, double value) {
  printf("%s\t%s\t%s\t%.17g\n", uuid, metric, attributes, value);
}

// CALL(result type, name, parameter types)(arguments): a function of the library; missing ones answer 13.
#define HAS(name) (dlsym(library, #name) != NULL)
#define CALL(name, ...) (HAS(name) ? ((nvmlReturn_t(*)())dlsym(library, #name))(__VA_ARGS__) : NVML_ERROR_FUNCTION_NOT_FOUND)

static int field(nvmlDevice_t d, unsigned int id, unsigned int scope, double *value) {
  nvmlFieldValue_t f;
  memset(&f, 0, sizeof f);
  f.fieldId = id;
  f.scopeId = scope;
  if (CALL(nvmlDeviceGetFieldValues, d, 1, &f) != NVML_SUCCESS || f.nvmlReturn != NVML_SUCCESS) return 0;
  switch (f.valueType) {
    case NVML_VALUE_TYPE_DOUBLE: *value = f.value.dVal; return 1;
    case NVML_VALUE_TYPE_UNSIGNED_INT: *value = f.value.uiVal; return f.value.uiVal != ~0u;
    case NVML_VALUE_TYPE_UNSIGNED_LONG: *value = f.value.ulVal; return 1;
    case NVML_VALUE_TYPE_UNSIGNED_LONG_LONG: *value = f.value.ullVal; return f.value.ullVal != ~0ull;
    case NVML_VALUE_TYPE_SIGNED_LONG_LONG: *value = f.value.sllVal; return 1;
    case NVML_VALUE_TYPE_SIGNED_INT: *value = f.value.siVal; return 1;
    case NVML_VALUE_TYPE_UNSIGNED_SHORT: *value = f.value.usVal; return 1;
    default: return 0;
  }
}

static void say_field(nvmlDevice_t d, unsigned int id, const char *metric, const char *attributes, double factor) {
  double value;
  if (field(d, id, 0, &value)) say(metric, attributes, value * factor);
}

static void memory(nvmlDevice_t d) {
  nvmlMemory_v2_t m;
  memset(&m, 0, sizeof m);
  m.version = nvmlMemory_v2;
  if (CALL(nvmlDeviceGetMemoryInfo_v2, d, &m) == NVML_SUCCESS) {
    say("hw.gpu.memory.limit", "", m.total);
    say("hw.gpu.memory.usage", "", m.used);
    say("hw.gpu.memory.utilization", "", (double)m.used / m.total);
    say("nvidia.gpu.memory.free", "", m.free);
    say("nvidia.gpu.memory.reserved", "", m.reserved);
  }
  nvmlBAR1Memory_t b;
  if (CALL(nvmlDeviceGetBAR1MemoryInfo, d, &b) == NVML_SUCCESS) {
    say("nvidia.gpu.bar1.limit", "", b.bar1Total);
    say("nvidia.gpu.bar1.usage", "", b.bar1Used);
  }
}

static void power(nvmlDevice_t d) {
  unsigned int mw = 0;
  double value;
  if (field(d, NVML_FI_DEV_POWER_AVERAGE, 0, &value)) say("hw.power", "", value / 1000);
  else if (CALL(nvmlDeviceGetPowerUsage, d, &mw) == NVML_SUCCESS) say("hw.power", "", mw / 1000.0);
  if (CALL(nvmlDeviceGetEnforcedPowerLimit, d, &mw) == NVML_SUCCESS)
    say("nvidia.gpu.power.limit", "nvidia.gpu.power.limit_type=enforced", mw / 1000.0);
  say_field(d, NVML_FI_DEV_POWER_INSTANT, "nvidia.gpu.power.instant", "", 1e-3);
  unsigned long long mj;
  if (CALL(nvmlDeviceGetTotalEnergyConsumption, d, &mj) == NVML_SUCCESS) say("hw.energy", "", mj / 1000.0);
}

static void temperature(nvmlDevice_t d) {
  unsigned int t;
  if (CALL(nvmlDeviceGetTemperature, d, NVML_TEMPERATURE_GPU, &t) == NVML_SUCCESS) say("hw.temperature", "hw.sensor_location=gpu", t);
  say_field(d, NVML_FI_DEV_MEMORY_TEMP, "hw.temperature", "hw.sensor_location=memory", 1);
  nvmlMarginTemperature_t m;
  memset(&m, 0, sizeof m);
  m.version = nvmlMarginTemperature_v1;
  if (CALL(nvmlDeviceGetMarginTemperature, d, &m) == NVML_SUCCESS) say("nvidia.gpu.temperature.margin", "", m.marginTemperature);
  static const char *limits[] = {"shutdown", "slowdown", "memory_max", "gpu_max"};
  for (int i = 0; i < 4; i++) {
    char attributes[96];
    snprintf(attributes, sizeof attributes, "nvidia.gpu.temperature.limit_type=%s", limits[i]);
    say_field(d, 193 + i, "nvidia.gpu.temperature.margin.limit", attributes, 1);
  }
}

static void clocks(nvmlDevice_t d) {
  static const char *domains[] = {"graphics", "sm", "memory", "video"};
  for (int i = 0; i < 4; i++) {
    char attributes[96];
    unsigned int mhz;
    snprintf(attributes, sizeof attributes, "nvidia.gpu.clock.domain=%s", domains[i]);
    if (CALL(nvmlDeviceGetClockInfo, d, i, &mhz) == NVML_SUCCESS) say("nvidia.gpu.clock.frequency", attributes, mhz * 1e6);
    if (CALL(nvmlDeviceGetMaxClockInfo, d, i, &mhz) == NVML_SUCCESS) say("nvidia.gpu.clock.frequency.limit", attributes, mhz * 1e6);
  }
}

// By the release of the library: from 590 on the counters by reason have other numbers.
static void throttling(nvmlDevice_t d) {
  static const struct { unsigned int id; const char *reason; } always[] = {
      {74, "power_cap"}, {76, "sync_boost"}, {77, "board_limit"}, {78, "low_utilization"}, {79, "reliability"}};
  static const char *moved[] = {"software_thermal", "hardware_thermal", "hardware_power_brake"};
  char attributes[96], version[80] = "";
  for (unsigned int i = 0; i < sizeof always / sizeof *always; i++) {
    snprintf(attributes, sizeof attributes, "nvidia.gpu.throttle.reason=%s", always[i].reason);
    say_field(d, always[i].id, "nvidia.gpu.throttle.time", attributes, 1e-9);
  }
  CALL(nvmlSystemGetNVMLVersion, version, sizeof version);
  char *dot = strchr(version, '.');
  int release = dot != NULL ? atoi(dot + 1) : 0;
  for (int i = 0; i < 3; i++) {
    double value;
    unsigned int id = release >= 590 ? 269 + i : release >= 570 ? 251 + i : 0;
    snprintf(attributes, sizeof attributes, "nvidia.gpu.throttle.reason=%s", moved[i]);
    if ((id != 0 && field(d, id, 0, &value)) || (i == 0 && field(d, 75, 0, &value))) say("nvidia.gpu.throttle.time", attributes, value * 1e-9);
  }
}

static void pcie(nvmlDevice_t d) {
  unsigned int n;
  if (CALL(nvmlDeviceGetPcieReplayCounter, d, &n) == NVML_SUCCESS) say("nvidia.gpu.pcie.replays", "", n);
  if (CALL(nvmlDeviceGetCurrPcieLinkWidth, d, &n) == NVML_SUCCESS) say("nvidia.gpu.pcie.link.width", "nvidia.gpu.pcie.link.limit=current", n);
  if (CALL(nvmlDeviceGetMaxPcieLinkWidth, d, &n) == NVML_SUCCESS) say("nvidia.gpu.pcie.link.width", "nvidia.gpu.pcie.link.limit=max", n);
  if (CALL(nvmlDeviceGetCurrPcieLinkGeneration, d, &n) == NVML_SUCCESS)
    say("nvidia.gpu.pcie.link.generation", "nvidia.gpu.pcie.link.limit=current", n);
}

static void nvlink(nvmlDevice_t d) {
  int active = 0, links = 0, has_tx = 0, has_rx = 0;
  double tx = 0, rx = 0, value;
  for (unsigned int i = 0; i < NVML_NVLINK_MAX_LINKS; i++) {
    nvmlEnableState_t on;
    if (CALL(nvmlDeviceGetNvLinkState, d, i, &on) != NVML_SUCCESS) continue;
    links++;
    active += on == NVML_FEATURE_ENABLED;
    if (field(d, NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, i, &value)) tx += value, has_tx = 1;
    else if (field(d, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX, i, &value)) tx += value * 1024, has_tx = 1;
    if (field(d, NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, i, &value)) rx += value, has_rx = 1;
    else if (field(d, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX, i, &value)) rx += value * 1024, has_rx = 1;
  }
  if (links == 0) return;
  say("nvidia.gpu.nvlink.links", "nvidia.gpu.nvlink.state=active", active);
  say("nvidia.gpu.nvlink.links", "nvidia.gpu.nvlink.state=inactive", links - active);
  if (has_tx) say("nvidia.gpu.nvlink.io", "network.io.direction=transmit", tx);
  if (has_rx) say("nvidia.gpu.nvlink.io", "network.io.direction=receive", rx);
  say_field(d, 38, "nvidia.gpu.nvlink.errors", "error.type=crc_flit", 1);
  say_field(d, 45, "nvidia.gpu.nvlink.errors", "error.type=crc_data", 1);
  say_field(d, 52, "nvidia.gpu.nvlink.errors", "error.type=replay", 1);
  say_field(d, 59, "nvidia.gpu.nvlink.errors", "error.type=recovery", 1);
}

static void health(nvmlDevice_t d) {
  unsigned long long n;
  if (CALL(nvmlDeviceGetTotalEccErrors, d, NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_VOLATILE_ECC, &n) == NVML_SUCCESS)
    say("hw.errors", "error.type=corrected", n);
  if (CALL(nvmlDeviceGetTotalEccErrors, d, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC, &n) == NVML_SUCCESS)
    say("hw.errors", "error.type=uncorrected", n);
  unsigned int corrected, uncorrected, pending, failure;
  if (CALL(nvmlDeviceGetRemappedRows, d, &corrected, &uncorrected, &pending, &failure) == NVML_SUCCESS) {
    say("nvidia.gpu.row_remaps", "error.type=corrected", corrected);
    say("nvidia.gpu.row_remaps", "error.type=uncorrected", uncorrected);
    say("nvidia.gpu.row_remap.pending", "", pending);
    say("nvidia.gpu.row_remap.failure", "", failure);
  }
  static const char *actions[] = {"none", "reset", "node_reboot", "drain_p2p", "drain_and_reset", "recover_imex_domain", "bus_reset", "system_reboot"};
  double action;
  char attributes[96];
  if (field(d, NVML_FI_DEV_GET_GPU_RECOVERY_ACTION, 0, &action)) {
    snprintf(attributes, sizeof attributes, "nvidia.gpu.recovery_action=%s", action < 8 ? actions[(int)action] : "other");
    say("nvidia.gpu.recovery_action", attributes, 1);
  }
  nvmlRepairStatus_t repair;
  memset(&repair, 0, sizeof repair);
  repair.version = nvmlRepairStatus_v1;
  if (CALL(nvmlDeviceGetRepairStatus, d, &repair) == NVML_SUCCESS) {
    say("nvidia.gpu.repair.pending", "nvidia.gpu.repair.part=channel", repair.bChannelRepairPending);
    say("nvidia.gpu.repair.pending", "nvidia.gpu.repair.part=tpc", repair.bTpcRepairPending);
  }
  nvmlPstates_t state;
  if (CALL(nvmlDeviceGetPerformanceState, d, &state) == NVML_SUCCESS && state != NVML_PSTATE_UNKNOWN)
    say("nvidia.gpu.performance_state", "", state);
  unsigned int fan;
  if (CALL(nvmlDeviceGetFanSpeed, d, &fan) == NVML_SUCCESS) say("hw.fan.speed_ratio", "", fan / 100.0);
}

int main(int argc, char **argv) {
  library = dlopen(argc > 1 ? argv[1] : "libnvidia-ml.so.1", RTLD_NOW);
  if (library == NULL) { fprintf(stderr, "%s\n", dlerror()); return 1; }
  nvmlReturn_t ret = CALL(nvmlInit_v2);
  if (ret != NVML_SUCCESS) { fprintf(stderr, "nvmlInit_v2 answers %d\n", ret); return 1; }
  unsigned int count = 0;
  CALL(nvmlDeviceGetCount_v2, &count);
  for (unsigned int i = 0; i < count; i++) {
    nvmlDevice_t d;
    if (CALL(nvmlDeviceGetHandleByIndex_v2, i, &d) != NVML_SUCCESS || CALL(nvmlDeviceGetUUID, d, uuid, (unsigned int)sizeof uuid) != NVML_SUCCESS) continue;
    memory(d);
    power(d);
    temperature(d);
    clocks(d);
    throttling(d);
    pcie(d);
    nvlink(d);
    health(d);
  }
  CALL(nvmlShutdown);
  return 0;
}
