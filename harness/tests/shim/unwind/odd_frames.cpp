#include "odd_frames.hpp"

asm(R"(
  .text
  .globl callWithoutRows
  .type callWithoutRows, @function
callWithoutRows:
  sub $8, %rsp
  call *%rdi
  add $8, %rsp
  ret

  .globl callWithWildRows
  .type callWithWildRows, @function
callWithWildRows:
  .cfi_startproc
  .cfi_def_cfa rsp, 4194304
  sub $8, %rsp
  call *%rdi
  add $8, %rsp
  ret
  .cfi_endproc

  .globl callWithoutCaller
  .type callWithoutCaller, @function
callWithoutCaller:
  .cfi_startproc
  .cfi_undefined rip
  sub $8, %rsp
  call *%rdi
  add $8, %rsp
  ret
  .cfi_endproc

  .balign 16
  .globl callFromStub
  .type callFromStub, @function
callFromStub:
  .cfi_startproc
  .cfi_escape 0x0f, 11, 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x32, 0x2a, 0x33, 0x24, 0x22
  push %rdi
  call *%rdi
  pop %rdi
  ret
  .cfi_endproc
  .section .note.GNU-stack, "", @progbits
)");
