/* Those that stand still: a stopped process takes no signal but SIGKILL and SIGCONT. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

static _Noreturn void stop_for_ever(void) {
  settle();
  for (;;) raise(SIGSTOP);
}

void stopped(void) {
  for (int i = 0; i < 4; i++) {
    if (offspring()) continue;
    offspring();
    stop_for_ever();
  }
  await_settled(8);
}

void stopped_sessions(void) {
  for (int i = 0; i < 8; i++) {
    if (offspring()) continue;
    setsid();
    pid_t below = offspring();
    if (below == 0) rest();
    kill(below, SIGSTOP);
    waitpid(below, NULL, WUNTRACED);
    settle();
    rest();
  }
  await_settled(8);
}

static char state_of(pid_t pid) {
  char path[64], text[512] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int descriptor = open(path, O_RDONLY);
  if (descriptor < 0 || read(descriptor, text, sizeof text - 1) < 0) return 0;
  close(descriptor);
  char *after_name = strrchr(text, ')');
  return after_name ? after_name[2] : 0;
}

void stopped_leader(void) {
  pid_t leader = getpid();
  stopped();
  if (!staying) return;
  if (offspring() == 0) { /* only someone else can tell that the leader has stopped */
    while (state_of(leader) != 'T') nap(500);
    tell_ready();
    rest();
  }
  raise(SIGSTOP);
}
