/* Those that settle somewhere and stay there. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

void child(void) {
  if (offspring() == 0) {
    settle();
    rest();
  }
  await_settled(1);
}

void daemon_open(void) {
  if (daemonize() == 0) {
    settle();
    rest();
  }
  await_settled(1);
}

void daemon_closed(void) {
  if (daemonize() == 0) {
    int lifeline = number_from("LIFELINE_FD");
    settle();
    for (int descriptor = 0; descriptor < 256; descriptor++)
      if (descriptor != lifeline) close(descriptor);
    rest();
  }
  await_settled(1);
}

void daemon_chatty(void) {
  if (daemonize() == 0) {
    char line[512];
    memset(line, '.', sizeof line);
    settle();
    for (int lines = 0; lines < 10000; lines++)
      if (write(1, line, sizeof line) < 0) break;
    rest();
  }
  await_settled(1);
}

void sessions(void) {
  int made = 0;
  for (int i = 0; i < 1000; i++) {
    pid_t pid = offspring();
    if (pid == 0) {
      setsid();
      settle();
      rest();
    }
    made += pid > 0;
  }
  await_settled(made);
}

void tree(void) {
  pid_t leader = getpid();
  for (int level = 0; level < 6; level++)
    if (offspring() == 0 && level % 2) setsid();
  settle();
  if (getpid() != leader) rest();
  await_settled(64);
}
