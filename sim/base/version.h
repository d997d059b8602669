/* Versions of the program and of its models. */
#ifndef SIM_BASE_VERSION_H
#define SIM_BASE_VERSION_H

#define SIMRUN_VERSION "0.1.0"

/* Raised by any change that moves a cycle of any preset; CHANGELOG.md says what moved. */
#define MODEL_VERSION 10

#endif
