#ifndef PIPELINED_CZLIB_SHIM_H
#define PIPELINED_CZLIB_SHIM_H

#include <zlib.h>

#endif
