#ifndef PIPELINED_CSCHEDULER_SHIM_H
#define PIPELINED_CSCHEDULER_SHIM_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the C library of Debian 12 has no function for, and Swift no way to call.

static inline int32_t pipelined_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

// Gives the calling thread a nice value and the slice it may run for, both under SCHED_OTHER.
static inline int pipelined_set_scheduling(int32_t nice, uint64_t slice_nanoseconds) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {48, 0, 0, nice, 0, slice_nanoseconds, 0, 0};
    return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

#endif
