/* Those that fight by signals. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bounds.h"
#include "kinds.h"

void blocker(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  for (int i = 0; i < 4; i++) {
    if (offspring()) continue;
    settle();
    rest();
  }
  await_settled(4);
}

void suicide(void) {
  daemon_open();
  child();
  tell_ready();
  kill(0, SIGKILL);
  rest();
}

/* Send our supervisor these signals, one after the other, without an end. */
static void flood(const int *signals, int count) {
  int supervisor = syscall(SYS_pidfd_open, getppid(), 0); /* a number could become another's */
  if (offspring() == 0) {
    setsid();
    settle();
    for (int i = 0; i < 2000000; i++)
      syscall(SYS_pidfd_send_signal, supervisor, signals[i % count], NULL, 0);
    rest();
  }
  await_settled(1);
}

void flooder(void) {
  const int signals[] = {SIGCHLD, SIGWINCH, SIGRTMIN};
  signal(SIGRTMIN, SIG_IGN); /* it may come back to us */
  flood(signals, 3);
}

void stop_flooder(void) {
  const int stop = SIGSTOP;
  flood(&stop, 1);
}

static pid_t parent_of(pid_t pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = descriptor < 0 ? -1 : read(descriptor, text, sizeof text - 1);
  if (descriptor >= 0) close(descriptor);
  if (length <= 0) return 0;
  text[length] = 0;
  char *after_name = strrchr(text, ')');
  return after_name ? atoi(after_name + 4) : 0;
}

/* Signal those above us, from the `first` to the `last` one counted upwards: only who is below the
 * harness, and nobody where that isn't found. */
static void signal_above(int number, int first, int last) {
  pid_t above[16], harness = number_from("WARDEN_PID"), pid = getppid();
  int count = 0;
  for (; pid > 1 && pid != harness && count < 16; pid = parent_of(pid)) above[count++] = pid;
  if (pid != harness) return;
  if (count > last) count = last;
  while (count >= first) kill(above[--count], number);
}

void stops_supervisor(void) {
  child();
  signal_above(SIGSTOP, 1, 16);
}

static void behead(int first, int last) {
  daemon_open();
  child();
  tell_ready();
  signal_above(SIGKILL, first, last);
}

void kills_parent(void) { behead(1, 1); }

void kills_grandparent(void) { behead(2, 2); }

void kills_supervisors(void) { behead(1, 16); }
