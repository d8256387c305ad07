/* Version and commit of this build; the Makefile passes BOMGATE_COMMIT where git knows it. */
#ifndef CMD_VERSION_INFO_H
#define CMD_VERSION_INFO_H

#define BOMGATE_VERSION "0.1.0"
#ifndef BOMGATE_COMMIT
#define BOMGATE_COMMIT "unknown commit"
#endif

#endif
