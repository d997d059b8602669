#include "analysis/report.h"

/* Files of their own are edited and checked as what they are. Paths are from the top of the tree,
 * where make runs; the Makefile knows that this object depends on them. */
#define EMBED(name, file)                                                                          \
    __asm__(".section .rodata\n.global " #name "\n" #name ":\n.incbin \"" file                     \
            "\"\n.byte 0\n.text\n")

EMBED(report_css, "analysis/report.css");
EMBED(report_js, "analysis/report.js");
