/* The shared object that Linux maps into every program. Ours has no functions to call; it holds the
 * code that signal handlers return to, and tells unwinders what lies in their frames: exceptions
 * and the cancellation of threads pass through them. */
#ifndef SIM_LINUX_VDSO_H
#define SIM_LINUX_VDSO_H

#include <stdint.h>

struct linux_process;
struct wire;

/* Where in a signal frame the interrupted registers are, from the stack pointer that the handler
 * was called with. */
struct signal_layout {
    uint32_t gregs, fregs, vregs;
};

/* The image; its code begins *code bytes into it. */
void vdso_build(const struct linux_process *l, struct wire *w, uint32_t *code);

#endif
