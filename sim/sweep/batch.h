/* Points run by a batch system: Slurm's job arrays, which are submitted and watched here, and
 * HTCondor's submit files. Nothing of either is linked: sbatch, squeue and scontrol are commands.
 * The state of a point is what is in its directory; the batch system is asked only whether its jobs
 * are still there.
 *
 *   DIRECTORY/batch/N.points       point folders of batch N: the array's index picks a line
 *                  /N.sh           the batch script
 *                  /N.log          what the tasks said; a point's own words are in its folder
 *                  /jobs           numbers of submitted jobs, for the next call */
#ifndef SIM_SWEEP_BATCH_H
#define SIM_SWEEP_BATCH_H

#include "sim/sweep/options.h"

/* Inside a job: runs the one point that the array's index picks. The exit status. */
int batch_task(const struct sweep_options *o, const struct sweep_env *env, struct err *e);

/* Submits what has to be run, waits for it and for what an earlier call has submitted. SIGINT and
 * SIGTERM end the waiting, not the jobs; *signalled tells. */
bool batch_slurm(struct sweep *s, const struct sweep_env *env, const struct sweep_options *o,
                 int *signalled, struct err *e);

/* Write the files and say how to submit them. The exit status. */
int batch_script(struct sweep *s, const struct sweep_options *o, struct err *e);
int batch_condor(struct sweep *s, const struct sweep_options *o, struct err *e);

#endif
