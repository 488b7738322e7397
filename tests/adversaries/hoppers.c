/* Those that never stay in one process: no look at the process table finds them at rest. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

/* Be in a new process again and again; rest when no fork is left. */
static _Noreturn void hop(pid_t (*make)(void)) {
  while (draw()) { /* this bounds the tries, too: the system may refuse while many are unreaped */
    pid_t next = make();
    if (next > 0) _exit(0);
    if (next == 0) setsid();
  }
  rest();
}

/* Return how many are going to settle. */
static int start_lanes(int lanes) {
  int started = 0;
  for (int lane = 0; lane < lanes; lane++) {
    pid_t pid = offspring();
    if (pid == 0) {
      setsid();
      settle();
      hop(offspring);
    }
    started += pid > 0;
  }
  return started;
}

void hopper(void) { await_settled(start_lanes(1)); }

void hoppers(void) { await_settled(start_lanes(64)); }

/* The new process is our parent's child, as we are: it is never an orphan. */
static pid_t sibling(void) {
  pid_t pid = draw() ? syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL) : -1;
  if (pid == 0) arm();
  return pid;
}

void sibling_hoppers(void) {
  int started = 0;
  for (int lane = 0; lane < 16; lane++) {
    pid_t pid = sibling();
    if (pid == 0) {
      settle();
      hop(sibling);
    }
    started += pid > 0;
  }
  await_settled(started);
}

void captive_hoppers(void) {
  if (daemonize() == 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    int started = start_lanes(8); /* the first may have spent all forks before the last start */
    for (; started < 8; started++) settle();
    rest();
  }
  await_settled(8);
}
