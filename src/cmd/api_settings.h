/* Settings of package managers outside of what a source is: above a folder or beside a file that is read alone, and of the user who runs this. */
#ifndef CMD_API_SETTINGS_H
#define CMD_API_SETTINGS_H

#include "model/bom.h"

/* The settings in the folder that `path` lies in (folder: in the one above it), and in those above up to the repository's root, onto b. */
void api_settings_around(struct arena *a, struct bom *b, struct str path, bool folder);
/* The user's own: the environment's variables, and files below HOME. */
void api_settings_user(struct arena *a, struct bom *b);

#endif
