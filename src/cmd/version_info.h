/* Version and commit of this build; the Makefile passes BOMGATE_COMMIT to version.c, where git knows it. */
#ifndef CMD_VERSION_INFO_H
#define CMD_VERSION_INFO_H

#include "base/str.h"

#define BOMGATE_VERSION "0.1.0"
struct str version_commit(void);

#endif
