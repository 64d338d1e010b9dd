#ifndef PIPELINED_CCRC32C_SHIM_H
#define PIPELINED_CCRC32C_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The processor's own instruction for CRC-32C, which Swift has no way to name.
#if defined(__x86_64__)

static inline bool pipelined_has_crc32c(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) static inline uint32_t pipelined_crc32c(
    uint32_t value, const void *bytes, size_t count) {
    const uint8_t *place = (const uint8_t *)bytes;
    uint64_t sum = value;
    for (; count >= 8; count -= 8, place += 8) {
        uint64_t word;
        memcpy(&word, place, 8);
        sum = __builtin_ia32_crc32di(sum, word);
    }
    for (; count > 0; count--) sum = __builtin_ia32_crc32qi((uint32_t)sum, *place++);
    return (uint32_t)sum;
}

#else

static inline bool pipelined_has_crc32c(void) { return false; }
static inline uint32_t pipelined_crc32c(uint32_t value, const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return value;
}

#endif

#endif
