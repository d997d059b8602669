/* A small program for the loader's fuzz target to start from: text, data, and more memory than
 * file. */
void _start(void);

volatile char data[] = "data";
volatile char bss[100000];

void _start(void) { bss[0] = data[0]; }
