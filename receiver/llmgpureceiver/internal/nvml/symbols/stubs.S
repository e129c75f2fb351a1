// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

// One stub for each name in symbols.h. A stub jumps to the address in its slot; while the slot is empty it
// asks llm_nvml_bind, with the caller's argument registers put aside, and jumps to what that returns. No NVML
// function takes or returns a floating point value, so the integer registers are all there is to save.

#if defined(__linux__) && defined(__x86_64__)

  .macro NVML_STUB name
  .local llm_slot_\name
  .comm llm_slot_\name, 8, 8
  .section .rodata
llm_name_\name:
  .asciz "\name"
  .text
  .globl \name
  .hidden \name
  .type \name, @function
\name:
  endbr64
  movq llm_slot_\name(%rip), %rax
  testq %rax, %rax
  je 1f
  jmp *%rax
1:
  leaq llm_slot_\name(%rip), %rax
  leaq llm_name_\name(%rip), %r11
  jmp llm_nvml_bind_and_jump
  .size \name, .-\name
  .endm

  .text
  .type llm_nvml_bind_and_jump, @function
llm_nvml_bind_and_jump:
  pushq %rbp
  movq %rsp, %rbp
  pushq %rdi
  pushq %rsi
  pushq %rdx
  pushq %rcx
  pushq %r8
  pushq %r9
  movq %rax, %rdi
  movq %r11, %rsi
  call llm_nvml_bind
  popq %r9
  popq %r8
  popq %rcx
  popq %rdx
  popq %rsi
  popq %rdi
  popq %rbp
  jmp *%rax
  .size llm_nvml_bind_and_jump, .-llm_nvml_bind_and_jump

#elif defined(__linux__) && defined(__aarch64__)

  .macro NVML_STUB name
  .local llm_slot_\name
  .comm llm_slot_\name, 8, 8
  .section .rodata
llm_name_\name:
  .asciz "\name"
  .text
  .balign 4
  .globl \name
  .hidden \name
  .type \name, %function
\name:
  hint #34 // bti c
  adrp x16, llm_slot_\name
  ldr x16, [x16, :lo12:llm_slot_\name]
  cbz x16, 1f
  br x16
1:
  adrp x16, llm_slot_\name
  add x16, x16, :lo12:llm_slot_\name
  adrp x17, llm_name_\name
  add x17, x17, :lo12:llm_name_\name
  b llm_nvml_bind_and_jump
  .size \name, .-\name
  .endm

  .text
  .balign 4
  .type llm_nvml_bind_and_jump, %function
llm_nvml_bind_and_jump:
  stp x29, x30, [sp, #-80]!
  mov x29, sp
  stp x0, x1, [sp, #16]
  stp x2, x3, [sp, #32]
  stp x4, x5, [sp, #48]
  stp x6, x7, [sp, #64]
  mov x0, x16
  mov x1, x17
  bl llm_nvml_bind
  mov x16, x0
  ldp x0, x1, [sp, #16]
  ldp x2, x3, [sp, #32]
  ldp x4, x5, [sp, #48]
  ldp x6, x7, [sp, #64]
  ldp x29, x30, [sp], #80
  br x16
  .size llm_nvml_bind_and_jump, .-llm_nvml_bind_and_jump

#endif

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define NVML_SYMBOL(name) NVML_STUB name
#include "symbols.h"
  .section .note.GNU-stack, "", %progbits
#endif
