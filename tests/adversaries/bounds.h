/* What every adversary has in common: it is bounded, and it tells when it is ready.
 *
 * All processes of a run die at one instant, by a timer that sends SIGKILL: it works on whoever is
 * stopped or blocks every signal. All forks of a run draw on one budget. An ordinary user has
 * RLIMIT_NPROC above that; root is not held by it, the budget holds for everyone. */
#ifndef BOUNDS_H
#define BOUNDS_H

#include <sys/types.h>

enum { LIFETIME = 20 }; /* seconds */

/* Set the bounds of this run: how many forks it has, and how many processes at a time. */
void set_bounds(int forks, int processes);

/* Have this process die with the run: whoever forks by other means than `offspring` calls it. */
void arm(void);

/* Draw one fork from the budget; 0 if it is spent. */
int draw(void);

/* fork within the bounds: -1 if the budget is spent or the system refuses. */
pid_t offspring(void);

/* Say that this process is where it wants to be; wait until `count` processes have said so. */
void settle(void);
void await_settled(int count);

/* Tell the harness that everything is set up. */
void tell_ready(void);

/* A descriptor or pid from the environment, -1 if it is not there. */
int number_from(const char *variable);

/* Ignore every signal that politely asks to end. */
void turn_deaf(void);

/* Do nothing, until a signal ends it. */
_Noreturn void rest(void);

/* Wait about that long. */
void nap(long microseconds);

/* Start a daemon: it is orphaned, in a session of its own, and returns 0. The caller gets 1. */
int daemonize(void);

#endif
