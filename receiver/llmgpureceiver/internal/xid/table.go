// SPDX-License-Identifier: Apache-2.0

// Package xid says what the codes of the NVIDIA driver's critical errors mean and what to do. NVIDIA's catalogue has it so. It
// calls nothing.
package xid

import "strconv"

// Action is what to do about an error first.
type Action uint8

// The actions, from what asks for nothing to what asks for most. They are the catalogue's "immediate action".
const (
	Unknown Action = iota
	Ignore
	SeeOthers
	RestartApp
	CheckNVLink
	CheckMechanics
	UpdateSoftware
	ResetGPU
	RestartMachine
	ContactSupport
)

// Severity is how bad an error is, as its action shows.
type Severity uint8

// The severities, from good to bad.
const (
	Info Severity = iota
	Warn
	Error
	Fatal
)

var actions = [...]struct {
	name     string
	text     string
	severity Severity
}{
	Unknown:        {"unknown", "See NVIDIA's catalogue of XID errors.", Error},
	Ignore:         {"ignore", "Nothing is to be done at once.", Info},
	SeeOthers:      {"see_others", "It comes with another XID: see that one.", Warn},
	RestartApp:     {"restart_app", "Restart the process; where it comes back, look for an error in the program.", Warn},
	CheckNVLink:    {"check_nvlink", "Drain the GPU and reset it; where it comes back, have the link looked at.", Error},
	CheckMechanics: {"check_mechanics", "Have power and cables of the board looked at.", Error},
	UpdateSoftware: {"update_software", "Update driver, firmware or hypervisor.", Error},
	ResetGPU:       {"reset_gpu", "Drain the GPU and reset it; where it comes back, restart the machine, then have it replaced.", Error},
	RestartMachine: {"restart_machine", "Drain the machine and restart it; where it comes back, have the GPU replaced.", Fatal},
	ContactSupport: {"contact_support", "Ask the vendor.", Error},
}

// String returns the action's name in an attribute.
func (a Action) String() string { return actions[a].name }

// Text says the action in a sentence.
func (a Action) Text() string { return actions[a].text }

// Severity returns how bad an error with this action is.
func (a Action) Severity() Severity { return actions[a].severity }

// Actions returns all actions.
func Actions() []Action {
	all := make([]Action, len(actions))
	for i := range all {
		all[i] = Action(i)
	}
	return all
}

// Entry is what the catalogue says of one code.
type Entry struct {
	// Mnemonic is the driver's name, Description the catalogue's words.
	Mnemonic    string
	Description string
	Action      Action
}

// Of returns the entry of a code; one that is not in the catalogue has only a description.
func Of(code uint32) Entry {
	if entry, ok := table[code]; ok {
		return entry
	}
	return Entry{Description: "error " + strconv.FormatUint(uint64(code), 10) + " of the driver"}
}

// table holds each code that is in use, with its immediate action. Source: "Analyzing Xid Errors with the Xid Catalog" of
// docs.nvidia.com/deploy/xid-errors, for Ampere and newer GPUs, read in November 2026. A workflow stands for its first step.
// WORKFLOW_XID_48 stands for a reset, the workflows of NVLink for a look at the links. RESTART_BM and RESTART_VM are one.
var table = map[uint32]Entry{
	8:   {"ROBUST_CHANNEL_FIFO_ERROR_IDLE_TIMEOUT", "GPU stopped processing", RestartApp},
	11:  {"ROBUST_CHANNEL_GR_ERROR_MISSING_HW", "Invalid or corrupted push buffer stream", RestartApp},
	13:  {"ROBUST_CHANNEL_GR_EXCEPTION", "Graphics engine exception", RestartApp},
	14:  {"ROBUST_CHANNEL_FAKE_ERROR", "Fake or injected error", Ignore},
	25:  {"ROBUST_CHANNEL_GR_ILLEGAL_NOTIFY", "Invalid or illegal push buffer stream", RestartApp},
	31:  {"ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT", "GPU memory page fault", RestartApp},
	32:  {"ROBUST_CHANNEL_PBDMA_ERROR", "Invalid or corrupted push buffer stream", RestartApp},
	37:  {"ROBUST_CHANNEL_FECS_ERR_UNIMP_FIRMWARE_METHOD", "Driver firmware error", Ignore},
	38:  {"ROBUST_CHANNEL_FECS_ERR_WATCHDOG_TIMEOUT", "Driver firmware error", Ignore},
	39:  {"ROBUST_CHANNEL_CE0_ERROR", "Copy engine exception", RestartApp},
	40:  {"ROBUST_CHANNEL_CE1_ERROR", "Copy engine exception", RestartApp},
	41:  {"ROBUST_CHANNEL_CE2_ERROR", "Copy engine exception", RestartApp},
	43:  {"ROBUST_CHANNEL_RESETCHANNEL_VERIF_ERROR", "GPU stopped processing", Ignore},
	44:  {"ROBUST_CHANNEL_GR_FAULT_DURING_CTXSW", "Graphics engine fault during context switch", Ignore},
	45:  {"ROBUST_CHANNEL_PREEMPTIVE_REMOVAL", "Preemptive cleanup, due to previous errors", SeeOthers},
	46:  {"ROBUST_CHANNEL_GPU_TIMEOUT_ERROR", "GPU stopped processing", ResetGPU},
	48:  {"ROBUST_CHANNEL_GPU_ECC_DBE", "Double bit ECC error", ResetGPU},
	54:  {"SILENT_RUNNING_PWR_REDUCED_CLOCKING", "Auxiliary power is not connected to the GPU board", CheckMechanics},
	60:  {"ROBUST_CHANNEL_SEC2_ERROR", "Video processor exception", RestartApp},
	62:  {"PMU_HALT_ERROR", "Internal micro-controller halt", ResetGPU},
	63:  {"INFOROM_DRAM_RETIREMENT_EVENT", "GPU memory remapping event", Ignore},
	64:  {"INFOROM_DRAM_RETIREMENT_FAILURE", "GPU memory remapping failure", ResetGPU},
	66:  {"ROBUST_CHANNEL_FECS_ERR_REG_ACCESS_VIOLATION", "Illegal access by driver", Ignore},
	67:  {"ROBUST_CHANNEL_FECS_ERR_VERIF_VIOLATION", "Illegal access by driver", Ignore},
	68:  {"ROBUST_CHANNEL_NVDEC0_ERROR", "NVDEC0 exception", RestartApp},
	69:  {"ROBUST_CHANNEL_GR_CLASS_ERROR", "Graphics engine class error", RestartApp},
	70:  {"ROBUST_CHANNEL_CE3_ERROR", "Copy engine error", RestartApp},
	71:  {"ROBUST_CHANNEL_CE4_ERROR", "Copy engine error", RestartApp},
	72:  {"ROBUST_CHANNEL_CE5_ERROR", "Copy engine error", RestartApp},
	74:  {"NVLINK_ERROR", "NVLink error", CheckNVLink},
	75:  {"ROBUST_CHANNEL_CE6_ERROR", "Copy engine error", RestartApp},
	76:  {"ROBUST_CHANNEL_CE7_ERROR", "Copy engine error", RestartApp},
	77:  {"ROBUST_CHANNEL_CE8_ERROR", "Copy engine error", RestartApp},
	78:  {"VGPU_START_ERROR", "vGPU start error", UpdateSoftware},
	79:  {"ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS", "GPU has fallen off the bus", RestartMachine},
	80:  {"PBDMA_PUSHBUFFER_CRC_MISMATCH", "Corrupted data sent to GPU", RestartApp},
	82:  {"ROBUST_CHANNEL_NVJPG0_ERROR", "NVJPG0 error", RestartApp},
	83:  {"ROBUST_CHANNEL_NVDEC1_ERROR", "NVDEC1 error", RestartApp},
	84:  {"ROBUST_CHANNEL_NVDEC2_ERROR", "NVDEC2 error", RestartApp},
	85:  {"ROBUST_CHANNEL_CE9_ERROR", "Copy engine error", RestartApp},
	86:  {"ROBUST_CHANNEL_OFA0_ERROR", "OFA exception", RestartApp},
	88:  {"ROBUST_CHANNEL_NVDEC3_ERROR", "NVDEC3 error", RestartApp},
	89:  {"ROBUST_CHANNEL_NVDEC4_ERROR", "NVDEC4 error", RestartApp},
	92:  {"EXCESSIVE_SBE_INTERRUPTS", "High single bit ECC error rate", Ignore},
	93:  {"INFOROM_ERASE_LIMIT_EXCEEDED", "Provisioned InfoROM wear limit violated", Ignore},
	94:  {"ROBUST_CHANNEL_CONTAINED_ERROR", "Contained memory error", RestartApp},
	95:  {"ROBUST_CHANNEL_UNCONTAINED_ERROR", "Uncontained memory error", ResetGPU},
	96:  {"ROBUST_CHANNEL_NVDEC5_ERROR", "NVDEC5 error", RestartApp},
	97:  {"ROBUST_CHANNEL_NVDEC6_ERROR", "NVDEC6 error", RestartApp},
	98:  {"ROBUST_CHANNEL_NVDEC7_ERROR", "NVDEC7 error", RestartApp},
	99:  {"ROBUST_CHANNEL_NVJPG1_ERROR", "NVJPG1 error", RestartApp},
	100: {"ROBUST_CHANNEL_NVJPG2_ERROR", "NVJPG2 error", RestartApp},
	101: {"ROBUST_CHANNEL_NVJPG3_ERROR", "NVJPG3 error", RestartApp},
	102: {"ROBUST_CHANNEL_NVJPG4_ERROR", "NVJPG4 error", RestartApp},
	103: {"ROBUST_CHANNEL_NVJPG5_ERROR", "NVJPG5 error", RestartApp},
	104: {"ROBUST_CHANNEL_NVJPG6_ERROR", "NVJPG6 error", RestartApp},
	105: {"ROBUST_CHANNEL_NVJPG7_ERROR", "NVJPG7 error", RestartApp},
	106: {"SMBPBI_TEST_MESSAGE", "SMBPBI test message", Ignore},
	107: {"SMBPBI_TEST_MESSAGE_SILENT", "SMBPBI test message silent", Ignore},
	108: {"NVLINK_REMOTE_TRANSLATION_ERROR", "NVLink remote translation error", Ignore},
	109: {"ROBUST_CHANNEL_CTXSW_TIMEOUT_ERROR", "Context switch timeout error", ResetGPU},
	110: {"SEC_FAULT_ERROR", "Security fault error", ResetGPU},
	119: {"GSP_RPC_TIMEOUT", "GSP RPC timeout", ResetGPU},
	120: {"GSP_ERROR", "GSP error", ResetGPU},
	121: {"C2C_ERROR", "C2C error, corrected", Ignore},
	126: {"ROBUST_CHANNEL_CE10_ERROR", "Copy engine error", RestartApp},
	127: {"ROBUST_CHANNEL_CE11_ERROR", "Copy engine error", RestartApp},
	128: {"ROBUST_CHANNEL_CE12_ERROR", "Copy engine error", RestartApp},
	129: {"ROBUST_CHANNEL_CE13_ERROR", "Copy engine error", RestartApp},
	130: {"ROBUST_CHANNEL_CE14_ERROR", "Copy engine error", RestartApp},
	131: {"ROBUST_CHANNEL_CE15_ERROR", "Copy engine error", RestartApp},
	132: {"ROBUST_CHANNEL_CE16_ERROR", "Copy engine error", RestartApp},
	133: {"ROBUST_CHANNEL_CE17_ERROR", "Copy engine error", RestartApp},
	134: {"ROBUST_CHANNEL_CE18_ERROR", "Copy engine error", RestartApp},
	135: {"ROBUST_CHANNEL_CE19_ERROR", "Copy engine error", RestartApp},
	136: {"ALI_TRAINING_FAIL", "Link training failed", ResetGPU},
	137: {"NVLINK_PRIV_ERR", "NVLink privilege error", Ignore},
	139: {"ROBUST_CHANNEL_OFA1_ERROR", "OFA1 error", RestartApp},
	140: {"UNRECOVERABLE_ECC_ERROR_ESCAPE", "ECC unrecovered error", ResetGPU},
	141: {"ROBUST_CHANNEL_FAST_PATH_ERROR", "CUDA fast path error", Ignore},
	142: {"ROBUST_CHANNEL_NVENC3_ERROR", "NVENC3 error", ContactSupport},
	143: {"GPU_INIT_ERROR", "GPU initialization error", ResetGPU},
	144: {"NVLINK_SAW_ERROR", "NVLink: SAW error", CheckNVLink},
	145: {"NVLINK_RLW_ERROR", "NVLink: RLW error", CheckNVLink},
	146: {"NVLINK_TLW_ERROR", "NVLink: TLW error", CheckNVLink},
	147: {"NVLINK_TREX_ERROR", "NVLink: TREX error", CheckNVLink},
	148: {"NVLINK_NVLPW_CTRL_ERROR", "NVLink: NVLPW_CTRL error", CheckNVLink},
	149: {"NVLINK_NETIR_ERROR", "NVLink: NETIR error", CheckNVLink},
	150: {"NVLINK_MSE_ERROR", "NVLink: MSE error", CheckNVLink},
	151: {"ROBUST_CHANNEL_KEY_ROTATION_ERROR", "Key rotation error", RestartMachine},
	152: {"ROBUST_CHANNEL_DLA_SMMU_ERROR", "DLA SMMU error", Ignore},
	153: {"ROBUST_CHANNEL_DLA_TIMEOUT", "DLA timeout error", Ignore},
	154: {"GPU_RECOVERY_ACTION_CHANGED", "GPU recovery action changed", SeeOthers},
	155: {"NVLINK_SW_DEFINED_ERROR", "NVLink: software defined error", ResetGPU},
	156: {"RESOURCE_RETIREMENT_EVENT", "Resource retirement event", ResetGPU},
	157: {"RESOURCE_RETIREMENT_FAILURE", "Resource retirement failure", Ignore},
	158: {"GPU_FATAL_TIMEOUT", "GPU fatal timeout", ResetGPU},
	159: {"ROBUST_CHANNEL_CHI_NON_DATA_ERROR", "CHI non-data error", SeeOthers},
	160: {"CHANNEL_RETIREMENT_EVENT", "Channel retirement event", Ignore},
	161: {"CHANNEL_RETIREMENT_FAILURE", "Channel retirement failure", Ignore},
	171: {"UNCORRECTABLE_DRAM_ERROR", "Uncorrectable DRAM error, beside XID 48", SeeOthers},
	172: {"UNCORRECTABLE_SRAM_ERROR", "Uncorrectable SRAM error, beside XID 48", SeeOthers},
}
