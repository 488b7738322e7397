/* Those that use what few programs do: threads, subreapers, vfork, ptrace, namespaces. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

static void *live(void *last) {
  if (last && !staying) {
    tell_ready();
    exit(7);
  }
  rest();
}

/* End the main thread alone: the process shows as a zombie, and lives. */
static _Noreturn void lose_head(int leader) {
  pthread_t thread;
  pthread_create(&thread, NULL, live, NULL);
  pthread_create(&thread, NULL, live, leader ? "" : NULL);
  leader ? tell_ready() : settle();
  pthread_exit(NULL);
}

void headless(void) {
  for (int i = 0; i < 3; i++)
    if (daemonize() == 0) lose_head(0);
  await_settled(3);
}

void headless_leader(void) {
  child();
  lose_head(1);
}

void subreapers(void) {
  if (offspring() == 0) {
    for (int level = 0; level < 8; level++) {
      prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
      if (level % 2) setsid();
      if (daemonize() == 0) {
        settle();
        rest();
      }
      if (offspring() == 0) continue;
      if (level % 2) _exit(0);
      rest();
    }
    settle();
    rest();
  }
  await_settled(9);
}

void vfork_chain(void) {
  if (offspring() == 0) {
    volatile int depth = 0; /* all of the chain share one memory, and this function's frame */
    setsid();
    while (depth < 16 && draw()) {
      depth++;
      if (vfork() > 0) rest();
      arm();
    }
    settle();
    rest();
  }
  await_settled(1);
}

void tracer(void) {
  for (int i = 0; i < 4; i++) {
    if (offspring()) continue;
    if (i % 2) setsid();
    if (offspring() == 0) {
      ptrace(PTRACE_TRACEME, 0, NULL, NULL);
      settle();
      raise(SIGSTOP);
      rest();
    }
    rest();
  }
  await_settled(4);
}

/* The leader's death is told to the tracer first, and to its parent only when the tracer waits. */
void tracer_of_leader(void) {
  pid_t leader = getpid();
  sigset_t deaths;
  sigemptyset(&deaths);
  sigaddset(&deaths, SIGCHLD);
  sigprocmask(SIG_BLOCK, &deaths, NULL); /* it would stop the leader, for the tracer to see */
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (offspring() == 0) {
    turn_deaf();
    setsid();
    ptrace(PTRACE_SEIZE, leader, NULL, NULL);
    settle();
    rest();
  }
  await_settled(1);
}

void namespace(void) {
  if (offspring() == 0) {
    /* As pid 1 in there it is deaf to what it doesn't handle. */
    pid_t inner = draw() ? syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD, NULL, NULL,
                                   NULL, NULL)
                         : -1;
    if (inner == 0) {
      arm();
      for (int i = 0; i < 3; i++)
        if (daemonize() == 0) rest();
    }
    settle();
    rest();
  }
  await_settled(1);
}
