#ifndef PIPELINED_CTHREAD_SHIM_H
#define PIPELINED_CTHREAD_SHIM_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library has a function for it that Swift does not see.
static inline int32_t pipelined_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

#endif
