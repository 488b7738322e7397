/* Those that are many, or new all the time. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

void storm(void) {
  if (offspring()) return; /* the leader goes on while it rages */
  for (int forked = 0; offspring() >= 0; forked++)
    if (forked % 3 == 2) setsid();
  rest();
}

static void start_churners(int count, void (*round)(void)) {
  int started = 0;
  for (int i = 0; i < count; i++) {
    pid_t pid = offspring(); /* refused where the first ones have come to the limit already */
    if (pid == 0) {
      if (i % 2) setsid();
      settle();
      for (;;) round();
    }
    started += pid > 0;
  }
  await_settled(started);
}

static void fork_and_wait(void) {
  pid_t pid = offspring();
  if (pid == 0) _exit(0);
  if (pid < 0) nap(1000);
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
}

void churn(void) { start_churners(4, fork_and_wait); }

static void fork_an_orphan(void) {
  pid_t pid = offspring();
  if (pid == 0) {
    offspring();
    _exit(0);
  }
  if (pid < 0) nap(1000);
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
}

void orphan_churn(void) { start_churners(4, fork_an_orphan); }

void zombies(void) {
  if (offspring() == 0) {
    setsid();
    for (int i = 0; i < 300; i++)
      if (offspring() == 0) _exit(0);
    settle();
    rest();
  }
  await_settled(1);
}

/* Watch over parent and children: whoever is gone is started anew, whoever stopped continues. */
static _Noreturn void watch_over(int alone) {
  for (pid_t parent = getppid();;) {
    if (alone && offspring() == 0) parent = getppid();
    alone = waitpid(-1, NULL, WNOHANG) > 0 || getppid() != parent;
    parent = getppid();
    kill(0, SIGCONT);
    nap(1000);
  }
}

void gang(void) {
  for (int i = 0; i < 4; i++) {
    if (offspring()) continue;
    setsid();
    settle();
    watch_over(1);
  }
  await_settled(4);
}
